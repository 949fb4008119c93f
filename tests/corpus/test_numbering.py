"""Paragraph numbers followed line by line."""

from __future__ import annotations

from assistant.corpus.numbering import Numbering

ISSUANCE = [
    "1.1. PURPOSE.",
    "1.2. POLICY.",
    "2.1. DUTIES.",
    "2.2. OTHERS.",
    "a. The one.",
    "b. Two.",
]


def numbering() -> Numbering:
    return Numbering.of([*ISSUANCE, *ISSUANCE])


def test_a_heading_with_a_roman_number_ends_the_paragraph_above_it() -> None:
    follows = numbering()
    assert follows.label("2.2. Others do the rest.") == "2.2"
    assert follows.label("a. The one.") == "2.2.a"
    follows.heading("Records", divides=False)  # amid the lettered paragraphs of an issuance
    assert follows.current == "2.2.a"
    follows.heading("II. Guidance for the use of it", divides=False)
    assert follows.current is None


def test_a_number_before_a_word_in_capitals_opens_a_part_wherever_it_stands() -> None:
    follows = numbering()
    assert follows.is_titled("G.2. DEFINITIONS. Unless otherwise noted, these are its terms.")
    assert not follows.is_titled("1.2. DoD Components act.")
    assert not follows.is_titled("in 1.2. POLICY it says")
