"""What a text gives: a number of something, a date, a share, a place, a country, a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

from babel import Locale

from assistant.index.words import content_words

Sort = Literal[
    "count",
    "share",
    "money",
    "duration",
    "date",
    "distance",
    "number",
    "reason",
    "mark",
    "place",
    "name",
    "country",
    "body",
    "penalty",
]

_SPELLED = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "hundred|thousand|million|billion|dozen|once|twice|single"
)
_PARTS = "half|third|quarter|fifth|tenth|two-thirds|three-quarters"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_NUMBER = re.compile(rf"(?<![\w.-])(?:\$?\d[\d,.]*%?|{_SPELLED})(?!\w)", re.IGNORECASE)
_NEAR: Final = 4  # words from a number to what it counts
_PUNCTUATION: Final = ".,;:()[]\"'"

# "(1)" and "(2)" count the items of a list, not what is in it.
_ENUMERATOR = re.compile(r"(?:^|(?<=\s))\(?\d{1,2}\)(?=\s)")
# The place in another document that a text names as its source is no figure either.
_SOURCE = re.compile(r"\([^()]*\b(?:pp?\.|paras?) [^()]*\)")
_MARK: Final = r"(?:\d|(?-i:[IVXL]+|[A-Z])(?![\w']))"
# Dates and the numbers of provisions are no amounts.
_OTHER_NUMBERS = re.compile(
    rf"\b(?:{_MONTHS})\.? \d{{1,2}}(?:, \d{{4}})?|\b\d{{1,2}} (?:{_MONTHS})\b|"
    r"(?:§+|\b(?:sections?|chapters?|titles?|paragraphs?|paras?|figures?|tables?|pages?|volumes?|"
    r"memorandum|instruction|directive|manual|p\.))\s?\d[\w.-]*|\b\d+ u\.?s\.?c",
    re.IGNORECASE,
)
_BY_LETTERS: Final = frozenset("agency bureau command department directorate institute".split())
# What people are counted as.
_PEOPLE: Final = frozenset(
    content_words(
        "people persons personnel candidates civilians members positions soldiers students"
    )
)
_CAPITAL = re.compile(r"(?<=[a-z,] )(?:\(|the )?[A-Z][\w-]+")
_PERIODS = "days?|weeks?|months?|years?|hours?|minutes?|quarters?|decades?"
_GIVEN: Final[dict[Sort, re.Pattern[str]]] = {
    "share": re.compile(rf"\d\s?%|\bper ?cent\b|\b(?:{_PARTS})\b", re.IGNORECASE),
    "money": re.compile(
        r"[$€£]\s?\d|\bdollars\b|\bfree of charge\b|\b\d[\d,.]* (?:million|billion)\b",
        re.IGNORECASE,
    ),
    "duration": re.compile(
        r"\b(?:annual|year|month|week|dai|quarter|biannual|semiannual|biennial|hour)ly\b|\bannual\b|"
        r"\b(?:per|each|every|an?) (?:fiscal |calendar )?(?:year|quarter|month|week|day|hour)\b|"
        rf"(?:\d|\b(?:{_SPELLED}))[\w -]{{0,12}}?\b(?:{_PERIODS})\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:1[6-9]|20)\d\d\b|\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d|"
        rf"(?:\d|\b(?:{_SPELLED})) (?:{_PERIODS}) (?:after|before|from)\b",
        re.IGNORECASE,
    ),
    "distance": re.compile(
        r"(?:\d|\b(?:hundred|thousand)) ?(?:km|kilomet|met(?:er|re)|m\b|miles?|nautical|feet|foot|"
        r"ft\b|yards|mm\b|tons?|pounds|knots)",
        re.IGNORECASE,
    ),
    "number": re.compile(r"(?<![\w.-])(?!(?:19|20)\d\d\b)\d[\d,.]*%?(?![\w-])"),
    "place": re.compile(
        rf"\b(?:in|at|near|from|to) (?:the )?(?!(?i:{_MONTHS})\b|FY)(?-i:[A-Z])[a-z]+",
    ),
    "penalty": re.compile(
        r"\b(?:penalt|punish|sanction(?:s|ed)\b|fine[sd]?\b|forfeit|imprison|disciplin|revok|suspen[ds]|"
        r"terminat|withh[eo]ld|liable|court-martial|prosecut|debar|depriv|denied)",
        re.IGNORECASE,
    ),
    "reason": re.compile(
        r"\b(?:because|so that|in order (?:to|that)|since|due to|owing to|therefore|thus|hence|"
        r"reasons?|purposes?|rationale|as a result|caus(?:e|es|ed)|given that|intended to|"
        r"to (?:avoid|ensure|allow|enable|keep|prevent|make|give|improve|reduce|protect|help))\b",
        re.IGNORECASE,
    ),
}


def gives(sort: Sort, text: str, nouns: Sequence[str] = ()) -> bool:
    """Whether ``text`` gives something of this ``sort``.

    ``nouns`` say of what; of a "country" they are the stems of those that do not count.
    """
    text = _SOURCE.sub(" ", _ENUMERATOR.sub(" ", text))
    if sort == "mark":
        return bool(re.search(rf"\b{nouns[0]}s? (?:no\. ?)?{_MARK}", text, re.IGNORECASE))
    if sort == "name":
        return _names(text, nouns)
    if sort == "body":
        return _names_body(text, nouns[0])
    if sort == "country":
        return any(set(content_words(name)).isdisjoint(nouns) for name in countries(text))
    if nouns:
        return _counts(text, nouns[-1])
    if sort == "number":
        text = _OTHER_NUMBERS.sub(" ", text)
    return bool(_GIVEN.get(sort, _NUMBER).search(text))


def countries(text: str) -> list[str]:
    """Names of foreign countries in ``text`` (CLDR's), as they are written."""
    return [match.group() for match in _countries().finditer(text)]


@lru_cache(maxsize=1)
def _countries() -> re.Pattern[str]:
    territories: Mapping[str, str] = Locale("en").territories
    named = {
        re.sub(r" (?:SAR China|\(.*\))|^St\. ", "", name)
        for code, name in territories.items()
        if len(code) == 2 and code not in ("US", "UM", "EU", "UN", "EZ", "ZZ")
    }
    longest_first = sorted((*named, "UK", "U.K.", "Britain", "Turkey"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _counts(text: str, noun: str) -> bool:
    """Whether a number stands shortly before ``noun``, or after it ("levels of warfare: three")."""
    nouns = _PEOPLE if noun in _PEOPLE else {noun}
    words = text.split()
    for place, word in enumerate(words):
        beside = _clause(words[place:])
        if _is_number(word) and any(not nouns.isdisjoint(content_words(w)) for w in beside):
            return True
        if not nouns.isdisjoint(content_words(word)) and any(map(_is_number, beside)):
            return True
    return False


def _names(text: str, nouns: Sequence[str]) -> bool:
    """Whether a sentence has the noun and, elsewhere than at its beginning, a name."""
    return any(
        set(nouns) <= set(content_words(sentence)) and _CAPITAL.search(sentence)
        for sentence in re.split(r"(?<=[.;:])\s", text)
    )


def _names_body(text: str, noun: str) -> bool:
    """Whether a body of this sort is named ("1st Brigade", "Institute of X"), or one by letters."""
    named = rf"(?:\b[A-Z][\w.&-]*|\b\d+(?:st|nd|rd|th)) (?:[A-Z]\w+ )?{noun.title()}\b"
    of = rf"\b{noun.title()} (?:of|for) (?:the )?[A-Z]"
    letters = r"\b[A-Z]{4,}\b" if noun in _BY_LETTERS else r"(?!)"
    return bool(re.search(f"{named}|{of}|{letters}", text))


def _is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word.strip(_PUNCTUATION)))


def _clause(words: Sequence[str]) -> list[str]:
    """The next words up to the end of a clause, without the first."""
    found: list[str] = []
    for before, word in pairwise(words[: _NEAR + 2]):
        if before[-1] in ",.;":
            break
        found.append(word)
    return found[:_NEAR]
