from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.generative import PLACES
from assistant.answer.prompt import Prompt, Rendered, digest_of, read_prompt
from assistant.errors import UsageError
from tests.conftest import ROOT


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", PLACES)
def test_the_prompts_of_a_new_workspace_can_be_read(name: str) -> None:
    prompt = read_prompt(ROOT / "prompts" / f"{name}.txt", PLACES[name])
    assert prompt.name == f"{name}.txt"
    filled = prompt.filled(**dict.fromkeys(PLACES[name], "$value"))
    assert filled.count('"$value"') == len(PLACES[name])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("$question $passage", r"there is no \$passage; there are \$passages, \$question"),
        ("$question", r"\$passages is missing"),
        ("", r"\$passages is missing"),
        ("$question $passages for $5", r"must be written \$\$"),
        (b"\xff\xfe$question", "cannot be read as UTF-8"),
    ],
)
def test_a_template_with_other_places_is_refused(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    with pytest.raises(UsageError, match=told) as failed:
        read_prompt(written(tmp_path, content), {"question", "passages"})
    assert str(tmp_path / "a.txt") in str(failed.value)


def test_a_missing_template_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is missing; take it from a new workspace"):
        read_prompt(tmp_path / "a.txt", set())
    with pytest.raises(UsageError, match="cannot be read"):
        read_prompt(tmp_path, set())


def test_a_mark_of_the_encoding_and_doubled_signs_are_no_text(tmp_path: Path) -> None:
    prompt = read_prompt(written(tmp_path, "\ufeff${question} costs $$5"), {"question"})
    assert prompt.filled(question="It") == '"It" costs $5'


def test_what_was_made_safe_stands_as_it_is() -> None:
    prompt = Prompt("a", "$passages\n$question")
    filled = prompt.filled(passages=Rendered('<passage id="1">'), question="<b>")
    assert filled == '<passage id="1">\n"\\u003cb\\u003e"'


@given(st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.integers()))
def test_a_value_cannot_leave_its_place(value: object) -> None:
    filled = Prompt("a", "<data>\n{$value}\n</data>").filled(value=value)
    assert filled.count("<") == filled.count(">") == 2 and len(filled.split("\n")) == 3
    assert json.loads(filled.split("\n")[1][1:-1]) == value


@given(st.text())
def test_digests_change_with_the_text(text: str) -> None:
    first, second = Prompt("a", text), Prompt("b", f"{text}.")
    assert first.digest == Prompt("c", text).digest != second.digest
    assert digest_of(first, second) != digest_of(second, first)
    assert len(digest_of(first, second)) == 12


def test_a_value_is_not_itself_a_template() -> None:
    assert Prompt("a", "$value $other").filled(value="$other", other=1) == '"$other" 1'
