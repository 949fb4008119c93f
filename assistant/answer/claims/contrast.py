"""Contrasts that a statement turns round: "A, not B" where the text says "B rather than A"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.claims.text import SOURCE, stems
from assistant.corpus.sentences import sentence_ranges

WIDE: Final = 120  # characters of what is denied; without an end, a long text takes seconds
MOST: Final = 0.5  # share of the words of one side that the other must have

_OTHER: Final = r"(?!(?:only|just|merely|necessarily)\b)"  # "not only A" denies nothing
_FIRST: Final = re.compile(
    r"^(?P<affirmed>.+?)\s*(?:,\s*(?:and\s+)?not|\band not|\brather than|\binstead of|"
    rf"\bas opposed to|\band never|,\s*never)\s+{_OTHER}(?P<denied>[^,;:.]+)",
    re.IGNORECASE | re.DOTALL,
)
_LAST: Final = re.compile(
    rf"\b(?:not|no|never)\s+{_OTHER}(?P<denied>[^,;:.]{{1,{WIDE}}}?),?\s+but\s+(?:rather\s+|is\s+)?"
    r"(?P<affirmed>[^,;:.]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Contrast:
    """The stems that only what is affirmed has, and those that only what is denied has."""

    affirmed: frozenset[str]
    denied: frozenset[str]


def turned_round(statement: str, texts: Sequence[str]) -> bool:
    """Whether ``statement`` affirms what a contrast in ``texts`` denies, and denies the other."""
    asked = list(_contrasts(statement))
    if not asked:
        return False
    return any(
        _are_opposite(one, other) for one in asked for text in texts for other in _contrasts(text)
    )


def _are_opposite(one: _Contrast, other: _Contrast) -> bool:
    if one.denied & other.denied:
        return False
    return _share(one.denied, other.affirmed) >= MOST <= _share(other.denied, one.affirmed)


def _share(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words) if words else 0.0


def _contrasts(text: str) -> Iterator[_Contrast]:
    for start, end in sentence_ranges(text):
        sentence = " ".join(SOURCE.sub(" ", text[start:end]).split())
        if match := _LAST.search(sentence):
            yield _contrast(f"{sentence[: match.start()]} {match['affirmed']}", match["denied"])
        if match := _FIRST.match(sentence):
            yield _contrast(match["affirmed"], match["denied"])


def _contrast(affirmed: str, denied: str) -> _Contrast:
    yes, no = frozenset(stems(affirmed)), frozenset(stems(denied))
    return _Contrast(yes - no, no - yes)
