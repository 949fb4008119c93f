"""What a search for excerpts comes to, before any text is read: sentences, weighed and sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.excerpts.query import ExcerptQuery
from assistant.index.sentences import Sentence
from assistant.types import Document


@dataclass(frozen=True, slots=True)
class Match:
    """Sentences of one document that were found together; ``line`` where a phrase has none.

    ``line`` is its range in the folded text of the page.
    """

    document: Document
    page: int
    sentences: tuple[Sentence, ...]
    score: float
    line: tuple[int, int] | None = None
    repeats: tuple[Match, ...] = ()

    @property
    def place(self) -> tuple[str, int, int]:
        """By which matches are in reading order."""
        return self.document.file, self.page, self.sentences[0].row if self.sentences else 0


def restricted(matches: Iterable[Match], query: ExcerptQuery) -> list[Match]:
    """Those of the pages and paragraphs that the query wants."""
    return [
        match
        for match in matches
        if (query.pages is None or query.pages[0] <= match.page <= query.pages[1])
        and (query.paragraphs is None or _between(match, *query.paragraphs))
    ]


def ordered(matches: Iterable[Match], query: ExcerptQuery) -> list[Match]:
    """In the order that the query wants; what is equal, in reading order."""
    found = sorted(matches, key=lambda match: match.place)
    if query.order == "relevance":
        found.sort(key=lambda match: (-round(match.score, 6), match.document.status != "current"))
    elif query.order == "date":
        found.sort(key=lambda match: match.document.edition or date.min, reverse=True)
    return found


def grouped(matches: Sequence[Match]) -> list[Match]:
    """What stands in several documents in the same words once, with its repetitions.

    The first of those in force comes first.
    """
    groups: dict[object, list[Match]] = {}
    for match in matches:
        groups.setdefault(_said(match), []).append(match)
    return [one for members in groups.values() for one in _as_one(members)]


def _as_one(members: Sequence[Match]) -> list[Match]:
    by_document: dict[str, list[Match]] = {}
    for member in members:
        by_document.setdefault(member.document.id, []).append(member)
    if len(by_document) == 1:
        return list(members)
    in_force = [m for m in members if m.document.status == "current"]
    first = (in_force or list(members))[0]
    others = tuple(m for m in members if m is not first)
    return [replace(first, repeats=others)]


def _said(match: Match) -> object:
    """Equal for matches that say the same; short ones say the same only by chance."""
    same = tuple(sentence.same for sentence in match.sentences)
    return same if same and all(same) else match


def _between(match: Match, first: str, last: str) -> bool:
    label = match.sentences[0].paragraph if match.sentences else None
    if label is None:
        return False
    key, start, end = _key(label), _key(first), _key(last)
    return start <= key and (key <= end or key[: len(end)] == end)


def _key(label: str) -> tuple[tuple[int, int | str], ...]:
    """By which "2-9" comes before "2-10" and "2-10.a"."""
    pieces = re.findall(r"\d+|[^\W\d_]+", label.lower())
    return tuple((0, int(piece)) if piece.isdigit() else (1, piece) for piece in pieces)
