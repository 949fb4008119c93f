"""Paragraph numbers in the styles of this literature, followed through a document.

Army: ``2-14.``. Issuances and memoranda: ``1.2.`` or ``C11.15.3.1.``, then ``a.``; older
issuances ``1. PURPOSE.``, then ``a.``. Joint: a bold ``2. Heading`` line, then ``a.``.
Levels below the letter — ``(1)``, ``(a)`` — are items of a list inside their paragraph and
get no label of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ARMY = re.compile(r"((?:[A-Z]|\d{1,2})-\d{1,3})\.\s")
_DECIMAL = re.compile(r"((?:[A-Z]{1,2}\d{0,2}|\d{1,2})(?:\.[A-Z]?\d{1,2}){1,6})\.?\s+(?=[A-Z(\"“])")
_NUMBER = re.compile(r"(\d{1,2})\.\s+(?=[A-Z])")
_TITLED = re.compile(r"(\d{1,2})\.\s+\(?([A-Z][^.:]*?)(?:\)?[.:](?=\s|$)|$)")
_LETTER = re.compile(r"([a-z]{1,2})\.\s+(?=[A-Z(\"“])")
_ITEM = re.compile(
    r"(?:\((?:\d{1,3}|[a-z]{1,3}|[A-Z])\)|\d{1,2}\.|[a-z]\.|[A-Z]\.)\s+\S|(?:Step|Phase) \d+[.:—]"
)
_NUMBERED_ITEM = re.compile(r"\d{1,2}\.\s+\S")
_ROMAN = re.compile(r"[IVX]+\.\s+[A-Z]")
LONG = 4  # letters from which a word in capitals is no short form
_ENOUGH = 4  # paragraphs in a style from which the document is taken to use it


class Numbering:
    """Follows the paragraph numbers of one document, line by line."""

    def __init__(self, army: bool, lettered: bool, titled: bool) -> None:
        self._army = army
        self._lettered = lettered
        self._titled = titled
        self._base: str | None = None
        self._letter: str | None = None
        self._deep = False  # whether an item "1." was seen in the lettered paragraph
        self._nested: str | None = None  # last letter of a list below such an item

    @classmethod
    def of(cls, texts: Sequence[str]) -> Numbering:
        """The numbering in use, judged by how often each style opens a line."""
        army = sum(bool(_ARMY.match(text)) for text in texts) >= _ENOUGH
        decimal = sum(bool(_DECIMAL.match(text)) for text in texts)
        numbers = sum(bool(_NUMBER.match(text)) for text in texts)
        letters = sum(bool(_LETTER.match(text)) for text in texts)
        titled = sum(bool(match and _is_title(match[2])) for match in map(_TITLED.match, texts))
        # A few lettered lines are a list; issuances and joint publications have them all over.
        lettered = not army and letters >= _ENOUGH and decimal + numbers >= _ENOUGH
        return cls(
            army,
            lettered and letters > 0.005 * len(texts),
            titled >= _ENOUGH and titled > 0.25 * numbers,
        )

    @property
    def current(self) -> str | None:
        """Label of the paragraph that following text belongs to."""
        if self._base and self._letter:
            return f"{self._base}.{self._letter}"
        return self._base

    def starts(self, text: str) -> bool:
        """Whether a line opens a numbered paragraph."""
        return self._parse(text) is not None

    def is_titled(self, text: str) -> bool:
        """Whether a line opens with a number and a word in capitals: "G.2. DEFINITIONS. Unless"."""
        match = _DECIMAL.match(text)
        word = text[match.end() :].partition(" ")[0].strip(".:") if match else ""
        return len(word) >= LONG and word.isupper()

    def label(self, text: str) -> str | None:
        """Label of the paragraph that the line opens, which is the current one from now on."""
        parsed = self._parse(text)
        if parsed is not None:
            self._open(parsed)
        else:
            self.listed(text)
        return self.current

    def listed(self, text: str) -> None:
        """Follow an item: letters below an item "1." count by themselves (1.a.(1)(a)1.a.)."""
        if self._letter and _NUMBERED_ITEM.match(text):
            self._deep, self._nested = True, None
        elif self._deep and (match := _LETTER.match(text)):
            self._nested = match.group(1)

    def item(self, text: str) -> bool:
        """Whether a line opens a numbered item of a list."""
        return bool(_ITEM.match(text))

    def heading(self, text: str, divides: bool) -> str | None:
        """Follow a heading; its own label where it is numbered.

        A numbered one opens a paragraph series; one that ``divides`` the document, as one with a
        Roman number does, or any other of a document without letters, closes it.
        """
        if parsed := self._parse(text):
            self._open(parsed)
            return self._base
        match = _NUMBER.match(text)
        if self._lettered and match:
            self._open((match.group(1), None))
            return self._base
        if not self._lettered or divides or text.isupper() or _ROMAN.match(text):
            self._open((None, None))
        return None

    def _open(self, parsed: tuple[str | None, str | None]) -> None:
        self._base, self._letter = parsed
        self._deep, self._nested = False, None

    def _parse(self, text: str) -> tuple[str | None, str | None] | None:
        if self._army:
            match = _ARMY.match(text)
            return (match.group(1), None) if match else None
        if match := _DECIMAL.match(text):
            return match.group(1), None
        if not self._lettered:
            return None
        match = _TITLED.match(text) if self._titled else None
        if match and self._counts_on(match.group(1)) and _is_title(match.group(2)):
            return match.group(1), None
        if (match := _LETTER.match(text)) and self._follows(match.group(1)):
            return self._base, match.group(1)
        return None

    def _counts_on(self, number: str) -> bool:
        """Whether ``number`` comes soon after the last one; items within a paragraph do not."""
        last = int(self._base) if self._base and self._base.isdigit() else 0
        return 0 < int(number) - last <= 2

    def _follows(self, letter: str) -> bool:
        """Whether ``letter`` is the first or comes soon after the last one (a, b … z, aa)."""
        if self._deep and letter == "a":
            return False
        if self._nested and _ordinal(letter) - _ordinal(self._nested) == 1:
            return False
        if letter == "a":
            return True
        before, here = _ordinal(self._letter or "a"), _ordinal(letter)
        return 0 < here - before <= 3


def _is_title(words: str) -> bool:
    """Whether ``words`` are set in capitals, as "HEADS OF THE DoD COMPONENTS" is."""
    letters = [c for c in words if c.isalpha()]
    return len(letters) >= 3 and sum(c.isupper() for c in letters) >= 0.75 * len(letters)


def _ordinal(letters: str) -> int:
    return (len(letters) - 1) * 26 + ord(letters[0]) - ord("a")
