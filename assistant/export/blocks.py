"""What a paper says, block by block, whatever the file's format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.export.text import one_line

Kind = Literal[
    "banner", "title", "heading", "subheading", "text", "item", "quote", "citation", "detail"
]


@dataclass(frozen=True, slots=True)
class Block:
    """Printable text on one line; ``label`` stands before it in bold, if any.

    A "citation" says where the quotation before it stands; its label is its number, "[7]".
    """

    kind: Kind
    text: str
    label: str = ""


def details(facts: Mapping[str, str | None]) -> Block:
    """Facts by name on one line, without those that are not known."""
    shown = {name: one_line(fact) for name, fact in facts.items()}
    known = [f"{name}: {fact}" for name, fact in shown.items() if fact]
    return Block("detail", " \u00b7 ".join(known))
