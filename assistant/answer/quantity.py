"""The figure that a question asks for, and whether a text gives one of that sort.

The sorts are the numeric answer types of question classification (Li and Roth 2002). A
passage on the right topic without such a figure is the commonest near miss: it does not say
how many, how much or when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.answer.figures import Sort, countries, gives
from assistant.index.words import content_words

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
            r"\bdollar (?:\w+ )?(?:amount|ceiling|cap|limit|value|threshold)\b|\bin dollars\b|"
            r"\bhow (?:large|big|high|much) (?:an? |the )?(?:\w+ )?(?:penalty|fine|fee)\b"
        ),
    ),
    (
        "duration",
        re.compile(
            r"\bhow (?:often|long|soon|quickly|fast|frequently|old)\b|"
            r"\b(?:tour|term|course|standard) length\b|\blength of (?:the |a )?(?:tour|term)\b"
        ),
    ),
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
            r"\bhow (?:far|deep|high|tall|heavy)\b(?! (?:down|along))|"
            r"\b(?:max(?:imum)?|min(?:imum)?|operating|effective) range\b|\b(?:what|which) caliber"
        ),
    ),
    (
        "number",
        re.compile(
            r"\b(?:what|which)(?:'s| is| are| was)?\b.*\b(?:ratio|number of|rate|score|strength|"
            r"staffing|quantity|population|"
            r"size of)\b|\bhow much\b|^\w+ number (?:for|of)\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\bwhere\b.*\b(?:headquarter\w*|located|based|stationed|housed|built)\b|"
            r"\b(?:at|in|on) (?:which|what) (?:plant|city|town|base|location|place|site|"
            r"installation|facility)\b|\b(?:which|what) (?:post|fort|garrison|city|town|base)\b"
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
_MARK_NUMBER = re.compile(r"\b(annex|article|form|regulation|stanag) numbers?\b")
# "Which brigade rotates there?" wants the name of one, "which country" that of a country.
_OF_SORT: Final = r"\b(?:what|which (?:(?!(?:of|at|the|in)\b)[\w.-]+ ){0,2}?) ?"
_BODY = re.compile(
    rf"{_OF_SORT}(agency|battalion|brigade|bureau|college|command|department|directorate|division|"
    r"institute|regiment|school|squadron|university)\b(?! of (?:command|study))"
)
_COUNTRY = re.compile(
    rf"{_OF_SORT}(?:country|countries|nations?|allied army|allied armies|nato members?)\b(?! team)"
)
_PENALTY = re.compile(
    r"\b(?:what|which)(?: \w+)? (?:penalt(?:y|ies)|punishments?|sanctions?|fines?)\b"
)
_COUNTED = re.compile(
    r"\bhow many ((?:[\w'-]+ ){0,4}?[\w'-]+)(?= (?:are|is|do|does|did|must|should|can|may|has|have|"
    r"will|were|was|in|of|for|per|to|from|the|on|with|and|ahead|before|after)\b|[?.,;]|$)"
)
# "At what level in decibels": a number of them.
_UNIT = re.compile(
    r"\bin (decibels|days|degrees|feet|gallons|hours|inches|kilometers|knots|meters|miles|minutes|"
    r"months|pounds|tons|weeks|yards|years)(?=[?,]| (?:does|do|is|must|should|may|can)\b)"
)
_NUMBER_OF = re.compile(
    r"\b(?:what|which)(?:'s| is| are| was)? the (?:[\w-]+ ){0,2}number of "
    r"((?:[\w'-]+ ){0,2}?[\w'-]+)"
    r"(?= (?:that|in|of|for|per|to|from|the|on|with|and|a|an)\b|[?.,;]|$)"
)


_CALLED: Final = frozenset(("country", "name", "penalty", "place", "reason"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of some ``sort``; ``counted`` are the stems of what "how many" counts."""

    sort: Sort
    counted: tuple[str, ...] = ()

    @property
    def names(self) -> bool:
        """Whether it is the name or mark of one thing, which a text seldom has by chance."""
        return self.sort in ("body", "country", "mark", "name", "penalty", "place")

    @property
    def called(self) -> str:
        """What it is, in a sentence that says that it is missing."""
        if self.sort in ("body", "mark"):
            return self.counted[0]
        return self.sort if self.sort in _CALLED else "figure or date"

    def stands_in(self, text: str) -> bool:
        """Whether ``text`` gives a figure of this sort."""
        return gives(self.sort, text, self.counted)


def asked_quantity(question: str) -> Quantity | None:
    """The figure that ``question`` asks for, None where it asks for none."""
    text = question.lower()
    if match := _MARKED.search(text) or _MARK_NUMBER.search(text):
        return Quantity("mark", (match.group(1),))
    if match := _NAMED.search(text):
        return Quantity("name", tuple(content_words(match.group(1))))
    if _PENALTY.search(text):
        return Quantity("penalty")
    if match := _BODY.search(text):
        return Quantity("body", (match.group(1),))
    if _COUNTRY.search(text):
        return Quantity("country", _countries_in(question))
    if match := (_COUNTED.search(text) or _NUMBER_OF.search(text) or _UNIT.search(text)):
        return Quantity("count", tuple(content_words(match.group(1))))
    return next((Quantity(sort) for sort, wording in _QUESTIONS if wording.search(text)), None)


def _countries_in(question: str) -> tuple[str, ...]:
    """Stems of the countries that the question names itself."""
    return tuple(content_words(" ".join(countries(question.title()))))
