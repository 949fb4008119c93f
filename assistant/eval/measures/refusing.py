"""Measures of when nothing is said, and how sure the system is."""

from __future__ import annotations

from typing import Final

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures.measure import ANSWERABLE, NOT_ANSWERABLE, Measure, Score
from assistant.eval.record import AnswerRecord


def _confidence(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if answer.confidence is None:
        return Score(None, why="the system states no confidence")
    return Score(answer.confidence)


def _false_answer(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return ANSWERABLE if gold.answerable else Score(float(not answer.abstained))


def _over_refusal(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return Score(float(answer.abstained)) if gold.answerable else NOT_ANSWERABLE


REFUSING: Final[tuple[Measure, ...]] = (
    Measure(
        "abstention_auroc",
        "how often an answerable question has a higher confidence than an unanswerable one",
        "area under the ROC curve (Hanley and McNeil 1982); a question's value is its confidence",
        "higher",
        "share",
        _confidence,
        statistic="auroc",
    ),
    Measure(
        "false_answer_rate",
        "share of unanswerable questions that were answered",
        "at the threshold of the settings",
        "lower",
        "yes-no",
        _false_answer,
    ),
    Measure(
        "over_refusal_rate",
        "share of answerable questions that were refused",
        "at the threshold of the settings",
        "lower",
        "yes-no",
        _over_refusal,
    ),
)
