"""The lines of a document in the order they are read, with what is usual among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.corpus.furniture import Key
from assistant.corpus.pdf import Line, RawPage

LEADERS = re.compile(r"\.{5,}|(?:\. ){5,}")
_FOOTNOTE = re.compile(r"\d{1,3}(?:\s*[A-Z\"“(a-z]|\s+\d|\s*$)|[*†‡]")
_KEY = re.compile(r"\S{1,16}")
_MARK = re.compile(r"\d{1,3}\s*$")
_ENDED = re.compile(r"[.?!:;](?:[\"”’')\]]*\d{0,3})?\s*$")
SMALLER = 0.9  # times the body height below which a line at the foot may be a footnote
COLUMN_LINES = 8  # lines on either side from which a page may have two columns
KEYS = 6  # short forms in sequence that make a list of acronyms


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in the document: line height and pitch in points, and how steady."""

    body: float
    pitch: float
    steady: bool  # nearly all lines have the body height, so another height means something
    shouting: bool  # written in capitals throughout, so they mean nothing

    @classmethod
    def of(cls, pages: Sequence[RawPage], furniture: AbstractSet[Key]) -> Measures:
        """Judged by all lines but heads and feet."""
        lines = [
            [line for i, line in enumerate(page.lines) if (page.number, i) not in furniture]
            for page in pages
        ]
        long = [
            (page.text[line.start : line.end], line)
            for page, kept in zip(pages, lines, strict=True)
            for line in kept
            if line.end - line.start > 40
        ]
        heights = [line.height for _, line in long]
        body = median(heights) if heights else 10.0
        steps = [
            step
            for kept in lines
            for a, b in pairwise(kept)
            if 0 < (step := a.bottom - b.top + b.height) < 3 * body
        ]
        near = sum(abs(height - body) < 0.06 * body for height in heights)
        capitals = sum(text.isupper() for text, _ in long)
        return cls(
            body,
            median(steps) if steps else body,
            near > 0.7 * len(heights),
            capitals > 0.5 * len(long),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is read: usually one of the page's, or a key and what stands beside it.

    ``left`` and ``right`` bound the text of its page or column; ``number`` counts rows.
    """

    page: RawPage
    lines: tuple[Line, ...]
    text: str
    left: float
    right: float
    first_on_page: bool
    footnote: bool
    contents: bool
    margin: bool = False

    @property
    def line(self) -> Line:
        """The first of its lines."""
        return self.lines[0]

    @property
    def edge(self) -> float:
        """Right edge of the last of its lines."""
        return self.lines[-1].right

    @property
    def ended(self) -> bool:
        """Whether it ends as a sentence or list item does."""
        return bool(_ENDED.search(self.text))

    @property
    def wraps(self) -> bool:
        """Whether its sentence goes on in the next line because this one is full."""
        full = self.edge > self.right - 0.12 * (self.right - self.left)
        return full and not self.ended


def document_rows(
    pages: Sequence[RawPage], furniture: AbstractSet[Key], measures: Measures
) -> list[Row]:
    """All rows of the document; every line outside heads and feet is in exactly one."""
    return [row for page in pages for row in _page_rows(page, furniture, measures)]


def _page_rows(page: RawPage, furniture: AbstractSet[Key], measures: Measures) -> list[Row]:
    lines = [line for i, line in enumerate(page.lines) if (page.number, i) not in furniture]
    notes = _footnotes(page, lines, measures.body)
    text = [line for line in lines if line not in notes]
    left, right = _column(page, text)
    beside = {line for line in text if _beside(line, left, right, measures.body)}
    main = _reading_order(page, [line for line in text if line not in beside])
    groups = _keyed(page, main) or [(line,) for line in main]
    groups += [(line,) for line in text if line in beside]
    groups += _marked(page, [line for line in lines if line in notes])
    leaders = sum(bool(LEADERS.search(_text(page, (line,)))) for line in lines)
    contents = leaders >= 3 and leaders > 0.3 * len(lines)
    rows = []
    for index, group in enumerate(groups):
        low, high = _bounds(group[0], groups, left, right)
        apart = group[0] in notes or group[0] in beside
        rows.append(Row(page, group, _text(page, group), low, high, index == 0, apart, contents))
    return rows


def _text(page: RawPage, lines: Sequence[Line]) -> str:
    return " ".join(page.text[line.start : line.end] for line in lines)


def _column(page: RawPage, lines: Sequence[Line]) -> tuple[float, float]:
    """Left and right edge of the running text."""
    long = [line for line in lines if line.right - line.left > 0.4 * page.width]
    if len(long) < 5:
        long = list(lines)
    if not long:
        return 0.0, page.width
    lefts = sorted(line.left for line in long)
    rights = sorted(line.right for line in long)
    return lefts[len(lefts) // 20], rights[len(rights) - 1 - len(rights) // 20]


def _beside(line: Line, left: float, right: float, body: float) -> bool:
    """Whether a small note stands in the margin."""
    outside = line.right < left - 2 or line.left > right + 2
    return outside and line.height < SMALLER * body


def _bounds(
    line: Line, groups: Sequence[tuple[Line, ...]], left: float, right: float
) -> tuple[float, float]:
    """Edges of the column that ``line`` stands in, where the page has two."""
    middle = (left + right) / 2
    for side in (-1, 1):
        if _side(line, middle) != side:
            continue
        others = [g[0] for g in groups if _side(g[0], middle) == side]
        if len(others) >= COLUMN_LINES and 2.2 * len(others) > len(groups) * 0.8:
            return min(o.left for o in others), max(o.right for o in others)
    return left, right


def _side(line: Line, middle: float) -> int:
    return -1 if line.right < middle + 5 else 1 if line.left > middle - 5 else 0


def _footnotes(page: RawPage, lines: Sequence[Line], body: float) -> set[Line]:
    """Small lines that reach down to the page's end, from the first that opens with a mark."""
    small: list[Line] = []
    for line in sorted(lines, key=lambda line: line.bottom):
        if line.height > SMALLER * body or line.bottom > 0.6 * page.height:
            break
        small.append(line)
    while small and not _FOOTNOTE.match(_text(page, (small[-1],))):
        small.pop()
    return set(small)


def _marked(page: RawPage, notes: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Footnotes line by line; a mark that stands for itself joins the line after it."""
    groups: list[tuple[Line, ...]] = []
    for line in notes:
        if groups and len(groups[-1]) == 1 and _MARK.fullmatch(_text(page, groups[-1])):
            groups[-1] = (groups[-1][0], line)
        else:
            groups.append((line,))
    return groups


def _reading_order(page: RawPage, lines: list[Line]) -> list[Line]:
    """``lines`` column by column where the file gives two columns row by row."""
    sides = [_side(line, page.width / 2) for line in lines]
    jumps = sum(
        a == -1 and b == 1 and lines[i + 1].top > lines[i].bottom
        for i, (a, b) in enumerate(pairwise(sides))
    )
    both = min(sides.count(-1), sides.count(1))
    if both < COLUMN_LINES or jumps < 0.5 * sides.count(1):
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


def _keyed(page: RawPage, lines: list[Line]) -> list[tuple[Line, ...]] | None:
    """Keys joined with what stands beside them, where the file gives all keys first.

    Lists of acronyms are often two text boxes: the short forms, then the long ones.
    """
    groups: list[tuple[Line, ...]] = []
    index, found = 0, False
    while index < len(lines):
        keys = _run(page, lines[index:], only_keys=True)
        beside = index + keys
        values = _run(page, lines[beside:]) if keys >= KEYS else 0
        right = max((line.right for line in lines[index:beside]), default=0.0)
        level = sum(
            any(abs(value.bottom - key.bottom) < 3 for value in lines[beside : beside + values])
            for key in lines[index:beside]
        )
        apart = values and min(line.left for line in lines[beside : beside + values]) > right
        if keys >= KEYS and apart and level > 0.8 * keys:
            groups += _paired(lines[index:beside], lines[beside : beside + values])
            index, found = beside + values, True
        else:
            groups += [(line,) for line in lines[index : index + max(1, keys)]]
            index += max(1, keys)
    return groups if found else None


def _run(page: RawPage, lines: Sequence[Line], only_keys: bool = False) -> int:
    """How many of the first lines go down the page below one another."""
    for count, line in enumerate(lines):
        if only_keys and not _KEY.fullmatch(page.text[line.start : line.end]):
            return count
        if count and line.top > lines[count - 1].bottom + 3:
            return count
    return len(lines)


def _paired(keys: Sequence[Line], values: Sequence[Line]) -> list[tuple[Line, ...]]:
    groups: list[tuple[Line, ...]] = [(key,) for key in keys]
    for value in values:
        above = [i for i, key in enumerate(keys) if key.bottom > value.bottom - 3]
        place = above[-1] if above else 0
        groups[place] = (*groups[place], value)
    return groups
