from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieve.mentions import Mentions, mentioned_documents
from assistant.types import Document, Status


def document(
    id_: str,
    designation: str,
    title: str,
    publisher: str | None = None,
    year: int | None = None,
    status: Status = "current",
) -> Document:
    edition = date(year, 5, 1) if year else None
    return Document(id_, f"{id_}.pdf", "", designation, title, publisher, edition, status)


DOCUMENTS = [
    document("directive", "DoDD 5132.03", "Responsibilities Relating to Security Cooperation"),
    document("instruction", "DoDI 5132.14", "Assessment Policy for Security Cooperation"),
    document("crossing", "FM 9-77", "River Crossing"),
    document("smoke", "FM 9-78", "Smoke Operations"),
    document("study", "RR-A641-1", "Prioritizing Partners", "RAND"),
    document("new", "Ops Digest", "Operations", year=2026),
    document("old", "Ops Digest", "Operations", year=2019, status="superseded"),
]
ACRONYMS = {"SC": "security cooperation", "RC": "river crossing"}
HOLDING = {"rand": {"study": 9, "smoke": 1}, "army": {"study": 5, "smoke": 5}, "ghost": {"gone": 3}}


def holding(word: str) -> Mapping[str, int]:
    return HOLDING.get(word, {})


def mentioned(question: str) -> Mentions:
    return mentioned_documents(question, DOCUMENTS, ACRONYMS, holding)


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("What does the SC directive ask for?", ["directive"]),
        ("What does the directive on security cooperation ask for?", ["directive"]),
        ("What does the current security cooperation directive ask for?", ["directive"]),
        ("the directive's purposes", ["directive"]),
        ("What do the instructions require?", ["instruction"]),
        ("Is it in the river crossing manual?", ["crossing"]),
        ("Is it in the RC manual?", ["crossing"]),
        ("Is it in the manual about smoke?", ["smoke"]),
        ("Is it in the RAND study?", ["study"]),
        ("Do the RC manual and the smoke manual agree?", ["crossing", "smoke"]),
        ("What is in the operations digest?", ["new", "old"]),
        ("What is in the 2019 operations digest?", ["old"]),
    ],
)
def test_a_document_is_known_by_its_sort_and_the_words_beside_it(
    question: str, ids: list[str]
) -> None:
    assert list(mentioned(question).ids) == ids


@pytest.mark.parametrize(
    "question",
    [
        "Is it in the manual?",  # there are two
        "Which directive must be followed?",
        "Who writes a policy?",
        "What does the statute say?",  # there is none
        "Who crosses the river in smoke?",
        "",
    ],
)
def test_what_fits_several_documents_or_none_names_none(question: str) -> None:
    assert mentioned(question) == Mentions()


def test_the_year_of_an_edition_names_it() -> None:
    assert mentioned("What did the 2019 edition say?").ids == ("old",)
    assert mentioned("What does the edition of May 2026 say?").ids == ("new",)
    assert mentioned("What does the 1999 edition say?").ids == ()
    assert mentioned("What happened in 2019?").ids == ()


@pytest.mark.parametrize(
    "question",
    [
        "What does RAND recommend?",
        "Which partners matter according to RAND?",
        "Which partners did RAND's team look at?",
    ],
)
def test_a_name_that_reports_something_is_the_source_that_nearly_alone_has_it(
    question: str,
) -> None:
    assert mentioned(question) == Mentions(("study",), ("rand",))


@pytest.mark.parametrize(
    "question",
    [
        "What does Army recommend?",  # as often in another document
        "What does Ruritania recommend?",  # nowhere
        "What does Ghost recommend?",  # in a document that is not asked
        "Who is the head of RAND?",  # reports nothing
    ],
)
def test_other_names_are_no_sources(question: str) -> None:
    assert mentioned(question) == Mentions()


@given(st.text(max_size=120) | st.sampled_from(DOCUMENTS).map(lambda d: f"the {d.title} manual"))
def test_only_documents_that_there_are_are_mentioned_each_once(question: str) -> None:
    ids = mentioned(question).ids
    assert set(ids) <= {document.id for document in DOCUMENTS}
    assert len(set(ids)) == len(ids)
