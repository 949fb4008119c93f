"""Measures that a language model grades, reported apart from the mechanical ones.

They depend on the model, so they never decide on a regression: they stand in the section
``graded`` of ``summary.json`` and in files of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from assistant.answer.llm import LanguageModel
from assistant.answer.prompt import Prompt, read_prompt
from assistant.errors import UsageError
from assistant.eval.evaluated import Evaluated
from assistant.eval.gold import GoldQuestion
from assistant.eval.judgements import JUDGEMENTS, Judgement, Task, judgements
from assistant.eval.record import AnswerRecord
from assistant.eval.run import SUMMARY, Progress, writing
from assistant.eval.scores import ScoreRow, to_sample, write_scores
from assistant.eval.statistics import estimate, interval
from assistant.eval.summary import write_summary
from assistant.workspace import Workspace

GRADED_SCORES: Final = "graded_scores.jsonl"
UNCLEAR: Final = "unclear"
_REPLY: Final = 256  # tokens that a verdict may have


@dataclass(frozen=True, slots=True)
class GradedMeasure:
    """A measure whose parts a model judges; ``worth`` is what each verdict counts."""

    name: str
    definition: str
    prompt: str
    places: frozenset[str]
    worth: Mapping[str, float]


FAITHFULNESS: Final = GradedMeasure(
    "graded_faithfulness",
    "share of statements that the model finds supported by the words they quote",
    "grade_faithfulness.txt",
    frozenset({"statement", "quotes"}),
    {"supported": 1.0, "unsupported": 0.0},
)
CORRECTNESS: Final = GradedMeasure(
    "graded_correctness",
    "agreement with the reference answer as the model finds it: correct 1, partial 0.5",
    "grade_correctness.txt",
    frozenset({"question", "reference", "answer"}),
    {"correct": 1.0, "partial": 0.5, "incorrect": 0.0},
)
GRADED_MEASURES: Final = (FAITHFULNESS, CORRECTNESS)


@dataclass(frozen=True, slots=True)
class Graded:
    """What grading came to: a row per question and measure, and ``graded`` of the summary.

    ``problem`` says in one sentence that judgements are missing and why; "" where none is.
    """

    rows: tuple[ScoreRow, ...]
    summary: dict[str, Any]
    problem: str


class Grader:
    """A language model with its prompts."""

    def __init__(self, model: LanguageModel, prompts: Mapping[str, Prompt]) -> None:
        self._model = model
        self._prompts = prompts

    @classmethod
    def open(cls, workspace: Workspace) -> Grader:
        """Raises UsageError where no model is configured or a prompt is missing or wrong."""
        prompts = {
            measure.name: read_prompt(workspace.prompts / measure.prompt, measure.places)
            for measure in GRADED_MEASURES
        }
        return cls(LanguageModel(workspace.settings.llm, _REPLY), prompts)

    def grade(self, evaluated: Evaluated, progress: Progress | None = None) -> Graded:
        """Judge a run's answers; verdicts that its folder holds are not asked for again."""
        tasks = [
            task for question in evaluated.questions for task in self._tasks(question, evaluated)
        ]
        found = judgements(tasks, self._model, evaluated.folder / JUDGEMENTS, progress)
        rows = _rows(evaluated, found)
        return Graded(tuple(rows), self._summary(rows, found), _problem(found))

    def _tasks(self, gold: GoldQuestion, evaluated: Evaluated) -> Iterator[Task]:
        answer = evaluated.answers.get(gold.id)
        if answer is None or _unasked(FAITHFULNESS, gold, answer):
            return
        for number, statement in enumerate(answer.offered, start=1):
            quotes = [c.quote for c in answer.citations if c.n in statement.citations and c.quote]
            if quotes:
                values = {"statement": statement.text, "quotes": quotes}
                yield self._task(FAITHFULNESS, gold, number, values)
        if not _unasked(CORRECTNESS, gold, answer):
            said = "\n".join(statement.text for statement in answer.offered)
            values = {"question": gold.question, "reference": gold.answer, "answer": said}
            yield self._task(CORRECTNESS, gold, 0, values)

    def _task(
        self, measure: GradedMeasure, gold: GoldQuestion, part: int, values: Mapping[str, Any]
    ) -> Task:
        prompt = self._prompts[measure.name].filled(**values)
        return Task(gold.id, measure.name, part, prompt, (*measure.worth, UNCLEAR))

    def _summary(self, rows: Sequence[ScoreRow], found: Sequence[Judgement]) -> dict[str, Any]:
        return {
            "model": self._model.name,
            "prompts": {prompt.name: prompt.digest for prompt in self._prompts.values()},
            "graded": datetime.now(UTC).isoformat(timespec="seconds"),
            "judgements": len(found),
            "missing": dict(Counter(j.why for j in found if j.verdict is None)),
            "unclear": sum(j.verdict == UNCLEAR for j in found),
            "measures": {measure.name: _whole(measure, rows) for measure in GRADED_MEASURES},
        }


def grade_run(
    evaluated: Evaluated, grader: Grader, progress: Progress | None = None
) -> tuple[Evaluated, Graded]:
    """Grade a finished run and write what came of it into its folder.

    Raises UsageError where the folder holds no answers or cannot be written.
    """
    if not evaluated.answers:
        raise UsageError(f"{evaluated.folder} holds no answers that could be graded.")
    graded = grader.grade(evaluated, progress)
    summary = {**evaluated.summary, "graded": graded.summary}
    with writing(evaluated.folder):
        write_scores(evaluated.folder / GRADED_SCORES, graded.rows)
        write_summary(evaluated.folder / SUMMARY, summary)
    return replace(evaluated, summary=summary), graded


def _unasked(measure: GradedMeasure, gold: GoldQuestion, answer: AnswerRecord | None) -> str:
    """Why the measure does not apply to the answer, "" where it does."""
    if answer is None:
        return "it was not asked"
    if answer.error:
        return answer.error
    if answer.abstained:
        return "the question was refused"
    if not answer.offered:
        return "the answer has no statement"
    if measure is CORRECTNESS and not gold.answerable:
        return "the question is unanswerable"
    if measure is CORRECTNESS and not gold.answer.strip():
        return "the gold question has no reference answer"
    return ""


def _rows(evaluated: Evaluated, found: Sequence[Judgement]) -> list[ScoreRow]:
    rows = []
    for gold in evaluated.questions:
        for measure in GRADED_MEASURES:
            mine = [j for j in found if (j.id, j.measure) == (gold.id, measure.name)]
            unasked = _unasked(measure, gold, evaluated.answers.get(gold.id))
            value, of, why = (None, 0, unasked) if unasked else _score(measure, mine)
            row = ScoreRow(gold.id, gold.kind, gold.answerable, measure.name, value, of, why)
            rows.append(row)
    return rows


def _score(measure: GradedMeasure, found: Sequence[Judgement]) -> tuple[float | None, int, str]:
    """Value, number of parts judged, and why there is no value."""
    verdicts = [j.verdict for j in found if j.verdict is not None]
    worth = [measure.worth[verdict] for verdict in verdicts if verdict in measure.worth]
    if worth:
        return sum(worth) / len(worth), len(worth), ""
    whys = [j.why or "the model finds it unclear" for j in found]
    return None, 0, whys[0] if whys else "no statement quotes anything"


def _whole(measure: GradedMeasure, rows: Sequence[ScoreRow]) -> dict[str, Any]:
    mine = [row for row in rows if row.measure == measure.name]
    data = to_sample(mine)
    bounds = interval(data, "mean")
    return {
        "definition": measure.definition,
        "value": estimate(data, "mean"),
        "low": bounds[0] if bounds else None,
        "high": bounds[1] if bounds else None,
        "n": len(data),
        "of": int(data.weights.sum()),
        "null": len(mine) - len(data),
    }


def _problem(found: Sequence[Judgement]) -> str:
    missing = Counter(j.why for j in found if j.verdict is None)
    if not missing:
        return ""
    whys = "; ".join(f"{why} ({count})" for why, count in missing.most_common())
    return f"{missing.total()} of {len(found)} judgements are missing: {whys}."
