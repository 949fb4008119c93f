"""Running heads and feet: which lines of a page belong to the page and not to the text.

A line at the edge of the page is furniture when, with its numbers masked, it recurs at
the same height on other pages; where most edge lines at a height are furniture, so are
the rest (a chapter of two pages has its head only once on that side).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assistant.corpus.pdf import Line, RawPage

EDGE_ROWS = 3  # rows from the top or bottom edge that may be furniture
SAME_HEIGHT = 6.0  # points within which lines on two pages stand at the same height
ZONE = 0.17  # share of the page height that heads and feet stay within
TITLE_SIZE = 1.2  # times the usual height of running heads from which one is a title
BAND_SHARE = 0.5  # share of recurring lines from which a whole height is a band

ROMAN = r"[ivxlcdmIVXLCDM]+"
_NUMBERISH = re.compile(
    rf"\b(?:\d+|{ROMAN}|(?:Glossary|Index|References|Source|GL|[A-Z]{{1,2}})-\d+)\b"
)
_DIVISION = re.compile(r"(?:chapter|enclosure|appendix|annex|section) \w{1,5}", re.IGNORECASE)
_BLANK = re.compile(r"(?:this page )?(?:is )?intentionally (?:left )?blank\.?", re.IGNORECASE)

Key = tuple[int, int]  # (page number, index of the line on it)


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A line near the head or foot of its page."""

    key: Key
    side: str
    distance: float  # of its middle from that edge, in points
    row: int  # 0 is the outermost
    height: float
    text: str


def find_furniture(pages: Sequence[RawPage]) -> frozenset[Key]:
    """(page number, line index) of every running head and foot of a document."""
    edges = [(edge, mask(edge.text)) for edge in edge_lines(pages)]
    groups: dict[tuple[str, str], list[EdgeLine]] = defaultdict(list)
    found: set[Key] = set()
    for edge, masked in edges:
        if masked == "#" and edge.row == 0:  # a number alone at the very edge
            found.add(edge.key)
        groups[edge.side, masked].append(edge)
    enough = 2 if len(pages) <= 6 else 3
    for (_, masked), members in groups.items():
        for height in _clusters([edge.distance for edge in members]):
            same = [edge.key for edge in members if abs(edge.distance - height) <= SAME_HEIGHT]
            # A bare number inside the page may be the mark of a footnote.
            needed = max(enough, len(pages) // 3) if masked == "#" else enough
            if len({page for page, _ in same}) >= needed and _plausible(masked):
                found.update(same)
    found |= _bands(edges, found)
    return frozenset(found - _titles([edge for edge, _ in edges], found) | _blank_notes(pages))


def _titles(edges: list[EdgeLine], found: set[Key]) -> set[Key]:
    """Titles of chapters, which recur like running heads but are set larger or stand once."""
    heads = [edge for edge in edges if edge.side == "head" and edge.key in found]
    if not heads:
        return set()
    usual = median(edge.height for edge in heads)
    times = Counter(edge.text.lower() for edge in heads)
    plain = {mask(edge.text) for edge in heads if not edge.text.isupper()}
    return {
        edge.key
        for edge in heads
        if edge.height > TITLE_SIZE * usual
        # "CHAPTER I" above the running head "Chapter I" of the pages that follow
        or (edge.height > usual and edge.text.isupper() and mask(edge.text) in plain)
        or (_DIVISION.fullmatch(edge.text) and times[edge.text.lower()] == 1)
    }


def _blank_notes(pages: Sequence[RawPage]) -> set[Key]:
    """Lines like "This page intentionally left blank.", which say nothing of the subject."""
    return {
        (page.number, index)
        for page in pages
        for index, line in enumerate(page.lines)
        if _BLANK.fullmatch(page.text[line.start : line.end].strip())
    }


def edge_lines(pages: Sequence[RawPage]) -> list[EdgeLine]:
    """Lines in the outermost rows of every page."""
    edges = []
    for page in pages:
        for side in ("head", "foot"):
            for index, distance, row in _rows_from_edge(page, side):
                line = page.lines[index]
                text = page.text[line.start : line.end].strip()
                edges.append(EdgeLine((page.number, index), side, distance, row, line.height, text))
    return edges


def _rows_from_edge(page: RawPage, side: str) -> list[tuple[int, float, int]]:
    """(index of the line, distance from the edge, row counted from the edge)."""
    zone = ZONE * page.height
    middles = [(index, _distance(line, page.height, side)) for index, line in enumerate(page.lines)]
    near = sorted((pair for pair in middles if pair[1] <= zone), key=lambda pair: pair[1])
    row = 0
    kept: list[tuple[int, float, int]] = []
    for index, distance in near:
        if kept and distance - kept[-1][1] > SAME_HEIGHT / 2:
            row += 1
        if row == EDGE_ROWS:
            break
        kept.append((index, distance, row))
    return kept


def _distance(line: Line, height: float, side: str) -> float:
    middle = (line.top + line.bottom) / 2
    return height - middle if side == "head" else middle


def mask(text: str) -> str:
    """``text`` with numbers, roman numerals and page labels as "#", white space folded."""
    return " ".join(_NUMBERISH.sub("#", text).split()).lower()


def _clusters(values: list[float]) -> list[float]:
    counts = Counter(round(value / SAME_HEIGHT) for value in values)
    return [bucket * SAME_HEIGHT for bucket in counts]


def _plausible(masked: str) -> bool:
    # A sentence that happens to recur is longer than any head; a numbered paragraph is text.
    return len(masked) <= 160 and not re.match(r"#-#\. ", masked)


def _bands(edges: list[tuple[EdgeLine, str]], found: set[Key]) -> set[Key]:
    """Edge lines at heights where most edge lines are already furniture."""
    at_height: dict[tuple[str, int], list[tuple[Key, str]]] = defaultdict(list)
    for edge, masked in edges:
        at_height[edge.side, round(edge.distance / 3.0)].append((edge.key, masked))
    extra: set[Key] = set()
    for members in at_height.values():
        known = sum(key in found for key, _ in members)
        if known >= 3 and known >= BAND_SHARE * len(members):
            extra.update(key for key, masked in members if len(masked) <= 120)
    return extra
