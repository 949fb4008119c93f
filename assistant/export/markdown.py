"""Blocks as Markdown in which no text of a document or a user is markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from assistant.export.blocks import Block

# Everything that is markup somewhere: CommonMark, and what GitHub and pandoc add to it.
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>&~|$^#@])")
# What only the beginning of a line makes a heading, a list, a rule or a definition, with the
# letters and numbers of lists, which are markup by the mark after them.
_LEADING: Final = re.compile(r"^([-+=:%])")
_ENUMERATOR: Final = re.compile(r"^(\(?\w{1,9})([.)])(?=\s|$)")
# Addresses become links by themselves in many readers.
_ADDRESS: Final = re.compile(r":(?=//)|(?<=\w)\.(?=[^\W\d_]{2})")


def markdown(blocks: Sequence[Block]) -> str:
    """``blocks`` as a Markdown document."""
    ends = [_end(block, following) for block, following in pairwise(blocks)]
    return "".join(_line(block) + end for block, end in zip(blocks, [*ends, "\n"], strict=True))


def escaped(text: str) -> str:
    """One line of text as Markdown that shows it as it is."""
    special = _SPECIAL.sub(r"\\\1", text)
    address = _ADDRESS.sub(lambda found: "\\" + found[0], special)
    return _ENUMERATOR.sub(r"\1\\\2", _LEADING.sub(r"\\\1", address))


def _line(block: Block) -> str:
    text = escaped(block.text)
    if block.label:
        text = f"**{escaped(block.label)}** {text}"
    match block.kind:
        case "banner":
            return f"**{text}**"
        case "title":
            return f"# {text}"
        case "heading":
            return f"## {text}"
        case "subheading":
            return f"### {text}"
        case "item":
            return f"- {text}"
        case "quote":
            return f"> {text}"
        case "text" | "citation" | "detail":
            return text


def _end(block: Block, following: Block) -> str:
    """What stands between two blocks: a blank line, except within a list or a quotation."""
    if block.kind == following.kind == "item":
        return "\n"
    return "\n>\n" if block.kind == following.kind == "quote" else "\n\n"
