"""Quantities of a text, in digits or words, with what they count; durations in one unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.answer.claims.text import CARDINALS, SOURCE, TENS, stem_of
from assistant.index.words import STOP_WORDS

_TENS: Final = {word: float(number) for word, number in TENS.items()}
_CARDINAL: Final = {word: float(number) for word, number in CARDINALS.items()}
_ORDINAL: Final = {
    word: float(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        " thirteenth fourteenth fifteenth".split(),
        start=1,
    )
}
_TIMES: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_OTHER: Final = {"twice": 2.0, "both": 2.0, "pair": 2.0, "dozen": 12.0, "thrice": 3.0}
_NOT_ONE: Final = frozenset(
    "of another or who that and must may is can should with to has from for in by".split()
)
_DAYS: Final = {
    "minute": 1 / 1440,
    "second": 1 / 86400,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "fortnight": 14.0,
    "month": 30.0,
    "quarter": 90.0,
    "year": 360.0,
    "decade": 3600.0,
}
_UNIT_OF: Final = {stem_of(unit): days for unit, days in _DAYS.items()}
_RATE: Final = {
    "hourly": 1 / 24,
    "daily": 1.0,
    "weekly": 7.0,
    "fortnightly": 14.0,
    "biweekly": 14.0,
    "monthly": 30.0,
    "quarterly": 90.0,
    "annual": 360.0,
    "annually": 360.0,
    "yearly": 360.0,
    "biennial": 720.0,
    "biennially": 720.0,
}
_TOKEN: Final = re.compile(r"\$?\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?%?|[A-Za-z]+")
_DIGITS: Final = re.compile(r"\$?(\d[\d,]*(?:\.\d+)?)(st|nd|rd|th)?%?")
_PART: Final = re.compile(
    r"\b(?:(?P<tail>\w+) and (?:a |one )?)?(?P<part>half|quarter|three[- ]quarters)"
    r"(?: of)?(?: an?| one)?[- ]"
    r"(?P<unit>minute|hour|day|week|month|year|century|million|billion)s?\b",
    re.IGNORECASE,
)
_PARTS: Final = {"half": 0.5, "quarter": 0.25, "three-quarters": 0.75, "three quarters": 0.75}
_MONTH: Final = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"(?=\s+\d|,|\.|;|\)|\s+(?:of|and|to|is|each|every|until|through|or|if|at|for|when)\b|\s*$)"
)
_COUNT: Final = "one|two|three|four|five|six|seven|eight|nine"
_FRACTION: Final = re.compile(
    rf"\b(?P<count>an?|{_COUNT})[ -]"
    r"(?P<of>third|fourth|quarter|fifth|sixth|eighth|tenth)s?\b"
    r"(?! (?:\d|day|week|month|year|hour|edition|party|part(?:y|ies)|chapter|section))",
    re.IGNORECASE,
)
_RATIO: Final = re.compile(
    rf"\b(?P<count>{_COUNT}) (?:in|out of) (?P<of>{_COUNT}|ten)\b",
    re.IGNORECASE,
)
_EACH: Final = re.compile(
    r"\b(?:every|each|per|once an?|a)\s+(minute|hour|day|week|month|quarter|year)\b"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the place where it stands and the stem of the noun that it counts.

    ``days`` is its length where the noun is a unit of time; ``share``: the value is a percentage
    that is written as parts of a whole.
    """

    value: float
    start: int
    end: int
    noun: str
    days: float | None = None
    share: bool = False


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers that ``text`` states; designations such as "3-0" and sources are none."""
    plain = SOURCE.sub(lambda match: " " * len(match.group()), text)
    parts = list(_parts(plain))
    taken = [(part.start, part.end) for part in parts]
    parts += [q for q in _fractions(plain) if all(q.end <= a or b <= q.start for a, b in taken)]
    taken = [(part.start, part.end) for part in parts]
    counted = [q for q in _counted(plain) if not any(a <= q.start < b for a, b in taken)]
    return tuple(sorted([*parts, *counted], key=lambda quantity: quantity.start))


def months(text: str) -> set[str]:
    """Months that ``text`` names."""
    return {match.group(1) for match in _MONTH.finditer(text)}


def intervals(text: str) -> set[float]:
    """Days between two occurrences of what ``text`` says to recur ("monthly", "each year")."""
    lower = text.lower()
    found = {_RATE[word] for word in re.findall(r"[a-z]+", lower) if word in _RATE}
    found |= {_UNIT_OF[stem_of(match.group(1))] for match in _EACH.finditer(lower)}
    found |= {_UNIT_OF[stem_of(unit)] for unit in re.findall(r"\b(?:decade|fortnight)\b", lower)}
    return found | {q.days for q in quantities(text) if q.days is not None}


def _parts(text: str) -> Iterator[Quantity]:
    for match in _PART.finditer(text):
        part, unit = _PARTS[match["part"].lower()], match["unit"].lower()
        whole = _CARDINAL.get((match["tail"] or "").lower(), 0.0)
        if unit in _TIMES:
            yield Quantity((whole + part) * _TIMES[unit], *match.span(), "")
        else:
            days = _DAYS.get(unit, 36000.0) * (whole + part)
            yield Quantity(whole + part, *match.span(), stem_of(unit), days)


def _fractions(text: str) -> Iterator[Quantity]:
    """Parts of a whole as percentages: "four fifths" and "four in five" are 80."""
    for match in _RATIO.finditer(text):
        count, of = (_CARDINAL[match[side].lower()] for side in ("count", "of"))
        if count < of:
            yield Quantity(100.0 * count / of, *match.span(), "", share=True)
    for match in _FRACTION.finditer(text):
        count = _CARDINAL.get(match["count"].lower(), 1.0)
        below = {"quarter": 4.0}.get(match["of"].lower()) or _ORDINAL[match["of"].lower()]
        if count < below and (count > 1 or match["of"].lower() in ("fifth", "quarter", "tenth")):
            yield Quantity(100.0 * count / below, *match.span(), "", share=True)


def _counted(text: str) -> Iterator[Quantity]:
    tokens = [(match.group(), *match.span()) for match in _TOKEN.finditer(text)]
    words = [token[0].lower() for token in tokens] + [""] * 4
    place = 0
    while place < len(tokens):
        value, after = _value(text, tokens, words, place)
        if value is None:
            place += 1
            continue
        while words[after] in _TIMES:
            value *= _TIMES[words[after]]
            after += 1
        noun = _noun(words[after : after + 3])
        unit = _UNIT_OF.get(noun)
        start, end = tokens[place][1], tokens[after - 1][2]
        yield Quantity(value, start, end, noun, None if unit is None else unit * value)
        place = after


def _value(
    text: str, tokens: Sequence[tuple[str, int, int]], words: Sequence[str], place: int
) -> tuple[float | None, int]:
    """The number that begins at ``place``, and the place behind it."""
    word, following = words[place], words[place + 1]
    if match := _DIGITS.fullmatch(word):
        start, end = tokens[place][1], tokens[place][2]
        value = None if _is_designation(text, start, end) else match.group(1)
        return (None if value is None else float(value.replace(",", "") or 0)), place + 1
    if word in _TENS and (ones := _CARDINAL.get(following, _ORDINAL.get(following, 99.0))) < 10:
        return _TENS[word] + ones, place + 2
    if word == "one" and following in _NOT_ONE:
        return None, place + 1
    if word == "second" and place and words[place - 1] in ("per", "a"):
        return None, place + 1
    if word == "a" and following in _TIMES:
        return 1.0, place + 1
    known = _CARDINAL.get(word, _ORDINAL.get(word, _OTHER.get(word)))
    return known, place + 1


def _is_designation(text: str, start: int, end: int) -> bool:
    """Whether digits are part of something like "5132-03", "2.1.h", "F2" or "G-3"."""
    if start and text[start] != "$" and text[start - 1].isalnum():
        return True
    if start > 1 and text[start - 1] in "-." and text[start - 2].isalnum():
        return True
    joined = end < len(text) - 1 and text[end] in "-." and text[end + 1].isalnum()
    return joined and not text[end + 1 : end + 4].isalpha()


def _noun(words: Iterable[str]) -> str:
    for word in words:
        if word and word not in STOP_WORDS and not word[0].isdigit() and word not in _CARDINAL:
            return stem_of(word)
    return ""
