"""A whole evaluation: ask, score, sum up, report; what `assistant eval run` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answer.assistant import Assistant
from assistant.corpus.isolate import Limits
from assistant.errors import UsageError
from assistant.eval.compare import read_run
from assistant.eval.gold import GoldQuestion, GoldSet, load_gold
from assistant.eval.originals import Originals
from assistant.eval.record import AnswerRecord, read_records
from assistant.eval.run import (
    ANSWERS,
    GOLD,
    Progress,
    Run,
    answer_questions,
    begin_run,
    open_run,
    run_about,
)
from assistant.eval.scores import SCORES, ScoreRow, score_answers, write_scores
from assistant.eval.summary import SUMMARY, summarise, write_summary
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A finished run as it is shown: questions, answers, scores and what they come to."""

    folder: Path
    questions: tuple[GoldQuestion, ...]
    answers: dict[str, AnswerRecord]
    rows: tuple[ScoreRow, ...]
    summary: dict[str, Any]


def evaluate(
    workspace: Workspace,
    assistant: Assistant,
    gold: GoldSet,
    questions: Sequence[GoldQuestion],
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Evaluated:
    """Run ``questions`` into ``folder`` (None: a new one below ``eval/runs``) and judge them.

    Raises UsageError where the folder holds another run; a KeyboardInterrupt loses nothing.
    """
    corpus = workspace.settings.corpus
    limits = Limits(corpus.page_seconds, corpus.memory_mb, corpus.max_pages)
    run = open_run(workspace, assistant, gold, questions, folder)
    with Originals(workspace.corpus, limits) as originals:
        answer_questions(run, assistant, originals, progress)
    return judge(run)


def score_file(answers: Path, gold: GoldSet, folder: Path, system: str) -> Evaluated:
    """Judge the answers that another system wrote, ``system``, as a run in ``folder``.

    Raises UsageError where a line of ``answers`` cannot be read or ``folder`` is in use.
    """
    records = read_records(answers)
    unknown = records.keys() - {question.id for question in gold.questions}
    if unknown:
        raise UsageError(f"{answers} answers {min(unknown)}, which {gold.path} does not ask.")
    about = run_about(gold, gold.questions, {"id": system, "system": system})
    run = begin_run(folder, about, gold.questions)
    (folder / ANSWERS).write_bytes(answers.read_bytes())
    return judge(run)


def judge(run: Run) -> Evaluated:
    """Score the answers in a run's folder and write scores and summary."""
    answers = read_records(run.folder / ANSWERS)
    rows = score_answers(run.questions, answers)
    summary = summarise(run.about, run.questions, answers, rows)
    write_scores(run.folder / SCORES, rows)
    write_summary(run.folder / SUMMARY, summary)
    return Evaluated(run.folder, run.questions, answers, tuple(rows), summary)


def read_evaluated(folder: Path) -> Evaluated:
    """A finished run; raises UsageError where ``folder`` holds none."""
    scores = read_run(folder)
    questions = load_gold(folder / GOLD).questions
    answers = read_records(folder / ANSWERS)
    return Evaluated(folder, questions, answers, scores.rows, scores.about)
