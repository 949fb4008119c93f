"""Prompt templates: text files with named places such as ``$question``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from assistant.errors import UsageError


class Rendered(str):
    """A value that whoever made it has made safe, so that it stands in a prompt as it is."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template whose places were checked; ``digest`` is of its text."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """Changes with the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def filled(self, **values: Any) -> str:
        """The text with ``values`` as JSON in its places, but for those that are ``Rendered``.

        JSON, with angle brackets escaped, cannot end a string, a line or a tag of the prompt,
        so that whatever stands in a value stays within it.
        """
        return Template(self.text).substitute({k: _quoted(v) for k, v in values.items()})


def read_prompt(path: Path, places: Set[str]) -> Prompt:
    """The template in ``path``, which has exactly these places, each at least once.

    Raises UsageError where it is missing or has others.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(
            f"{path} is missing; take it from a new workspace, which assistant init makes."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text.") from error
    template = Template(text)
    if not template.is_valid():
        raise UsageError(f"{path}: a $ that begins no name must be written $$.")
    found = set(template.get_identifiers())
    if unknown := found - places:
        known = ", ".join(f"${name}" for name in sorted(places))
        raise UsageError(f"{path}: there is no ${min(unknown)}; there are {known}.")
    if missing := places - found:
        raise UsageError(f"{path}: ${min(missing)} is missing.")
    return Prompt(path.name, text)


def digest_of(*prompts: Prompt) -> str:
    """Changes with the text of any of them."""
    return hashlib.sha256("\0".join(p.text for p in prompts).encode()).hexdigest()[:12]


def _quoted(value: Any) -> str:
    if isinstance(value, Rendered):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")
