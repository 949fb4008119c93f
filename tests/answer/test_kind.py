from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.kind import answer_kind, is_negated, without_form
from assistant.answer.scoring import defines
from assistant.answer.units import Kind, Unit
from assistant.index.words import content_words
from assistant.retrieve.asked import Asked
from assistant.types import Document, Hit, Part, Passage


@pytest.mark.parametrize(
    "question",
    [
        "What are the tenets of operations?",
        "List the documents.",
        "Walk me through a crossing.",
        "How do I request a loan?",
        "Which things bar a partner?",
        "What documents must be kept?",
    ],
)
def test_several_things_are_wanted_as_a_list(question: str) -> None:
    assert answer_kind(question).wants_list


@pytest.mark.parametrize(
    "question", ["Who approves the plan?", "When does the hall open?", "What was this?", ""]
)
def test_one_thing_is_not_wanted_as_a_list(question: str) -> None:
    assert not answer_kind(question).wants_list


def test_what_is_listed_is_known_by_its_plural() -> None:
    assert answer_kind("What are the tenets of operations?").listed == {"tenet", "oper"}
    assert answer_kind("What is a crossing site?").listed == frozenset()


@pytest.mark.parametrize(
    ("question", "wanted", "in_so_many_words"),
    [
        ("How is depth defined?", True, True),
        ("What does LSCO stand for?", True, True),
        ("What does a planner mean by depth?", True, True),
        ("What counts as a partner?", True, True),
        ("What is depth?", True, False),
        ("Who approves the plan?", False, False),
    ],
)
def test_a_definition_may_be_wanted_in_so_many_words(
    question: str, wanted: bool, in_so_many_words: bool
) -> None:
    kind = answer_kind(question)
    assert (kind.wants_definition, kind.defines) == (wanted, in_so_many_words)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("What must a commander not do?", True),
        ("It doesn't apply.", True),
        ("It doesn’t apply.", True),
        ("Sales are prohibited.", True),
        ("All except one.", True),
        ("NEVER cross.", True),
        ("Another knot is noted.", False),
        ("", False),
    ],
)
def test_what_is_not_so_is_told_from_what_is(text: str, negated: bool) -> None:
    assert is_negated(text) == answer_kind(text).negated == negated


def test_phrases_on_the_form_of_an_answer_are_no_matter() -> None:
    question = "Please list the tenets in order, briefly."
    assert content_words(without_form(question)) == ["tenet"]
    assert content_words(without_form("How does Army doctrine define depth?")) == ["depth"]
    assert without_form("What are the tenets?") == "What are the tenets?"


@given(st.text())
def test_any_text_has_a_kind(text: str) -> None:
    kind = answer_kind(text)
    assert kind.wants_definition or not kind.defines or "what" in text.lower()
    assert len(without_form(text)) <= len(text)


# --- Units that define ------------------------------------------------------------------


def unit(text: str, kind: Kind = "sentence") -> Unit:
    document = Document("paper", "paper.pdf", "", "FM 9-77", "River Crossing")
    passage = Passage("p", "paper", (), None, "paragraph", (Part("text", ()),), text)
    return Unit(kind, text, (), passage, Hit(passage, document, None, 1.0, 1), 0)


def asked(text: str, **aliases: tuple[str, ...]) -> Asked:
    return Asked(dict.fromkeys(content_words(text), 1.0), aliases)


SITE = asked("crossing site")


@pytest.mark.parametrize(
    "text",
    [
        "A crossing site is a stretch of bank.",
        "The crossing site means the bank.",
        "Crossing sites are stretches of bank.",
        "Crossing site (CS) refers to the bank.",
        "Doctrine defines a crossing site as a stretch of bank.",
        "A site is a stretch of bank.",  # half of what is asked
        "The river crossing site is a stretch of bank.",
    ],
)
def test_a_sentence_defines_what_stands_before_its_verb(text: str) -> None:
    assert defines(unit(text), SITE)


@pytest.mark.parametrize(
    "text",
    [
        "Engineers survey each crossing site.",
        "The bank is a crossing site.",
        "A crossing site is surveyed by engineers.",
        "A crossing site is led by engineers.",
        "The night survey team of a site is ready.",  # a word among many others
        "Site.",
        "",
    ],
)
def test_a_sentence_on_something_else_or_on_what_is_done_defines_nothing(text: str) -> None:
    assert not defines(unit(text), SITE)


def test_an_acronym_is_defined_by_its_long_form() -> None:
    text = "A geographic combatant commander is an officer."
    long_form = tuple(content_words("geographic combatant commander"))
    weights = dict.fromkeys(["gcc", *long_form], 1.0)
    assert defines(unit(text), Asked(weights, {"gcc": long_form}))


def test_an_entry_of_a_glossary_defines_its_term() -> None:
    assert defines(unit("crossing site stretch of bank where a unit can bridge", "row"), SITE)
    ferry = "ferry a boat that carries one tank from bank to a crossing site"
    assert not defines(unit(ferry, "row"), SITE)
