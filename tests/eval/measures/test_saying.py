"""Measures of what is said, against what was worked out by hand."""

from __future__ import annotations

from assistant.eval.gold import GoldQuestion
from assistant.eval.record import AnswerRecord
from tests.eval.measures.cases import (
    NOTHING_THERE,
    P1,
    REFUSED,
    UNANSWERABLE,
    Case,
    Null,
    answer,
    check,
    citation,
    citing,
    evidence,
    gold,
    parametrize,
    refusing,
)

WORDS = "anchor bridge candle dragon engine".split()
HUNDRED = " ".join(f"word{number}" for number in range(100))


def saying(*texts: str) -> AnswerRecord:
    return citing(*(citation(n, quote=text) for n, text in enumerate(texts, 1)))


def wanting(*nuggets: str) -> GoldQuestion:
    return gold(evidence(P1), nuggets=nuggets)


UNVERIFIED = citation(1, quote="anchor", status="unverified")
SUPERSEDED = citation(1, quote="anchor", status="superseded")

# Name, question, answer, the nugget recall worked out by hand.
RECALLS: list[tuple[str, GoldQuestion, AnswerRecord, float | Null]] = [
    ("said", wanting("anchor bridge"), saying("The anchor of the bridge."), 1.0),
    ("in other forms", wanting("anchors bridging"), saying("Bridges are anchored"), 1.0),
    ("in capitals", wanting("anchor"), saying("ANCHOR"), 1.0),
    ("over two statements", wanting("anchor bridge"), saying("anchor", "bridge"), 1.0),
    ("one of two", wanting("anchor", "bridge"), saying("anchor"), 0.5),
    ("nothing said", wanting("anchor"), answer(), 0.0),
    ("4 of 5 words", wanting(" ".join(WORDS[:5])), saying(" ".join(WORDS[1:5])), 1.0),
    ("3 of 4 words", wanting(" ".join(WORDS[:4])), saying(" ".join(WORDS[1:4])), 0.0),
    ("80 of 100 words", wanting(HUNDRED), saying(" ".join(HUNDRED.split()[20:])), 1.0),
    ("79 of 100 words", wanting(HUNDRED), saying(" ".join(HUNDRED.split()[21:])), 0.0),
    ("a word twice is one", wanting("anchor anchor anchor anchor bridge"), saying("anchor"), 0.0),
    (
        "stop words do not help",
        wanting("this anchor is on the bridge"),
        saying("this anchor is on the"),
        0.0,
    ),
    ("stop words alone are left out", wanting("it is what it is", "anchor"), saying("anchor"), 1.0),
    (
        "nothing but stop words",
        wanting("it is what it is"),
        saying("it is"),
        Null("no content words"),
    ),
    ("no nuggets", wanting(), saying("anchor"), Null("no content words")),
    ("no citation", wanting("anchor"), answer(statements=[{"text": "anchor"}]), 0.0),
    (
        "a citation that is not there",
        wanting("anchor"),
        answer(statements=[{"text": "anchor", "citations": [1]}]),
        0.0,
    ),
    ("an unverified citation", wanting("anchor"), citing(UNVERIFIED), 1.0),
    ("a superseded document", wanting("anchor"), citing(SUPERSEDED), 1.0),
    (
        "in a quote, but not said",
        wanting("anchor"),
        citing(citation(1, quote="anchor"), statements=[]),
        0.0,
    ),
    ("unanswerable", NOTHING_THERE, saying("anchor"), UNANSWERABLE),
]

CASES = [
    *(
        Case(name, measure, *rest)
        for measure in ("nugget_recall", "nugget_recall_answered")
        for name, *rest in RECALLS
    ),
    Case("refused", "nugget_recall", wanting("anchor"), refusing(), 0.0),
    Case("refused", "nugget_recall_answered", wanting("anchor"), refusing(), REFUSED),
    Case("refused and unanswerable", "nugget_recall", NOTHING_THERE, refusing(), UNANSWERABLE),
    Case("two statements", "answer_words", wanting("x"), saying("one two", "three\n four."), 4.0),
    Case("nothing", "answer_words", wanting("x"), answer(), 0.0),
    Case(
        "uncited words count",
        "answer_words",
        wanting("x"),
        answer(statements=[{"text": "a b"}]),
        2.0,
    ),
    Case("refused", "answer_words", wanting("x"), refusing(), REFUSED),
    Case("answered though unanswerable", "answer_words", NOTHING_THERE, saying("a b c"), 3.0),
]


@parametrize(CASES)
def test_saying(case: Case) -> None:
    check(case)
