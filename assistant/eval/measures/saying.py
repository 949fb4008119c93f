"""Measures of what an answer says."""

from __future__ import annotations

from typing import Final

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures.measure import NOT_ANSWERABLE, REFUSED, Measure, Score
from assistant.eval.record import AnswerRecord
from assistant.index.words import content_words

_ENOUGH: Final = 0.8  # share of a nugget's words that must be said


def _nugget_recall(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if not gold.answerable:
        return NOT_ANSWERABLE
    nuggets = [words for nugget in gold.nuggets if (words := set(content_words(nugget)))]
    if not nuggets:
        return Score(None, 0, "its nuggets have no content words")
    said = _said(answer)
    met = sum(len(words & said) >= _ENOUGH * len(words) for words in nuggets)
    return Score(met / len(nuggets))


def _nugget_recall_answered(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return REFUSED if gold.answerable and answer.abstained else _nugget_recall(gold, answer)


def _said(answer: AnswerRecord) -> set[str]:
    """Stems of the content words of the statements that carry a citation."""
    if answer.abstained:
        return set()
    return set(content_words(" ".join(s.text for s in answer.cited_statements())))


def _answer_words(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if answer.abstained:
        return REFUSED
    return Score(float(sum(len(statement.text.split()) for statement in answer.offered)))


SAYING: Final[tuple[Measure, ...]] = (
    Measure(
        "nugget_recall",
        "share of gold nuggets of which 80 % of the content words are said in cited statements",
        "nugget recall (Voorhees 2003), matched by stems; a refused question says none",
        "higher",
        "share",
        _nugget_recall,
    ),
    Measure(
        "nugget_recall_answered",
        "nugget_recall over answered questions alone",
        "as nugget_recall",
        "higher",
        "share",
        _nugget_recall_answered,
    ),
    Measure(
        "answer_words",
        "words of an answer, because quoting everything is not answering",
        "white-space separated",
        "neither",
        "amount",
        _answer_words,
        margin=None,
    ),
)
