"""Short forms that one text has and the other spells out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.claims.shortforms import spelled_out, written_as_in

KNOWN = {"CCMD": "combatant command", "DSCA": "defense support of civil authorities"}


@pytest.mark.parametrize(
    ("statement", "text", "written"),
    [
        ("GDP grew.", "The gross domestic product grew.", "The GDP grew."),
        ("The combatant commands ask.", "The CCMDs ask.", "The combatant commands ask."),
        ("LSCO end.", "Large-scale combat operations end.", "LSCO end."),
        ("It is the area of operations.", "It is the AOO.", "It is the area of operations."),
        # One short form may stand for two things; the text says which.
        (
            "DSCA writes memoranda.",
            "The Defense Security Cooperation Agency writes memoranda.",
            "The DSCA writes memoranda.",
        ),
        # Both have it, or neither spells it out.
        (
            "The CCMD asks.",
            "The CCMD (Combatant Command) asks.",
            "The CCMD (Combatant Command) asks.",
        ),
        ("The USA asks.", "The ally asks.", "The ally asks."),
        # Two letters are the initials of too much; a comma parts what is no name.
        ("The SC grows.", "The staff college grows.", "The staff college grows."),
        ("GDP grew.", "The group, division, and port grew.", "The group, division, and port grew."),
    ],
)
def test_the_text_is_written_as_the_statement(statement: str, text: str, written: str) -> None:
    assert written_as_in(statement, text, spelled_out(statement, text, KNOWN)) == written


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_can_be_written_so(statement: str, text: str) -> None:
    forms = spelled_out(statement, text, KNOWN)
    written = written_as_in(statement, text, forms)
    assert written == text or forms
