"""Settings, and that docs/settings.md lists them all as they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.config import Settings, read_settings
from assistant.errors import UsageError
from tests.conftest import ROOT


def documented() -> dict[str, tuple[str, str]]:
    """Default and meaning by setting, from the table."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `\[(\w+)\] (\w+)` \| `(.*?)` \| (.*?) \|$", text, flags=re.M)
    return {f"{section}.{name}": (default, meaning) for section, name, default, meaning in rows}


def defined() -> dict[str, tuple[str, str]]:
    return {
        f"{section}.{name}": (
            json.dumps(getattr(getattr(Settings(), section), name)),
            field.description or "",
        )
        for section in Settings.model_fields
        for name, field in type(getattr(Settings(), section)).model_fields.items()
    }


def test_every_setting_is_documented_as_it_is() -> None:
    assert documented() == defined()


def test_the_starter_settings_are_the_defaults() -> None:
    assert read_settings(ROOT / "assistant.toml") == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[answer]\nthreshold = 2\n", "answer.threshold"),
        ("[answer]\nlimit = 2\n", "answer.limit: no such setting; there are threshold"),
        ("answers = 1\n", "answers: no such setting; there are corpus, index"),
        ("answer = 1\n", "answer: "),
        ("a = \n", "not valid TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "assistant.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=re.escape(message)):
        read_settings(path)


def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings(tmp_path / "assistant.toml")
    (tmp_path / "assistant.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not valid TOML"):
        read_settings(tmp_path / "assistant.toml")
