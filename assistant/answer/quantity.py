"""The figure that a question asks for, and whether a text gives one of that sort.

The sorts are the numeric answer types of question classification (Li and Roth 2002). A
passage on the right topic without such a figure is the commonest near miss: it does not say
how many, how much or when.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

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

_QUESTIONS: Final[tuple[tuple[Sort, re.Pattern[str]], ...]] = (
    (
        "share",
        re.compile(
            r"\b(?:what|which) (?:\w+ )?(?:percent\w*|share|proportion|fraction)\b|"
            r"\bpercentage of\b|\bhow much of\b"
        ),
    ),
    (
        "money",
        re.compile(
            r"\bhow (?:much|expensive)\b.*\b(?:cost|money|fund\w*|appropriat\w+|pay|paid|spen[dt]|"
            r"dollars?)\b|\b(?:what|which)\b.*\b(?:costs?|price|ceiling|cap|budget|allowance|"
            r"payment|per diem|fee)\b|\bper diem (?:rate|amount)\b|"
            r"\bdollar (?:amount|ceiling|cap|limit|value)\b"
        ),
    ),
    ("duration", re.compile(r"\bhow (?:often|long|soon|quickly|frequently|old)\b")),
    (
        "date",
        re.compile(
            # Not "when do we", "when may a commander": these ask for a condition.
            r"\bwhen (?:did|was|were|has|had|will)\b|\b(?:by|since|until) when\b|"
            r"\b(?:what|which) (?:date|year|month|day)\b"
        ),
    ),
    (
        "distance",
        re.compile(
            r"\bhow (?:far|deep|high|tall|heavy|fast)\b(?! (?:down|along))|"
            r"\b(?:maximum|minimum|operating|effective) range\b|\b(?:what|which) caliber"
        ),
    ),
    (
        "number",
        re.compile(
            r"\b(?:what|which)(?:'s| is| are| was)?\b.*\b(?:ratio|number of|rate|score|strength|"
            r"staffing|quantity)\b|\bhow much\b|^\w+ number (?:for|of)\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\bwhere\b.*\b(?:headquarter\w*|located|based|stationed|housed|built)\b|"
            r"\b(?:at|in) (?:which|what) (?:plant|city|town|base|country|location|place|site|"
            r"installation|facility)\b"
        ),
    ),
    ("reason", re.compile(r"\bwhy\b|\b(?:on|for) what (?:grounds|reasons?)\b|\bwhat reasons?\b")),
)
_NAMED = re.compile(
    r"\bnames? of the (?:[\w-]+ ){0,2}?([\w-]+)(?= (?:that|which|used|was|is)\b|[?.,]|$)"
)
# "Which article covers it?" wants "Article VIII".
_MARKED = re.compile(
    r"\b(?:which|what) (?:[\w-]+ ){0,4}?(annex|appendix|article|chapter|form|paragraph|section|"
    r"regulation|standardization agreement|stanag)\b(?! of\b)"
)
_COUNTED = re.compile(
    r"\bhow many ((?:[\w'-]+ ){0,4}?[\w'-]+)(?= (?:are|is|do|does|did|must|should|can|may|has|have|"
    r"will|were|was|in|of|for|per|to|from|the|on|with|and|ahead|before|after)\b|[?.,;]|$)"
)

_MARK: Final = r"(?:\d|(?-i:[IVXL]+|[A-Z])(?![\w']))"
# Dates and the numbers of provisions are no amounts.
_OTHER_NUMBERS = re.compile(
    rf"\b(?:{_MONTHS})\.? \d{{1,2}}(?:, \d{{4}})?|\b\d{{1,2}} (?:{_MONTHS})\b|"
    r"(?:§+|\b(?:sections?|chapters?|titles?|paragraphs?|paras?|figures?|tables?|pages?|volumes?|"
    r"memorandum|instruction|directive|manual|p\.))\s?\d[\w.-]*|\b\d+ u\.?s\.?c",
    re.IGNORECASE,
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
        r"\b(?:per|each|every|an?) (?:fiscal |calendar )?(?:year|quarter|month|week|day)\b|"
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
    "reason": re.compile(
        r"\b(?:because|so that|in order (?:to|that)|since|due to|owing to|therefore|thus|hence|"
        r"reasons?|purposes?|rationale|as a result|caus(?:e|es|ed)|given that|intended to|"
        r"to (?:avoid|ensure|allow|enable|keep|prevent|make|give|improve|reduce|protect|help))\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of some ``sort``; ``counted`` are the stems of what "how many" counts."""

    sort: Sort
    counted: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether ``text`` gives a figure of this sort."""
        if self.sort == "mark":
            return bool(
                re.search(rf"\b{self.counted[0]}s? (?:no\. ?)?{_MARK}", text, re.IGNORECASE)
            )
        if self.sort == "name":
            return _names(text, self.counted)
        if self.counted:
            return _counts(text, self.counted[-1])
        if self.sort == "number":
            text = _OTHER_NUMBERS.sub(" ", text)
        return bool(_GIVEN.get(self.sort, _NUMBER).search(text))


def asked_quantity(question: str) -> Quantity | None:
    """The figure that ``question`` asks for, None where it asks for none."""
    text = question.lower()
    if match := _MARKED.search(text):
        return Quantity("mark", (match.group(1),))
    if match := _NAMED.search(text):
        return Quantity("name", tuple(content_words(match.group(1))))
    if match := _COUNTED.search(text):
        return Quantity("count", tuple(content_words(match.group(1))))
    return next((Quantity(sort) for sort, wording in _QUESTIONS if wording.search(text)), None)


def _counts(text: str, noun: str) -> bool:
    """Whether a number stands shortly before ``noun``, or after it ("levels of warfare: three")."""
    words = text.split()
    for place, word in enumerate(words):
        beside = _clause(words[place:])
        if _is_number(word) and any(noun in content_words(other) for other in beside):
            return True
        if noun in content_words(word) and any(map(_is_number, beside)):
            return True
    return False


def _names(text: str, nouns: Sequence[str]) -> bool:
    """Whether a sentence has the noun and, elsewhere than at its beginning, a name."""
    return any(
        set(nouns) <= set(content_words(sentence)) and _CAPITAL.search(sentence)
        for sentence in re.split(r"(?<=[.;:])\s", text)
    )


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
