from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.ties import Ties
from assistant.index.reader import Index, open_index
from assistant.retrieve.query import Query, parse_question
from assistant.types import Document, Hit, Part, Passage
from assistant.workspace import Workspace

PAPER = Document("paper", "paper.pdf", "", "FM 9-77", "River Crossing", "Camp", date(2024, 5, 1))


@pytest.fixture(scope="module")
def index(starter_workspace: Workspace) -> Iterator[Index]:
    opened = open_index(starter_workspace)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ties(index: Index) -> Ties:
    return Ties(index)


def parsed(question: str, index: Index) -> Query:
    return parse_question(
        question,
        list(index.documents.values()),
        index.acronyms,
        lambda word: index.store.documents_near([[word]]),
    )


def hit(text: str, *heading: str, document: Document = PAPER) -> Hit:
    passage = Passage(text, document.id, heading, None, "paragraph", (Part("text", ()),), text)
    return Hit(passage, document, None, 1.0, 1)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("When did New Zealand join AUKUS?", ["New", "Zealand", "AUKUS"]),
        ("What does it say of Ukraine's ports?", ["Ukraine"]),
        ("What is the third tenet of FY2023?", ["third", "FY2023"]),
        ("What stands in section nine?", ["nine"]),
        ("What do finding 137 and objectives eleven say?", ["137", "eleven"]),
        ("Which IDDs are there?", ["IDD"]),
        ("Ukraine and Ukraine", ["Ukraine"]),
        ("What are nine of the tenets?", []),  # a number of things, not of one
        ("Tenets are what?", []),  # the first word has a capital anyway
        ("What does the Army do?", []),  # the whole corpus is about it
        ("", []),
    ],
)
def test_names_are_what_tells_passages_apart(
    index: Index, ties: Ties, question: str, names: list[str]
) -> None:
    assert list(ties.names(parsed(question, index))) == names


def test_names_of_the_documents_asked_are_left_out(index: Index, ties: Ties) -> None:
    query = parsed("What did RAND recommend for Ukraine?", index)
    assert query.sources == ("rand",)
    assert ties.names(query) == ("Ukraine",)
    dated = parsed("What does the Ops Digest of 1 October 2019 say of Ukraine?", index)
    assert len(dated.named) == 1
    assert ties.names(dated) == ("Ukraine", "Ops Digest")  # the date only says which edition
    both = parsed("Do the Ops Digest and the SC Policy Digest speak of Ukraine?", index)
    assert ties.names(both) == ("Ukraine",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Zealand", "New Zealand left it."),
        ("GCC", "The geographic combatant commander decides."),
        ("UK", "The United Kingdom decides."),
        ("SDO/DATT", "The SDO/DATT decides."),
        ("SDO/DATT", "The SDO or the DATT decides."),
        ("nine", "It is in section 9."),
        ("fifth", "It is the 5th."),
        ("FY2023", "It was paid in FY 23."),
        ("Commander", "The command decides upon commandership."),
        ("SECNAV", "The Secretary of the Navy decides."),
        ("CYBERCOM", "CDRUSCYBERCOM decides."),
    ],
)
def test_a_name_is_met_in_any_of_its_forms(ties: Ties, name: str, text: str) -> None:
    assert ties.met([name], [hit(text)]) == 1
    assert ties.unmet([name], [hit(text)]) == ()


def test_a_designation_is_met_by_its_document_or_where_it_is_cited(ties: Ties) -> None:
    assert ties.met(["FM 9-77"], [hit("It left.")]) == 1
    other = Document("other", "other.pdf", "", "FM 9-78", "Bridges", "Camp", date(2024, 5, 1))
    assert ties.met(["FM 9-77"], [hit("Crossings.", document=other)]) == 0
    assert ties.met(["FM 9-77"], [hit("See FM 9-77 for crossings.", document=other)]) == 1


def test_a_name_is_met_by_headings_and_by_the_document(ties: Ties) -> None:
    assert ties.met(["Ruritania"], [hit("It left.", "Partners", "Ruritania")]) == 1
    assert ties.met(["River", "Camp", "2024"], [hit("It left.")]) == 1


def test_what_is_met_is_the_share_that_one_of_the_passages_has(ties: Ties) -> None:
    names = ["Zealand", "AUKUS"]
    zealand, aukus = hit("New Zealand left it."), hit("AUKUS has two pillars.")
    assert ties.met(names, [zealand]) == ties.met(names, [aukus]) == 0.5
    assert ties.met(names, [zealand, aukus]) == 1
    assert ties.unmet(names, [zealand]) == ("AUKUS",)
    assert ties.unmet(names, [hit("Nothing of them.")]) == ("Zealand", "AUKUS")


def test_a_short_form_that_stands_nowhere_is_the_askers_own(index: Index, ties: Ties) -> None:
    query = parsed("What must the JOQX know of AUKUS for the ZBR?", index)
    assert ties.names(query) == ("AUKUS",)
    assert ties.jargon(query) == ("JOQX", "ZBR")


def test_without_names_or_passages_nothing_is_amiss(ties: Ties) -> None:
    assert ties.met([], [hit("It left.")]) == 1
    assert ties.met(["AUKUS"], []) == 1
    assert ties.unmet(["AUKUS"], []) == ()


def test_the_very_subject_of_a_document_need_not_stand_in_each_passage(
    index: Index, ties: Ties
) -> None:
    met = {
        document.designation: ties.met(["RAND"], [hit("They train.", document=document)])
        for document in index.documents.values()
        if document.status == "current"
    }
    assert met["RR-A641-1 Digest"] == 1
    assert met["SC Policy Digest"] == 0


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_question_can_be_held_against_any_text(
    index: Index, ties: Ties, question: str, text: str
) -> None:
    names, hits = ties.names(parsed(question, index)), [hit(text)]
    met = ties.met(names, hits)
    assert 0 <= met <= 1
    assert (met == 1) == (ties.unmet(names, hits) == ())
