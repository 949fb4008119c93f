from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.index.reader import Index, open_index
from assistant.retrieve.gaps import Gap, find_gaps
from assistant.retrieve.query import parse_question
from assistant.types import Document
from assistant.workspace import Workspace


@pytest.fixture(scope="module")
def index(starter_workspace: Workspace) -> Iterator[Index]:
    opened = open_index(starter_workspace)
    yield opened
    opened.close()


def gaps(question: str, index: Index, *asked: Document) -> tuple[Gap, ...]:
    documents = list(index.documents.values())
    query = parse_question(
        question,
        documents,
        index.acronyms,
        lambda word: index.store.documents_near([[word]]),
    )
    return find_gaps(query, index, asked)


def document(index: Index, designation: str) -> Document:
    """The document of this designation that is in force."""
    return next(
        d
        for d in index.documents.values()
        if d.designation == designation and d.status == "current"
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How many submarines does the navy of Atlantis operate?", ["Atlantis"]),
        ("What does Australia's army think of Ruritania's?", ["Ruritania"]),
        ("Do the armies of Atlantis and Ruritania train?", ["Atlantis", "Ruritania"]),
        ("Does the treaty of Zenda Ruritania hold?", ["Zenda Ruritania"]),
        ("Which exercises are held with Australia?", []),
        ("What does the treaty with New Zealand say?", []),
        ("Atlantis, does it have a navy?", []),  # the first word has a capital anyway
        ("is it true of ATLANTIS", []),  # an acronym may be written otherwise
        ("What Does The Army Of Atlantis Do?", []),  # a title
        ("", []),
    ],
)
def test_a_name_that_no_document_holds_stands_nowhere(
    index: Index, question: str, names: list[str]
) -> None:
    assert gaps(question, index) == tuple(Gap("nowhere", name) for name in names)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What does chapter 12 say?", ["chapter 12"]),
        ("What does chapter twelve say?", ["chapter twelve"]),
        ("What happens in phase eleven?", ["phase eleven"]),
        ("Name the ninth tenet.", ["a ninth"]),
        ("What does chapter 1 say?", []),
        ("What does chapter one say?", []),
        ("What does section 0 say?", ["section 0"]),
    ],
)
def test_a_numbered_part_that_no_document_has_stands_nowhere(
    index: Index, question: str, terms: list[str]
) -> None:
    assert gaps(question, index) == tuple(Gap("nowhere", term) for term in terms)


@pytest.mark.parametrize(
    ("designation", "term", "holding"),
    [
        ("SC Policy Digest", "AUKUS", {"Ops Digest"}),
        ("SC Policy Digest", "LSCO", {"Ops Digest"}),
        ("SC Policy Digest", "security force assistance", {"Ops Digest"}),
        ("Ops Digest", "Foreign Assistance Act", {"SC Policy Digest"}),
    ],
)
def test_what_only_other_documents_treat_is_a_gap_of_the_one_asked(
    index: Index, designation: str, term: str, holding: set[str]
) -> None:
    asked = document(index, designation)
    question = f"What does it say of {term}?"
    (gap,) = gaps(question, index, asked)
    assert (gap.sort, gap.term, gap.asked) == ("elsewhere", term, (asked,))
    assert {other.designation for other in gap.elsewhere} == holding
    assert gaps(question, index) == ()  # no gap where all are asked


def test_no_gap_where_one_of_the_documents_asked_has_it(index: Index) -> None:
    asked = [document(index, "SC Policy Digest"), document(index, "Ops Digest")]
    assert gaps("What do they say of AUKUS?", index, *asked) == ()
    assert gaps("What does it say of large-scale combat operations?", index, *asked) == ()


def test_a_question_of_several_parts_may_ask_for_what_one_document_lacks(index: Index) -> None:
    asked = document(index, "SC Policy Digest")
    assert gaps("What is AUKUS, and who owns the policy digest?", index, asked) == ()
    assert gaps("We work on AUKUS. What does it say of AUKUS?", index, asked) == ()


def test_what_stands_nowhere_goes_before_what_stands_elsewhere(index: Index) -> None:
    asked = document(index, "SC Policy Digest")
    assert gaps("What does Ruritania, or of Atlantis in AUKUS?", index, asked) == (
        Gap("nowhere", "Ruritania"),
        Gap("nowhere", "Atlantis"),
    )
