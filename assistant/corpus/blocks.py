"""Lines of a document become blocks: headings, paragraphs, list items, rows, footnotes.

Works on the whole document at once, because a paragraph or list may run over a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from statistics import median
from typing import Literal

from assistant.corpus.furniture import Key
from assistant.corpus.numbering import Numbering
from assistant.corpus.pdf import Line, RawPage
from assistant.types import Span

BlockKind = Literal["heading", "text", "item", "caption", "footnote", "contents"]

BULLET = re.compile(r"[•\uf0b7\uf06c\uf0a7\uf0a8\uf076\uf0d8\uf02d\uf06e\uf071●▪◦■□‣∙–—]\s*(?=\S)|o\s+(?=[A-Z])")
_CAPTION = re.compile(r"(?:Figure|Table)\s+[\dA-Z]+(?:[-.–]\w+)*[.:]?\s")
_LEADERS = re.compile(r"\.{5,}|(?:\. ){5,}")
_ENDED = re.compile(r"[.?!:;](?:[\"”’')\]]*\d{0,3})?\s*$")
_FOOTNOTE = re.compile(r"\d{1,3}\s*[A-Z\"“(a-z]|[*†‡]")
HEADING_LENGTH = 130
LARGER = 1.16  # times the body height from which a line alone reads as a heading
SMALLER = 0.9


@dataclass(slots=True)
class Block:
    """A block being built; ``style`` orders headings (larger sorts higher)."""

    kind: BlockKind
    spans: list[Span]
    label: str | None = None
    style: tuple[float, int, int] = (0, 0, 0)
    glossary: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    page: RawPage
    line: Line
    text: str
    first_on_page: bool
    footnote: bool
    contents: bool


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in the document: line height and pitch in points, and how steady."""

    body: float
    pitch: float
    steady: bool  # nearly all lines have the body height, so another height means something

    @classmethod
    def of(cls, pages: Sequence[RawPage], furniture: Set[Key]) -> _Measures:
        lines = [
            [line for i, line in enumerate(page.lines) if (page.number, i) not in furniture]
            for page in pages
        ]
        heights = [line.height for page in lines for line in page if line.end - line.start > 40]
        body = median(heights) if heights else 10.0
        steps = [
            step
            for page in lines
            for a, b in zip(page, page[1:], strict=False)
            if 0 < (step := a.bottom - b.top + b.height) < 3 * body
        ]
        near = sum(abs(height - body) < 0.06 * body for height in heights)
        return cls(body, median(steps) if steps else body, near > 0.7 * len(heights))


def find_blocks(pages: Sequence[RawPage], furniture: Set[Key]) -> list[Block]:
    """Blocks of the document in reading order; every line is in exactly one."""
    measures = _Measures.of(pages, furniture)
    rows = [row for page in pages for row in _rows(page, furniture, measures.body)]
    return _Builder(measures, Numbering.of([row.text for row in rows])).build(rows)


def _rows(page: RawPage, furniture: Set[Key], body: float) -> list[_Row]:
    lines = [
        line for i, line in enumerate(page.lines) if (page.number, i) not in furniture
    ]
    notes = _footnotes(page, lines, body)
    text = [line for line in _reading_order(page, lines) if line not in notes]
    ordered = text + [line for line in lines if line in notes]
    leaders = sum(bool(_LEADERS.search(page.text[line.start : line.end])) for line in lines)
    contents = leaders >= 3 and leaders > 0.3 * len(lines)
    return [
        _Row(page, line, page.text[line.start : line.end], index == 0, line in notes, contents)
        for index, line in enumerate(ordered)
    ]


def _footnotes(page: RawPage, lines: Sequence[Line], body: float) -> set[Line]:
    """Small lines that reach down to the page's end, from the first that opens with a mark."""
    small: list[Line] = []
    for line in sorted(lines, key=lambda line: line.bottom):
        if line.height > SMALLER * body or line.bottom > 0.6 * page.height:
            break
        small.append(line)
    while small and not _FOOTNOTE.match(page.text[small[-1].start : small[-1].end]):
        small.pop()
    return set(small)


def _reading_order(page: RawPage, lines: list[Line]) -> list[Line]:
    """``lines`` column by column where the file gives two columns row by row."""
    middle = page.width / 2
    sides = [
        -1 if line.right < middle + 5 else 1 if line.left > middle - 5 else 0 for line in lines
    ]
    jumps = sum(
        a == -1 and b == 1 and lines[i + 1].top > lines[i].bottom
        for i, (a, b) in enumerate(zip(sides, sides[1:], strict=False))
    )
    if sides.count(-1) < 8 or sides.count(1) < 8 or jumps < 0.5 * sides.count(1):
        return lines
    ordered: list[Line] = []
    region: list[tuple[int, Line]] = []
    for side, line in [*zip(sides, lines, strict=True), (0, None)]:
        if side == 0:
            for wanted in (-1, 1):
                column = [item for place, item in region if place == wanted]
                ordered.extend(sorted(column, key=lambda item: -item.top))
            region = []
            if line is not None:
                ordered.append(line)
        elif line is not None:
            region.append((side, line))
    return ordered


class _Builder:
    def __init__(self, measures: _Measures, numbering: Numbering) -> None:
        self._body = measures.body
        self._pitch = measures.pitch
        self._steady = measures.steady
        self._numbering = numbering
        self._blocks: list[Block] = []
        self._last: _Row | None = None  # last row of running text, footnotes aside
        self._open: Block | None = None  # block that a row may continue
        self._right = 0.0  # right edge of the column, from the lines seen
        self._in_table = False
        self._in_figure = False
        self._glossary = False

    def build(self, rows: Sequence[_Row]) -> list[Block]:
        for row in rows:
            self._add(row)
        return self._blocks

    def _add(self, row: _Row) -> None:
        if row.footnote:
            self._footnote(row)
            return
        if row.first_on_page:
            self._right = max(line.right for line in row.page.lines)
        kind = self._kind(row)
        if kind is None:
            assert self._open is not None
            _extend(self._open, row)
        else:
            self._start(kind, row)
        self._last = row

    def _kind(self, row: _Row) -> BlockKind | None:
        """The kind of block that ``row`` opens, or None where it continues the open one."""
        if row.contents or _LEADERS.search(row.text):
            continues = self._open is not None and self._open.kind == "contents"
            return None if continues and not row.first_on_page else "contents"
        if self._in_figure and not self._leaves_figure(row):
            return None
        if _CAPTION.match(row.text) and (row.line.bold > 0 or len(row.text) < 90):
            self._in_table = row.text.startswith("Table")
            self._in_figure = not self._in_table
            return "caption"
        if self._numbering.starts(row.text, row.line.bold):
            self._in_table = False
            return "text"
        if self._is_heading(row):
            self._in_table = False
            return "heading" if not self._same_heading(row) else None
        if BULLET.match(row.text) or self._numbering.item(row.text):
            return "item"
        if self._open is None or self._open.kind in ("heading", "contents", "footnote"):
            return "text"
        if self._in_table:
            return self._table_kind(row)
        return None if self._continues(row) else "text"

    def _is_heading(self, row: _Row) -> bool:
        text, line = row.text.strip(), row.line
        letters = [c for c in text if c.isalpha()]
        if len(text) > HEADING_LENGTH or len(letters) < 3 or BULLET.match(text):
            return False
        if self._in_table and line.height < LARGER * self._body and text[-1] not in "S":
            return line.bold > 0.8 and line.height > 1.05 * self._body
        larger = line.height >= LARGER * self._body
        bold = line.bold >= 0.8
        caps = sum(c.isupper() for c in letters) >= 0.9 * len(letters) and len(letters) >= 5
        if text.endswith((".", ",", ";")) and not (larger and bold):
            return False
        if not (larger or bold or caps) or (larger and not (bold or caps or self._steady)):
            return False
        if caps and not (bold or larger):
            return self._gap(row) > 1.3 and not _mid_sentence(self._last)
        if text[0].islower() or (_mid_sentence(self._last) and self._gap(row) < 1.3):
            return False
        if bold and not larger and not caps:
            return not text.endswith(":") and (self._gap(row) > 1.2 or row.first_on_page)
        return True

    def _same_heading(self, row: _Row) -> bool:
        """Whether ``row`` is a further line of the heading above it."""
        if self._open is None or self._open.kind != "heading" or self._last is None:
            return False
        last = self._last
        return (
            last.page.number == row.page.number
            and abs(last.line.height - row.line.height) < 0.6
            and abs(last.line.bold - row.line.bold) < 0.3
            and last.text.isupper() == row.text.isupper()
            and self._gap(row) < 1.4
        )

    def _table_kind(self, row: _Row) -> BlockKind | None:
        """Rows open where a line begins at the table's left edge."""
        if row.line.height >= 0.97 * self._body and row.line.right - row.line.left > 250:
            if self._gap(row) > 1.2 or row.first_on_page:
                self._in_table = False
                return "text"
        assert self._open is not None
        first = self._open.kind == "caption"
        left = min(row.line.left, self._table_left if not first else row.line.left)
        opens = first or row.line.left <= self._table_left + 3
        self._table_left = left
        return "item" if opens else None

    _table_left = 0.0

    def _continues(self, row: _Row) -> bool:
        last, line = self._last, row.line
        if last is None or self._open is None or self._open.kind == "caption":
            return False
        ended = bool(_ENDED.search(last.text))
        moved = row.first_on_page or last.page.number != row.page.number
        if moved or line.bottom > last.line.top:  # next page or next column
            return not ended or row.text[:1].islower()
        gap = self._gap(row)
        if gap > 1.3 and (ended or gap > 2.4):
            return False
        if self._steady and abs(line.height - last.line.height) > 0.12 * self._body:
            return False
        if self._open.kind == "item" and line.left < self._item_left - 2 and ended and gap > 1.1:
            return False
        if self._glossary and ended and line.bold > 0:
            return False
        width = last.line.right - last.line.left
        short = last.line.right < self._right - max(60.0, 0.18 * width)
        return not (ended and short and row.text[:1].isupper() and gap > 1.02)

    _item_left = 0.0

    def _gap(self, row: _Row) -> float:
        """Distance from the last line in usual line pitches; 9 where it is unknown."""
        last = self._last
        if last is None or last.page.number != row.page.number:
            return 9.0
        # The last row may hold several printed lines joined at line-end hyphens, so the
        # distance is taken from its lowest point.
        return (last.line.bottom - row.line.top + row.line.height) / self._pitch

    def _leaves_figure(self, row: _Row) -> bool:
        """Whether ``row`` is text again: as wide and as high as the body's lines."""
        line = row.line
        wide = line.right - line.left > 0.5 * row.page.width
        if row.first_on_page or (wide and abs(line.height - self._body) < 0.06 * self._body):
            self._in_figure = False
        return not self._in_figure

    def _start(self, kind: BlockKind, row: _Row) -> None:
        if kind == "heading":
            self._numbering.heading(row.text)
            self._glossary = "glossary" in row.text.lower() or (
                self._glossary and len(row.text.strip()) < 60 and "APPENDIX" not in row.text
            )
        if kind == "item" and not self._in_table:
            self._item_left = row.line.left
        label = self._numbering.label(row.text, row.line.bold) if kind == "text" else None
        letters = [c for c in row.text if c.isalpha()]
        caps = int(bool(letters) and all(c.isupper() for c in letters))
        style = (round(row.line.height), caps, int(row.line.bold > 0.5))
        current = label or self._numbering.current
        block = Block(kind, [], current, style, self._glossary, self._in_table)
        self._blocks.append(block)
        _extend(block, row)
        self._open = block

    def _footnote(self, row: _Row) -> None:
        previous = self._blocks[-1] if self._blocks else None
        page_change = previous is None or previous.spans[-1].page != row.page.number
        if previous is not None and previous.kind == "footnote" and not page_change:
            if not re.match(r"\d{1,3}\s*[A-Z\"“(]|\d{1,3}\s+\d|[*†‡]", row.text):
                _extend(previous, row)
                return
        block = Block("footnote", [])
        _extend(block, row)
        self._blocks.append(block)


def _mid_sentence(row: _Row | None) -> bool:
    return row is not None and not _ENDED.search(row.text) and len(row.text) > 50


def _extend(block: Block, row: _Row) -> None:
    """Add the row's range, joining it to the last span where only white space lies between."""
    start, end, page = row.line.start, row.line.end, row.page
    if block.spans:
        last = block.spans[-1]
        if last.page == page.number and last.end <= start and not page.text[last.end : start].strip():
            block.spans[-1] = Span(page.number, last.start, end)
            return
    block.spans.append(Span(page.number, start, end))
