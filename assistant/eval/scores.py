"""Scores of single questions, kept as ``scores.jsonl``: a line per question and measure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import UsageError
from assistant.eval.gold import GoldQuestion
from assistant.eval.measures import MEASURES, Measure, score_question
from assistant.eval.record import AnswerRecord
from assistant.eval.statistics import Sample, sample

SCORES = "scores.jsonl"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One measure of one question; ``value`` is None where it could not be scored: ``why``."""

    id: str
    kind: str
    answerable: bool
    measure: str
    value: float | None
    of: int
    why: str


def score_answers(
    questions: Iterable[GoldQuestion],
    answers: Mapping[str, AnswerRecord],
    measures: Sequence[Measure] = MEASURES,
) -> list[ScoreRow]:
    """Every measure of every question, whether answered or not."""
    rows = []
    for question in questions:
        scores = score_question(question, answers.get(question.id))
        rows += [
            ScoreRow(
                question.id,
                question.kind,
                question.answerable,
                measure.name,
                scores[measure.name].value,
                scores[measure.name].of,
                scores[measure.name].why,
            )
            for measure in measures
        ]
    return rows


def write_scores(path: Path, rows: Iterable[ScoreRow]) -> None:
    """One JSON object a line."""
    lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def read_scores(path: Path) -> list[ScoreRow]:
    """The rows of a file; raises UsageError where it is not one of ours."""
    try:
        # Not splitlines(): a reason may hold other characters that end a line.
        lines = path.read_text(encoding="utf-8").split("\n")
        return [ScoreRow(**json.loads(line)) for line in lines if line.strip()]
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); is it a run?") from error
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path} is not a file of scores.") from error


def sample_of(rows: Iterable[ScoreRow], measure: str) -> dict[str, ScoreRow]:
    """The rows of one measure that have a value, by question."""
    return {row.id: row for row in rows if row.measure == measure and row.value is not None}


def to_sample(rows: Iterable[ScoreRow]) -> Sample:
    """Rows of one measure as arrays; those without a value are left out."""
    return sample([(row.value, row.of, row.answerable) for row in rows if row.value is not None])
