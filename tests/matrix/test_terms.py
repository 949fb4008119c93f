"""What is searched for beside a recommendation."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.matrix.terms import OWN_TERMS, Terms


def test_the_shipped_terms_are_found_in_any_ending(tmp_path: Path) -> None:
    terms = Terms.read(tmp_path)
    assert len(terms.entries) > 20
    both = terms.of("a classified exercise"), terms.of("Classified exercises.")
    assert both[0] == both[1] != ()
    assert terms.of("Nothing of the kind") == ()


def test_a_phrase_is_found_as_a_whole_only(tmp_path: Path) -> None:
    (tmp_path / OWN_TERMS).write_text(
        '[[term]]\nwhen = ["first principles"]\nalso = ["what it is for"]\n', encoding="utf-8"
    )
    terms = Terms.read(tmp_path)
    assert terms.of("Talk about first principles") == ("what it is for",)
    assert terms.of("principles first") == ()


def test_a_workspace_may_have_none(tmp_path: Path) -> None:
    (tmp_path / OWN_TERMS).write_text("", encoding="utf-8")
    assert Terms.read(tmp_path).of("classification") == ()


@pytest.mark.parametrize(
    "content",
    [
        b"[[term]]\nwhen = []\nalso = ['x']",
        b"[[term]]\nwhen = 'x'\nalso = ['x']",
        b"[[term]]\nwhen = ['x']\nalso = ['x']\nother = 1",
        b"[[term]",
        b"\xff\xfe",
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / OWN_TERMS).write_bytes(content)
    with pytest.raises(AssistantError, match=OWN_TERMS):
        Terms.read(tmp_path)
