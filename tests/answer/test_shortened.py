from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.shortened import is_short_for


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SECNAV", "the Secretary of the Navy"),
        ("IMA", "An individual mobilization augmentee drills."),
        ("TRANSCOM", "the Transportation Command"),
        ("CYBERCOM", "forces of CDRUSCYBERCOM"),
        ("NATO", "the North Atlantic Treaty Organization"),
    ],
)
def test_short_forms_that_no_glossary_has_are_known_by_their_letters(name: str, text: str) -> None:
    assert is_short_for(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("IMA", "imagery"),  # one word is no long form
        ("RAND", "research and development"),
        ("US", "under siege"),  # two letters say too little
        ("Navy", "new army vessels yield"),  # a name, not a short form
        ("SOFA", "the sofa"),
        ("FMS", ""),
    ],
)
def test_what_only_begins_alike_is_no_long_form(name: str, text: str) -> None:
    assert not is_short_for(name, text)


@given(st.lists(st.text("abcdefgh", min_size=3, max_size=8), min_size=3, max_size=6))
def test_initials_are_always_a_short_form(words: list[str]) -> None:
    assert is_short_for("".join(word[0] for word in words).upper(), " ".join(words))
