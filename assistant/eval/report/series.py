"""What the pictures of a report are drawn from."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.eval.evaluated import Evaluated
from assistant.eval.gold import GoldQuestion
from assistant.eval.record import AnswerRecord
from assistant.eval.report.outcome import outcome_of

_WRONG: Final = ("wrong page", "missed", "false answer")

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def given(evaluated: Evaluated) -> list[tuple[GoldQuestion, AnswerRecord]]:
    """Questions with the answer they got; failed ones left out."""
    answers = evaluated.answers
    return [
        (question, answers[question.id])
        for question in evaluated.questions
        if question.id in answers and not answers[question.id].error
    ]


def confidences(evaluated: Evaluated) -> tuple[Floats, Flags]:
    """Confidence and whether answerable of every question that has a confidence."""
    found = [(a.confidence, q.answerable) for q, a in given(evaluated) if a.confidence is not None]
    return np.array([value for value, _ in found], float), np.array([f for _, f in found], bool)


def judged(evaluated: Evaluated) -> tuple[Floats, Flags]:
    """Confidence and whether wrong of every answer given."""
    found = [
        (a.confidence, outcome_of(q, a) in _WRONG)
        for q, a in given(evaluated)
        if a.confidence is not None and not a.abstained
    ]
    return np.array([value for value, _ in found], float), np.array([f for _, f in found], bool)


def threshold_of(evaluated: Evaluated) -> float | None:
    """The confidence from which on the system answers, None where the run does not say."""
    value = evaluated.summary.get("fingerprint", {}).get("threshold")
    return float(value) if isinstance(value, int | float) else None


def first_rank(question: GoldQuestion, answer: AnswerRecord) -> int | None:
    """The rank of the first gold page among the distinct pages found."""
    ranked = answer.ranked_pages
    return next((rank for rank, page in enumerate(ranked, 1) if page in question.pages), None)


def risk_coverage(confidence: Floats, wrong: Flags, of: int) -> tuple[Floats, Floats]:
    """For every threshold the share of ``of`` questions answered, and of these the wrong."""
    order = np.argsort(-confidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    risk = np.cumsum(wrong[order]) / count
    # Questions of one confidence are answered together or not at all.
    last = np.append(np.diff(confidence[order]) != 0, True)
    return (count / of)[last], risk[last]
