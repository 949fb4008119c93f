"""Running heads and feet: which lines of a page belong to the page and not to the text.

A line at the edge of the page is furniture when, with its numbers masked, it recurs at
the same height on other pages; where most edge lines at a height are furniture, so are
the rest (a chapter of two pages has its head only once on that side).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.corpus.pdf import Line, RawPage

EDGE_ROWS = 3  # rows from the top or bottom edge that may be furniture
SAME_HEIGHT = 6.0  # points within which lines on two pages stand at the same height
ZONE = 0.17  # share of the page height that heads and feet stay within
BAND_SHARE = 0.5  # share of recurring lines from which a whole height is a band

ROMAN = r"[ivxlcdmIVXLCDM]+"
_NUMBERISH = re.compile(rf"\b(?:\d+|{ROMAN}|(?:Glossary|Index|References|Source|GL|[A-Z]{{1,2}})-\d+)\b")

Key = tuple[int, int]  # (page number, index of the line on it)


def find_furniture(pages: Sequence[RawPage]) -> frozenset[Key]:
    """(page number, line index) of every running head and foot of a document."""
    edges = _edge_lines(pages)
    groups: dict[tuple[str, str], list[tuple[Key, float]]] = defaultdict(list)
    outermost: dict[tuple[int, str], float] = {}
    found: set[Key] = set()
    for key, side, mid, masked in edges:
        outer = outermost.setdefault((key[0], side), mid)
        if masked == "#" and mid - outer < 1:  # a number alone at the very edge
            found.add(key)
        groups[side, masked].append((key, mid))
    enough = 2 if len(pages) <= 6 else 3
    for (_, masked), members in groups.items():
        for height in _clusters([mid for _, mid in members]):
            same = [key for key, mid in members if abs(mid - height) <= SAME_HEIGHT]
            if len({page for page, _ in same}) >= enough and _plausible(masked):
                found.update(same)
    found |= _numbered_rows(edges, len(pages))
    return frozenset(found | _bands(edges, found))


def _edge_lines(pages: Sequence[RawPage]) -> list[tuple[Key, str, float, str]]:
    """(key, side, mid height from that side's edge, masked text) of lines near an edge."""
    edges = []
    for page in pages:
        for side in ("head", "foot"):
            for index, distance in _rows_from_edge(page, side):
                line = page.lines[index]
                masked = mask(page.text[line.start : line.end])
                edges.append(((page.number, index), side, distance, masked))
    return edges


def _numbered_rows(edges: list[tuple[Key, str, float, str]], page_count: int) -> set[Key]:
    """Outermost rows that stand at one height on most pages and begin or end with a number.

    Feet whose wording follows the section ("SECTION 2: RESPONSIBILITIES 8") recur too
    seldom to be known by their wording.
    """
    outermost: dict[tuple[int, str], tuple[float, Key, str]] = {}
    for key, side, mid, masked in edges:
        if mid < outermost.get((key[0], side), (1e9, key, ""))[0]:
            outermost[key[0], side] = (mid, key, masked)
    rows: dict[tuple[str, int], list[tuple[Key, bool]]] = defaultdict(list)
    for (_, side), (mid, key, masked) in outermost.items():
        numbered = masked.startswith("#") or masked.endswith("#")
        rows[side, round(mid / 2.0)].append((key, numbered))
    found: set[Key] = set()
    for members in rows.values():
        numbered = sum(is_numbered for _, is_numbered in members)
        if len(members) >= max(3, 0.4 * page_count) and numbered >= 0.8 * len(members):
            found.update(key for key, _ in members)
    return found


def _rows_from_edge(page: RawPage, side: str) -> list[tuple[int, float]]:
    zone = ZONE * page.height
    middles = [
        (index, _distance(line, page.height, side)) for index, line in enumerate(page.lines)
    ]
    near = sorted((pair for pair in middles if pair[1] <= zone), key=lambda pair: pair[1])
    rows = 0
    kept: list[tuple[int, float]] = []
    for index, distance in near:
        if not kept or distance - kept[-1][1] > SAME_HEIGHT / 2:
            rows += 1
        if rows > EDGE_ROWS:
            break
        kept.append((index, distance))
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


def _bands(edges: list[tuple[Key, str, float, str]], found: set[Key]) -> set[Key]:
    """Edge lines at heights where most edge lines are already furniture."""
    at_height: dict[tuple[str, int], list[tuple[Key, str]]] = defaultdict(list)
    for key, side, mid, masked in edges:
        at_height[side, round(mid / 3.0)].append((key, masked))
    extra: set[Key] = set()
    for members in at_height.values():
        known = sum(key in found for key, _ in members)
        if known >= 3 and known >= BAND_SHARE * len(members):
            extra.update(key for key, masked in members if len(masked) <= 120)
    return extra
