"""The page number that is printed on each page, as a reader would cite it.

Candidates are the number-like tokens of lines at a page's head and foot, once dates,
designations and numbered headings ("Chapter 2") are blotted out. A candidate is believed
when it counts along with the physical pages (label minus page number is the same on other
pages), when it says so ("Page 3 of 9"), or when it stands alone where other pages print
theirs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from assistant.corpus.furniture import SAME_HEIGHT, EdgeLine, Key, edge_lines
from assistant.corpus.pdf import RawPage

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NOT_A_PAGE = re.compile(
    rf"\b\d{{1,2}} {_MONTH},? (?:19|20)\d\d\b|\b{_MONTH}(?: \d{{1,2}},)? ?(?:19|20)\d\d\b"
    r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b(?:ADRP|ADP|ATTP|ATP|FMI|FM|TC|STP|AR|JP|CJCS[IM]|DoD[DIM]?|DTM)[ -]?"
    r"(?:\d[\d.\-]*\d[A-Z]?|\d{1,4})(?:-R|-M)?"
    r"|\b(?:chapter|volume|vol\.|attachment|appendix|annex|enclosure|section|table|figure|change"
    r"|version|part|tab|exhibit|chart|phase|no\.|title) (?:[\dIVX]+\b[.:]?|[A-Z]\b)",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?<![\w.\-–/,$])(?P<prefix>(?:(?:Source )?[A-Z][A-Za-z]{2,12}|[A-Z]{1,3}|[A-Z]-[A-Z]"
    r"|[IVX]{1,5}|\d{1,2}|[A-Z]\d?)-)?(?P<number>\d{1,4}|[ivxlc]{1,7})(?![\w\-–/])(?![.,]\d)"
)
_PAGE = re.compile(r"\bpage[ |]*$", re.IGNORECASE)
_OF = re.compile(r" ?of ?(\d+)\b")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ENOUGH = 3  # pages that count along from which a series is beyond coincidence
_LONGEST = 120  # a line with more characters is text, not a head or foot
_SHORT = 60  # within which "3 of 9" is a page and not part of a sentence


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: EdgeLine
    text: str
    series: tuple[str, int, str]  # prefix and style, number minus physical page, side
    edge: bool  # first or last of its line
    whole: bool  # the line holds nothing else
    sure: bool  # "Page 3", "3 of 9"
    furniture: bool


@dataclass(frozen=True, slots=True)
class PrintedPages:
    """``labels`` by physical page, None where none can be trusted; ``lines`` print them."""

    labels: dict[int, str | None]
    lines: frozenset[Key]


def printed_pages(
    pages: Sequence[RawPage],
    furniture: AbstractSet[Key],
    tree: Sequence[str] | None = None,
) -> PrintedPages:
    """What every page prints as its number, and the lines that print it."""
    edges = edge_lines(pages)
    repeats = Counter(edge.text for edge in edges)
    candidates: dict[int, list[_Candidate]] = defaultdict(list)
    for edge in edges:
        for candidate in _candidates(edge, edge.key in furniture):
            # "CODE 6 CODE 8" at the head of three pages numbers none of them.
            if candidate.whole or candidate.sure or repeats[edge.text] < _ENOUGH:
                candidates[edge.key[0]].append(candidate)
    votes = Counter(series for found in candidates.values() for series in {c.series for c in found})
    sure = {page.number: _choose(candidates[page.number], votes) for page in pages}
    places = Counter(_place(c) for c in sure.values() if c is not None)
    chosen = {
        number: candidate or _alone_in_place(candidates[number], places)
        for number, candidate in sure.items()
    }
    labels = {number: c.text if c else None for number, c in chosen.items()}
    lines = frozenset(c.line.key for c in chosen.values() if c is not None)
    return PrintedPages(_checked_against_tree(labels, tree, pages), lines)


def _candidates(edge: EdgeLine, furniture: bool) -> list[_Candidate]:
    if len(edge.text) > _LONGEST and not furniture:
        return []
    text = _NOT_A_PAGE.sub(lambda match: " " * len(match.group()), edge.text)
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    found: list[_Candidate] = []
    for match in _TOKEN.finditer(text):
        value = _value(match["number"])
        if value is None or value < 1:
            continue
        if found and found[-1].sure:
            break  # what follows is the total of "3 of 9"
        says_page = _PAGE.search(text, 0, match.start()) is not None
        of = _OF.match(text, match.end())
        opens = match.start() == begin
        sure = len(edge.text) <= _SHORT and (
            bool(of and value <= int(of[1]) and (says_page or opens))
            or (says_page and match.end() == end and text[begin:].lower().startswith("page"))
        )
        style = (match["prefix"] or "") + ("1" if match["number"].isdigit() else "i")
        found.append(
            _Candidate(
                edge,
                match.group(),
                (style, value - edge.key[0], edge.side),
                edge=opens or match.end() == end,
                whole=opens and match.end() == end,
                sure=sure,
                furniture=furniture,
            )
        )
    return [c for c in found if furniture or c.sure or c.whole or (edge.row == 0 and c.edge)]


def _value(numeral: str) -> int | None:
    if numeral.isdigit():
        return int(numeral) if not numeral.startswith("0") else None
    total = 0
    for here, after in zip(numeral, [*numeral[1:], ""], strict=True):
        value = _ROMAN_VALUES[here]
        total += -value if after and value < _ROMAN_VALUES[after] else value
    return total if total < 90 else None


def _choose(
    candidates: list[_Candidate], votes: Mapping[tuple[str, int, str], int]
) -> _Candidate | None:
    """The candidate that says it is the page, else the one whose series most pages follow."""
    sure = [c for c in candidates if c.sure]
    counting = [
        c for c in candidates if votes[c.series] >= (2 if c.edge and c.furniture else _ENOUGH)
    ]
    best = sure or counting
    if not best:
        return None
    return max(
        best,
        key=lambda c: (votes[c.series] * (2 if c.edge else 1), -c.line.distance, c.whole),
    )


def _alone_in_place(
    candidates: list[_Candidate], places: Mapping[tuple[str, int], int]
) -> _Candidate | None:
    """The only number of a head or foot, at the height where other pages print theirs."""

    def printed_there(candidate: _Candidate) -> int:
        side, height = _place(candidate)
        return sum(places.get((side, height + near), 0) for near in (-1, 0, 1))

    fitting = [
        c
        for c in candidates
        if c.edge
        and (c.furniture or (c.line.row == 0 and len(c.line.text) <= _SHORT))
        and printed_there(c) >= _ENOUGH
    ]
    return fitting[0] if len({c.text for c in fitting}) == 1 else None


def _place(candidate: _Candidate) -> tuple[str, int]:
    return candidate.line.side, round(candidate.line.distance / SAME_HEIGHT)


def _checked_against_tree(
    labels: dict[int, str | None], tree: Sequence[str] | None, pages: Sequence[RawPage]
) -> dict[int, str | None]:
    """Let the label tree decide where it is right: it agrees with nearly all printed ones.

    A tree of 1..N is what converters write when they know nothing; it only counts when the
    printed numbers say the same.
    """
    if tree is None:
        return labels
    known = [number for number, label in labels.items() if label is not None]
    agreeing = sum(_tree_label(tree, number) == labels[number] for number in known)
    if len(known) < 0.5 * len(pages) or agreeing < 0.95 * len(known):
        return labels
    return {number: label and _tree_label(tree, number) for number, label in labels.items()}


def _tree_label(tree: Sequence[str], number: int) -> str | None:
    return tree[number - 1] if number <= len(tree) else None
