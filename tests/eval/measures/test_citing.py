"""Measures of citations, against what was worked out by hand."""

from __future__ import annotations

from tests.eval.measures.cases import (
    NOTHING_THERE,
    P1,
    P2,
    P3,
    REFUSED,
    UNANSWERABLE,
    X1,
    Case,
    Null,
    answer,
    check,
    citation,
    citing,
    evidence,
    gold,
    groups,
    parametrize,
    refusing,
)

ONE = groups((P1,))
TWO = groups((P1,), (P2,))
EITHER_AND = groups((P1, P2), (P3,))
SHARED = groups((P1, P2), (P1,))
THREE = citing(citation(1), citation(2), citation(3))

NO_CITATION = Null("cites nothing")
NO_PLACE = Null("name no place")
UNPLACED = {"start": None, "end": None}

QUOTES = [
    Case("all right", "quote_verbatim", ONE, THREE, 1.0, of=3),
    Case(
        "a letter off",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2), read_anew=["quote 1", "quote Z"]),
        0.5,
        of=2,
    ),
    Case("a blank more", "quote_verbatim", ONE, citing(citation(1), read_anew=["quote  1"]), 0.0),
    Case(
        "not read there",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2), read_anew=["quote 1", None]),
        0.5,
        of=2,
    ),
    Case(
        "none was read",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2), read_anew=[None, None]),
        0.0,
        of=2,
    ),
    Case(
        "fewer were read",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2), read_anew=["quote 1"]),
        0.5,
        of=2,
    ),
    Case(
        "the reading is missing",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2), read_anew=[]),
        0.0,
        of=2,
    ),
    Case(
        "more were read",
        "quote_verbatim",
        ONE,
        citing(citation(1), read_anew=["quote 1", "more"]),
        1.0,
    ),
    Case("none names a place", "quote_verbatim", ONE, citing(citation(1, **UNPLACED)), NO_PLACE),
    Case(
        "one names no place",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2, **UNPLACED)),
        0.5,
        of=2,
    ),
    Case(
        "one is a page without a quote",
        "quote_verbatim",
        ONE,
        citing(citation(1), citation(2, quote="", **UNPLACED)),
        1.0,
    ),
    Case("nothing cited", "quote_verbatim", ONE, answer(), NO_CITATION),
    Case("refused", "quote_verbatim", ONE, refusing(), REFUSED),
    Case("answered though unanswerable", "quote_verbatim", NOTHING_THERE, THREE, 1.0, of=3),
    Case("refused and unanswerable", "quote_verbatim", NOTHING_THERE, refusing(), REFUSED),
]

SAID = {"text": "a", "citations": [1]}
STATEMENTS = [
    Case("all right", "statement_cited", ONE, THREE, 1.0, of=3),
    Case(
        "one without",
        "statement_cited",
        ONE,
        citing(citation(1), statements=[SAID, {"text": "b"}]),
        0.5,
        of=2,
    ),
    Case(
        "a citation that is not there",
        "statement_cited",
        ONE,
        citing(citation(1), statements=[SAID, {"text": "b", "citations": [7]}]),
        0.5,
        of=2,
    ),
    Case(
        "an unverified one",
        "statement_cited",
        ONE,
        citing(citation(1, status="unverified"), citation(2)),
        0.5,
        of=2,
    ),
    Case(
        "an unverified and a verified one",
        "statement_cited",
        ONE,
        citing(
            citation(1, status="unverified"),
            citation(2),
            statements=[{"text": "a", "citations": [1, 2]}],
        ),
        1.0,
    ),
    Case(
        "of a superseded document",
        "statement_cited",
        ONE,
        citing(citation(1, status="superseded")),
        1.0,
    ),
    Case("no statement", "statement_cited", ONE, answer(), Null("no statement")),
    Case("refused", "statement_cited", ONE, refusing(), REFUSED),
    Case("answered though unanswerable", "statement_cited", NOTHING_THERE, THREE, 1.0, of=3),
]

PAGES = [
    Case("right", "citation_precision", ONE, THREE, 1.0),
    Case("one of two", "citation_precision", ONE, citing(citation(1), citation(2, X1)), 0.5),
    Case(
        "a page cited twice counts once",
        "citation_precision",
        ONE,
        citing(citation(1), citation(2), citation(3, X1)),
        0.5,
    ),
    Case(
        "both of either",
        "citation_precision",
        EITHER_AND,
        citing(citation(1), citation(2, P2)),
        1.0,
    ),
    Case("that page of another file", "citation_precision", ONE, citing(citation(1, X1)), 0.0),
    Case("nothing cited", "citation_precision", ONE, answer(), NO_CITATION),
    Case("refused", "citation_precision", ONE, refusing(), REFUSED),
    Case("unanswerable", "citation_precision", NOTHING_THERE, THREE, UNANSWERABLE),
    *(
        Case(*case)
        for measure in ("citation_recall", "citation_recall_answered")
        for case in (
            ("all", measure, TWO, citing(citation(1), citation(2, P2)), 1.0),
            ("one of two", measure, TWO, citing(citation(1), citation(2, X1)), 0.5),
            ("none", measure, TWO, citing(citation(1, X1)), 0.0),
            ("nothing cited", measure, TWO, answer(), 0.0),
            ("either", measure, EITHER_AND, citing(citation(1, P2), citation(2, P3)), 1.0),
            ("both of either", measure, EITHER_AND, citing(citation(1), citation(2, P2)), 0.5),
            ("both on one page", measure, SHARED, citing(citation(1)), 1.0),
            ("unanswerable", measure, NOTHING_THERE, THREE, UNANSWERABLE),
        )
    ),
    Case("refused", "citation_recall", TWO, refusing(), 0.0),
    Case("refused", "citation_recall_answered", TWO, refusing(), REFUSED),
    Case(
        "refused, though it cites", "citation_recall", ONE, citing(citation(1), abstained=True), 0.0
    ),
]

LABELLED = gold(
    evidence(P1, 1, printed_page="ii", paragraph="1.2.a"),
    evidence(P1, 2, printed_page="ii", paragraph="1.2.b"),
    evidence(P2, 3, printed_page="iii"),
    evidence(P3, 4, paragraph="4"),
)
RIGHT = citation(1, printed_page="ii", paragraph="1.2.a")
LABELS = [
    Case("right", "printed_page_accuracy", LABELLED, citing(RIGHT), 1.0),
    Case(
        "as the PDF counts",
        "printed_page_accuracy",
        LABELLED,
        citing(citation(1, printed_page="1")),
        0.0,
    ),
    Case("none named", "printed_page_accuracy", LABELLED, citing(citation(1)), 0.0),
    Case(
        "one of two",
        "printed_page_accuracy",
        LABELLED,
        citing(RIGHT, citation(2, P2, printed_page="3")),
        0.5,
        of=2,
    ),
    Case(
        "only where gold has one",
        "printed_page_accuracy",
        LABELLED,
        citing(RIGHT, citation(2, P3, printed_page="9")),
        1.0,
    ),
    Case(
        "only on gold pages", "printed_page_accuracy", LABELLED, citing(RIGHT, citation(2, X1)), 1.0
    ),
    Case(
        "no gold page cited",
        "printed_page_accuracy",
        LABELLED,
        citing(citation(1, X1)),
        Null("no citation on a gold page"),
    ),
    Case(
        "gold has none",
        "printed_page_accuracy",
        ONE,
        citing(citation(1, printed_page="1")),
        Null("no citation on a gold page"),
    ),
    Case("refused", "printed_page_accuracy", LABELLED, refusing(), REFUSED),
    Case("unanswerable", "printed_page_accuracy", NOTHING_THERE, citing(RIGHT), UNANSWERABLE),
    Case("right", "paragraph_accuracy", LABELLED, citing(RIGHT), 1.0),
    Case(
        "the other piece's",
        "paragraph_accuracy",
        LABELLED,
        citing(citation(1, paragraph="1.2.b")),
        1.0,
    ),
    Case(
        "another one", "paragraph_accuracy", LABELLED, citing(citation(1, paragraph="1.2.c")), 0.0
    ),
    Case(
        "the paragraph above it",
        "paragraph_accuracy",
        LABELLED,
        citing(citation(1, paragraph="1.2")),
        0.0,
    ),
    Case("none named", "paragraph_accuracy", LABELLED, citing(citation(1)), 0.0),
    Case(
        "only where gold has one",
        "paragraph_accuracy",
        LABELLED,
        citing(RIGHT, citation(2, P2, paragraph="9"), citation(3, P3, paragraph="5")),
        0.5,
        of=2,
    ),
    Case(
        "gold has none",
        "paragraph_accuracy",
        LABELLED,
        citing(citation(1, P2, paragraph="9")),
        Null("no citation on a gold page"),
    ),
    Case("refused", "paragraph_accuracy", LABELLED, refusing(), REFUSED),
    Case("unanswerable", "paragraph_accuracy", NOTHING_THERE, citing(RIGHT), UNANSWERABLE),
]

CASES = [*QUOTES, *STATEMENTS, *PAGES, *LABELS]


@parametrize(CASES)
def test_citing(case: Case) -> None:
    check(case)
