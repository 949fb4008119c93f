"""One of the things that a section lists: "recommendation 7", "which recommendation is on X".

The whole list is no answer to that, nor is a sentence elsewhere that mentions the matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.sections import Section, SectionFinder
from assistant.answer.units import Unit, UnitFinder
from assistant.index.words import NUMBERS, ORDINALS, content_words, stem
from assistant.retrieve.asked import Asked
from assistant.retrieve.query import Query
from assistant.types import Hit

MATTER: Final = 0.4  # weighted share of what is asked of one item that it must hold
MOST: Final = 3  # items that are as good as each other
_ORDINALS: Final = ("first", "second", *ORDINALS)
_NUMBER: Final = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
_NUMBERED = re.compile(
    rf"\b([a-z]{{4,}}?)s?\s+(?:no\.? |number |#)?({_NUMBER}(?:(?:, | and | or ){_NUMBER})*)\b"
    r"(?! (?:to|percent|years?|months?|days?)\b)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)) ([a-z]{{3,}}[a-rt-z])\b", re.IGNORECASE
)
_WHICH = re.compile(
    r"(?:\b(?:which|what|the|its|their|any)|['’]s) ([a-z]{4,})s? (?:is|are|was|on|about|for|"
    r"that|which|deals?|concerns?|covers?|address\w*|treats?|asks?|says?|calls?|wants?)\b",
    re.IGNORECASE,
)
# What a report gives a list of, said as a verb.
_GIVES = re.compile(r"\b(?:recommend|find)(?=s\b|ed\b|\b)", re.IGNORECASE)
_LABEL = re.compile(r"^(?:• )?\(?(\d{1,2})[.)]\s")


@dataclass(frozen=True, slots=True)
class Members:
    """The items asked for, best first; ``beyond`` says why there is none of that number."""

    units: tuple[Unit, ...] = ()
    numbered: bool = False
    beyond: str | None = None


class MemberFinder:
    """Finds the items of a list that a question asks for by number or by matter."""

    def __init__(self, sections: SectionFinder, units: UnitFinder) -> None:
        self._sections = sections
        self._units = units

    def find(
        self, query: Query, asked: Asked, hits: Sequence[Hit], searched: Collection[str]
    ) -> Members:
        """The items that ``query`` asks for, none where it asks for no item of a list.

        ``searched`` are the ids of the documents that may be quoted.
        """
        if (by_number := self._numbered(query, hits, searched)) is not None:
            return by_number
        words = content_words(query.question)
        for noun in _asked_nouns(query.question):
            documents = self._sections.candidates(query, hits, searched, noun)
            for section in self._sections.listing(noun, documents):
                matter = self._sections.unnamed(words, section) & set(asked.weights)
                weights = {word: weight for word, weight in asked.weights.items() if word in matter}
                if chosen := self._on(Asked(weights, asked.aliases), section):
                    return Members(tuple(chosen))
        return Members()

    def _on(self, matter: Asked, section: Section) -> list[Unit]:
        """The items that hold most of what is asked, if any holds enough of it."""
        if not matter.weights:
            return []
        held = [(matter.covered(unit.text), unit) for unit in self._units.members(section)]
        best = max((share for share, _ in held), default=0.0)
        found = [unit for share, unit in held if share == best]
        return found if best >= MATTER and len(found) <= MOST else []

    def _numbered(
        self, query: Query, hits: Sequence[Hit], searched: Collection[str]
    ) -> Members | None:
        """The items of the numbers that the question names, None where it names no number."""
        for noun, numbers in _asked_numbers(query.question):
            documents = self._sections.candidates(query, hits, searched, noun)
            found = self._sections.listing(noun, documents)
            if not found:
                continue
            section = found[0]
            by_number = _by_number(self._units.members(section))
            units = [by_number[number] for number in numbers if number in by_number]
            if units:
                return Members(tuple(units), numbered=True)
            if max(numbers) > len(by_number):
                where = f"“{section.heading}” of {section.hit.document.designation}"
                missing = f"{where} lists {len(by_number)}, and none has the number {max(numbers)}"
                return Members(numbered=True, beyond=missing)
        return None


def _asked_nouns(question: str) -> list[str]:
    """Stems of what the question asks one of: "which recommendation is", "does it recommend"."""
    found = [match.group(1) for match in _WHICH.finditer(question)]
    return [stem(word.lower()) for word in [*found, *_GIVES.findall(question)]]


def _asked_numbers(question: str) -> list[tuple[str, list[int]]]:
    """(stem of a noun, numbers) for each noun that the question numbers."""
    found = []
    for match in _NUMBERED.finditer(question):
        numbers = re.findall(_NUMBER, match.group(2), re.IGNORECASE)
        found.append((stem(match.group(1).lower()), [_value(number) for number in numbers]))
    for match in _ORDINAL.finditer(question):
        found.append((stem(match.group(2).lower()), [_value(match.group(1))]))
    return found


def _value(number: str) -> int:
    word = number.lower()
    for names in (NUMBERS, _ORDINALS):
        if word in names:
            return names.index(word) + 1
    return int(re.sub(r"\D", "", word))


def _by_number(units: Sequence[Unit]) -> dict[int, Unit]:
    """The items by the numbers printed before them, else by their order."""
    labels = [_LABEL.match(unit.text) for unit in units]
    if all(labels):
        return {
            int(label.group(1)): unit for label, unit in zip(labels, units, strict=True) if label
        }
    return dict(enumerate(units, start=1))
