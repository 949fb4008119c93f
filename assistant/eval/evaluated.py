"""A finished run as it is shown: questions, answers, scores and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.eval.compare import read_run
from assistant.eval.gold import GoldQuestion, load_gold
from assistant.eval.record import AnswerRecord, read_records
from assistant.eval.run import ANSWERS, GOLD, SUMMARY, Run, writing
from assistant.eval.scores import SCORES, ScoreRow, score_answers, write_scores
from assistant.eval.summary import summarise, write_summary


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The content of a run's folder; ``summary`` is its ``summary.json``."""

    folder: Path
    questions: tuple[GoldQuestion, ...]
    answers: dict[str, AnswerRecord]
    rows: tuple[ScoreRow, ...]
    summary: dict[str, Any]


def judge(run: Run) -> Evaluated:
    """Score the answers in a run's folder and write scores and summary."""
    answers = read_records(run.folder / ANSWERS)
    rows = score_answers(run.questions, answers)
    summary = summarise(run.about, run.questions, answers, rows)
    with writing(run.folder):
        write_scores(run.folder / SCORES, rows)
        write_summary(run.folder / SUMMARY, summary)
    return Evaluated(run.folder, run.questions, answers, tuple(rows), summary)


def read_evaluated(folder: Path) -> Evaluated:
    """A finished run; raises UsageError where ``folder`` holds none."""
    scores = read_run(folder)
    questions = load_gold(folder / GOLD).questions
    answers = read_records(folder / ANSWERS)
    return Evaluated(folder, questions, answers, scores.rows, scores.about)
