"""Rows of a document become blocks: headings, paragraphs, list items, table rows, notes.

Works on the whole document at once, because a paragraph or list may run over a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from assistant.corpus.block import Block, BlockKind
from assistant.corpus.furniture import Key
from assistant.corpus.glossary import Glossary
from assistant.corpus.headings import (
    HeadingFinder,
    distance,
    opens_glossary,
    rank,
    style,
    within_glossary,
)
from assistant.corpus.numbering import Numbering
from assistant.corpus.pdf import RawPage
from assistant.corpus.rows import LEADERS, Measures, Row, document_rows
from assistant.corpus.tables import Table, is_figure_text, is_running_text

_BULLET = re.compile(
    r"[•\uf0b7\uf06c\uf0a7\uf0a8\uf076\uf0d8\uf02d\uf06e\uf071●▪◦■□‣∙]\s*(?=\S)|o\s+(?=[A-Z])"
)
_DASH = re.compile(r"[–—-]\s+(?=\S)")
_CAPTION = re.compile(
    r"(?:(?:Figure|Table)\s+[\dA-Z]+(?:[-.–]\w+)*[.:]?|Introductory (?:figure|table)[-\w]*\.?)\s"
)
_NOTE = re.compile(r"\d{1,3}\s*[A-Z\"“(]|\d{1,3}\s+[\da-z]|[*†‡]")


def find_blocks(pages: Sequence[RawPage], furniture: AbstractSet[Key]) -> list[Block]:
    """Blocks of the document in reading order; every line is in exactly one."""
    measures = Measures.of(pages, furniture)
    rows = document_rows(pages, furniture, measures)
    return _Builder(rows, measures).build()


class _Builder:
    def __init__(self, rows: Sequence[Row], measures: Measures) -> None:
        self._rows = rows
        self._measures = measures
        self._numbering = Numbering.of([row.text for row in rows])
        self._headings = HeadingFinder(rows, measures, self._numbering)
        self._blocks: list[Block] = []
        self._last: Row | None = None  # last row of running text, footnotes aside
        self._open: Block | None = None  # block that a row may continue
        self._members: list[Row] = []  # rows of the open block
        self._table: Table | None = None
        self._table_label: str | None = None
        self._caption: Row | None = None  # of the figure whose text is being read
        self._glossary: Glossary | None = None
        self._item_left = 0.0
        self._cut_short: tuple[Block, Row] | None = None  # a paragraph before a quotation

    def build(self) -> list[Block]:
        index = 0
        while index < len(self._rows):
            row = self._rows[index]
            if row.footnote:
                self._footnote(row)
                index += 1
                continue
            count = self._heading_at(index)
            if count:
                self._heading(self._rows[index : index + count])
                index += count
                continue
            kind = self._kind(index)
            if kind is None:
                self._continue(row)
            else:
                self._start(kind, row, index)
            index += 1
        return self._blocks

    def _heading_at(self, index: int) -> int:
        row = self._rows[index]
        if _BULLET.match(row.text) or _CAPTION.match(row.text):
            return 0
        count = self._headings.lines_at(index, self._last, self._glossary is not None)
        if count and self._caption is not None and self._above_caption(row):
            return 0
        if count and self._table is not None:
            # Bold cells are not headings; a heading below a table is larger or in capitals.
            larger = row.line.height > 1.05 * self._measures.body
            if not larger and not (row.text.isupper() and row.line.bold > 0.5):
                return 0
        return count

    def _kind(self, index: int) -> BlockKind | None:
        """The kind of block that the row opens, or None where it continues the open one."""
        row = self._rows[index]
        if row.contents or LEADERS.search(row.text):
            continues = self._open is not None and self._open.kind == "contents"
            return None if continues and not row.first_on_page else "contents"
        if _CAPTION.match(row.text) and (row.line.bold > 0 or len(row.text) < 90):
            return "caption"
        if self._caption is not None and not self._leaves_figure(row):
            return None
        numbered = self._numbering.starts(row.text) and not self._amid_sentence(row)
        if self._table is not None and not numbered and not self._leaves_table(row):
            opens = self._table.opens_row(row)
            return "item" if opens or _BULLET.match(row.text) else None
        self._table = None
        if numbered:
            return "text"
        if self._glossary:
            above = None if self._open is None or self._open.kind == "heading" else self._last
            return "item" if self._glossary.opens_entry(row, above, self._gap(row)) else None
        if _BULLET.match(row.text):
            return "item"
        if (_DASH.match(row.text) or self._numbering.item(row.text)) and not (
            self._amid_sentence(row)
        ):
            return "item"
        if self._open is None or self._open.kind in ("heading", "contents", "footnote"):
            return "text"
        return None if self._continues(row) else "text"

    def _amid_sentence(self, row: Row) -> bool:
        """Whether the line above is full and its sentence goes on here."""
        last = self._last
        if last is None or self._open is None or self._open.kind in ("heading", "caption"):
            return False
        if self._numbering.is_titled(row.text):
            return False
        if last.page.number != row.page.number:
            return last.wraps and not last.text.endswith(")")  # a reference ends a paragraph too
        return last.wraps and self._gap(row) < 1.2

    def _continues(self, row: Row) -> bool:
        last, line = self._last, row.line
        if last is None or self._open is None or self._open.kind == "caption":
            return False
        ended = last.ended
        moved = row.first_on_page or last.page.number != row.page.number
        if moved or line.bottom > last.line.top:  # next page or next column
            self._resume(row)
            return not ended or row.text[:1].islower()
        gap = self._gap(row)
        if gap > 1.3 and (ended or gap > 2.4):
            return False
        changed = abs(line.height - last.line.height) > 0.12 * self._measures.body
        if self._measures.steady and changed:
            return False
        if self._open.kind == "item" and line.left < self._item_left - 2 and ended and gap > 1.1:
            return False
        width = last.edge - last.line.left
        short = last.edge < row.right - max(60.0, 0.18 * width)
        return not (ended and short and row.text[:1].isupper() and gap > 1.02)

    def _resume(self, row: Row) -> None:
        """Go back to the paragraph that a quotation at the page's end cut short."""
        if self._cut_short is None or self._last is None or self._last.wraps:
            return
        block, full = self._cut_short
        if row.text[:1].islower() and full.page.number == self._last.page.number:
            self._open, self._members = block, [full]

    def _gap(self, row: Row) -> float:
        return distance(self._last, row, self._measures.pitch)

    def _above_caption(self, row: Row) -> bool:
        caption = self._caption
        return (
            caption is not None
            and caption.page.number == row.page.number
            and row.line.bottom > caption.line.top - 2
        )

    def _leaves_figure(self, row: Row) -> bool:
        """Whether ``row`` is text again and not drawn in the figure."""
        if self._above_caption(row):
            return False
        numbered = self._numbering.starts(row.text) and row.line.left < row.left + 60
        if row.first_on_page or numbered or is_running_text(row, self._measures):
            self._caption = None
        return self._caption is None

    def _leaves_table(self, row: Row) -> bool:
        assert self._table is not None
        if self._table.rows == 0 or not is_running_text(row, self._measures):
            return False
        return row.first_on_page or self._gap(row) > 1.2

    def _heading(self, run: Sequence[Row]) -> None:
        text = " ".join(row.text.strip() for row in run)
        label = self._numbering.heading(text, rank(text) > 0)
        within = self._glossary is not None and within_glossary(text)
        self._glossary = Glossary(text) if within or opens_glossary(text) else None
        self._table = self._caption = None
        self._append(Block("heading", [], label, style(run[0], text)), run[0])
        for row in run[1:]:
            self._continue(row)
        self._last = run[-1]

    def _start(self, kind: BlockKind, row: Row, index: int) -> None:
        if kind == "caption":
            is_table = "able" in row.text[:18]
            self._table = Table(self._rows, index + 1, self._measures) if is_table else None
            self._caption = None if is_table else row
            if not is_table:
                self._claim_figure_text(row)
        if kind == "item" and self._table is None:
            self._item_left = row.line.left
        if kind == "text":
            self._numbering.label(row.text)
        elif kind == "item":
            self._numbering.listed(row.text)
        label = self._numbering.current
        drawn = kind in ("item", "caption") and self._table is not None
        if kind == "caption":
            # A table has a number of its own, unless it is all that a paragraph holds.
            opens = self._open is not None and self._open.kind == "heading"
            self._table_label = label if opens else None
        if drawn or kind == "caption":
            label = self._table_label
        self._append(Block(kind, [], label, (0, 0, 0, 0), self._glossary is not None, drawn), row)

    def _claim_figure_text(self, caption: Row) -> None:
        """Give the figure what was drawn in it and read before its caption."""
        block = self._open
        if block is None or block.kind != "text" or block.table or not self._members:
            return
        same_page = self._members[0].page.number == caption.page.number
        above = all(row.line.bottom > caption.line.top - 2 for row in self._members)
        plain = not self._numbering.starts(self._members[0].text)
        if same_page and above and plain and is_figure_text(self._members, self._measures):
            block.table, block.label = True, None

    def _append(self, block: Block, row: Row) -> None:
        if block.kind == "heading":
            self._cut_short = None
        elif self._open and self._open.kind in ("text", "item") and self._last:
            self._cut_short = (self._open, self._last) if self._last.wraps else self._cut_short
        self._blocks.append(block)
        self._open = block
        self._members = []
        self._continue(row)

    def _continue(self, row: Row) -> None:
        assert self._open is not None
        self._open.add(row)
        self._members.append(row)
        self._last = row

    def _footnote(self, row: Row) -> None:
        previous = self._blocks[-1] if self._blocks else None
        goes_on = (
            previous is not None
            and previous.kind == "footnote"
            and previous.spans[-1].page == row.page.number
            and not _NOTE.match(row.text)
        )
        if previous is None or not goes_on:
            previous = Block("footnote", [])
            self._blocks.append(previous)
        previous.add(row)
