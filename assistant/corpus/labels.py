"""The page number that is printed on each page, as a reader would cite it.

Candidates are the number-like tokens of running heads and feet. A candidate is believed
when it counts along with the physical pages (label minus page number is the same on other
pages), so dates and designations, which do not count, drop out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.corpus.furniture import Key
from assistant.corpus.pdf import RawPage

_TOKEN = re.compile(
    r"(?<![\w.\-/])(?P<prefix>(?:[A-Z][A-Za-z]{2,12}|[A-Z]{1,3}|[A-Z]-[A-Z]|[IVX]{1,5}|\d{1,2}"
    r"|[A-Z]\d?)-)?(?P<number>\d{1,4}|(?-i:[ivxlc]{1,7}))(?![\w\-/])(?!\.\d)"
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_COINCIDENCE = 4  # pages that may count along by chance in a document counted by chapter
_CERTAIN = 3  # pages that count along from which a series is beyond coincidence
_EVERYWHERE = 0.34  # a token on more than this share of the pages is part of the head's text


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    series: tuple[str, int]  # (prefix and numeral style, number minus physical page)
    edge: bool  # first or last token of its line
    whole: bool  # the line holds nothing else


def printed_labels(
    pages: Sequence[RawPage],
    furniture: Iterable[Key],
    tree: Sequence[str] | None = None,
) -> dict[int, str | None]:
    """Printed label by physical page; None where none is printed or none can be trusted."""
    candidates = _candidates(pages, furniture)
    votes = Counter(
        series for found in candidates.values() for series in {c.series for c in found}
    )
    texts = Counter(text for found in candidates.values() for text in {c.text for c in found})
    # A token on many pages is part of the head's wording, unless it happens to count here.
    common = {text for text, n in texts.items() if n > max(3, _EVERYWHERE * len(pages))}
    styles = {series[0] for series, n in votes.items() if n >= 2}
    by_chapter = _by_chapter(candidates, votes)
    labels: dict[int, str | None] = {}
    for page in pages:
        usable = [
            c
            for c in candidates.get(page.number, ())
            if (c.text not in common or votes[c.series] >= _CERTAIN)
            and not (by_chapter and c.text.isdigit() and votes[c.series] <= _COINCIDENCE)
        ]
        labels[page.number] = _choose(usable, votes, styles)
    return _checked_against_tree(labels, tree, pages)


def _by_chapter(
    candidates: Mapping[int, list[_Candidate]], votes: Mapping[tuple[str, int], int]
) -> bool:
    """Whether more pages count by chapter ("3-1") than straight through.

    In short chapters, chapter numbers and days of the month then count along by chance.
    """
    chapter = straight = 0
    for found in candidates.values():
        counting = [c.text for c in found if votes[c.series] >= 2]
        chapter += any("-" in text for text in counting)
        straight += any(text.isdigit() for text in counting)
    return chapter > straight or (chapter > 2 and chapter >= 0.4 * len(candidates))


def _candidates(pages: Sequence[RawPage], furniture: Iterable[Key]) -> dict[int, list[_Candidate]]:
    by_page = {page.number: page for page in pages}
    found: dict[int, list[_Candidate]] = {}
    for number, index in furniture:
        page = by_page[number]
        line = page.lines[index]
        text = page.text[line.start : line.end].strip()
        for match in _TOKEN.finditer(text):
            value = _value(match["number"])
            if value is None or value < 1:
                continue
            style = (match["prefix"] or "") + ("1" if match["number"].isdigit() else "i")
            edge = match.start() == 0 or match.end() == len(text)
            candidate = _Candidate(
                match.group(), (style, value - number), edge, match.group() == text
            )
            found.setdefault(number, []).append(candidate)
    return found


def _value(numeral: str) -> int | None:
    if numeral.isdigit():
        return int(numeral) if not numeral.startswith("0") else None
    total = 0
    for here, after in zip(numeral, [*numeral[1:], ""], strict=True):
        value = _ROMAN_VALUES[here]
        total += -value if after and value < _ROMAN_VALUES[after] else value
    return total if total < 90 else None


def _choose(
    candidates: list[_Candidate], votes: Mapping[tuple[str, int], int], styles: set[str]
) -> str | None:
    """The candidate whose series most pages follow; a lone one only in a known form."""

    def rank(candidate: _Candidate) -> tuple[int, bool, bool]:
        return votes[candidate.series], candidate.edge, candidate.whole

    counting = [c for c in candidates if votes[c.series] >= 2]
    if counting:
        return max(counting, key=rank).text
    chapters = any("-" in style for style in styles)
    # One page of "References-1" is believed where other pages are numbered by chapter, and
    # a single "i" where front matter can be.
    lone = [
        c
        for c in candidates
        if c.edge and ((chapters and "-" in c.text) or (c.text.isalpha() and -9 < c.series[1] < 0))
    ]
    return max(lone, key=rank).text if lone else None


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
