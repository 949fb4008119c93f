"""Tables, figures and footnotes belong to the numbered paragraph that refers to them.

They float: what stands next to them on the page need not be what speaks of them. What no
paragraph nearby refers to keeps no paragraph label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.corpus.block import Block
from assistant.corpus.clean import clean

BEFORE, AFTER = 30, 10  # blocks in which a reference is looked for, nearest first
_MARK = re.compile(r"(\d{1,3})\b")
_CAPTION = re.compile(r"(Figure|Table)\s+([\dA-Z]+(?:[-.–]\w+)*)", re.IGNORECASE)


def label_by_reference(blocks: Sequence[Block], texts: Mapping[int, str]) -> None:
    """Give tables and figures of ``blocks`` the label of the paragraph that names them.

    ``texts`` are the raw page texts by page number. Labels already given are kept.
    """
    shown = [
        _text(block, texts) if block.label or block.kind == "caption" else "" for block in blocks
    ]
    known: dict[str, str | None] = {}  # a table continued on the next page has no new reference
    for index, block in enumerate(blocks):
        match = _CAPTION.match(shown[index]) if block.kind == "caption" else None
        if match is None or block.label is not None:
            continue
        name = f"{match[1]} {match[2]}".lower()
        if name not in known:
            known[name] = _referring(name, blocks, shown, index)
        _give(known[name], blocks, index)


def label_footnotes(blocks: Sequence[Block], texts: Mapping[int, str]) -> None:
    """Give footnotes the label of the paragraph on their page in which their mark stands."""
    for index, block in enumerate(blocks):
        mark = _MARK.match(_text(block, texts)) if block.kind == "footnote" else None
        if mark is None or block.label is not None:
            continue
        # Raised marks stand right behind a word or a stop: "endurance.2", not "phase 2".
        raised = re.compile(
            rf"(?<!\d[.,])(?<=[^\W\d_]|[.,;:)\]'\"’”]){mark.group(1)}(?![\w%]|[.,]\d)"
        )
        for other in blocks[max(0, index - BEFORE) : index]:
            same_page = any(span.page == block.spans[0].page for span in other.spans)
            if (
                other.label
                and other.kind != "footnote"
                and same_page
                and raised.search(_text(other, texts))
            ):
                block.label = other.label


def _referring(name: str, blocks: Sequence[Block], shown: Sequence[str], index: int) -> str | None:
    """Label of the nearest block that names the table, those before it first."""
    pattern = re.compile(rf"\b{re.escape(name)}(?![\w-]|\.\w)", re.IGNORECASE)
    before = range(index - 1, max(-1, index - 1 - BEFORE), -1)
    after = range(index + 1, min(len(blocks), index + 1 + AFTER))
    for other in (*before, *after):
        if blocks[other].kind in ("text", "item") and pattern.search(shown[other]):
            label: str | None = blocks[other].label
            return label
    return None


def _give(label: str | None, blocks: Sequence[Block], index: int) -> None:
    """Label the caption and the rows that follow it."""
    blocks[index].label = label
    for block in blocks[index + 1 :]:
        if not block.table or block.kind == "caption" or block.label is not None:
            break
        block.label = label


def _text(block: Block, texts: Mapping[int, str]) -> str:
    return clean(" ".join(texts[span.page][span.start : span.end] for span in block.spans))
