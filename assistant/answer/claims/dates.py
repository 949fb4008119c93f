"""Dates of a text, as far as they are given: day, month, year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
_NUMBER: Final = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_MONTH: Final = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>(?:19|20)\d\d))?",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:, (?P<year>(?:19|20)\d\d))?",
        rf"\b{_MONTH}(?: of)? (?P<year>(?:19|20)\d\d)",
        r"\b(?P<year>(?:19|20)\d\d)\b",
    )
)
_ENDS: Final = re.compile(
    rf"\b(?P<edge>end|beginning|start|first|last day|close) of {_MONTH}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date with the place where it stands; parts that are not given are 0."""

    day: int
    month: int
    year: int
    start: int
    end: int

    def is_met_by(self, other: Date) -> bool:
        """Whether ``other`` says the same, or more, or leaves open no more than the year."""
        return all(
            not mine or not theirs or mine == theirs
            for mine, theirs in ((self.day, other.day), (self.month, other.month))
        ) and (not self.year or not other.year or self.year == other.year)


@lru_cache(maxsize=4096)
def dates(text: str) -> tuple[Date, ...]:
    """The dates that ``text`` gives, in order."""
    found: list[Date] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(a.start < match.end() and match.start() < a.end for a in found):
                continue
            parts = match.groupdict()
            month = _NUMBER[parts["month"][:3].lower()] if parts.get("month") else 0
            day, year = int(parts.get("day") or 0), int(parts.get("year") or 0)
            found.append(Date(day, month, year, *match.span()))
    return tuple(sorted(found, key=lambda date: date.start))
