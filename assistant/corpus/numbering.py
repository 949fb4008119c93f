"""Paragraph numbers in the three styles of this literature, followed through a document.

Army: ``2-14.``. Issuances and memoranda: ``1.2.`` or ``C11.15.3.1.``, then ``a.``.
Joint: a bold ``2. Heading`` line, then ``a.``. Levels below the letter — ``(1)``,
``(a)`` — are items of a list inside their paragraph and get no label of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ARMY = re.compile(r"((?:[A-Z]|\d{1,2})-\d{1,3})\.\s")
_DECIMAL = re.compile(
    r"((?:[A-Z]{1,2}\d{0,2}|\d{1,2})(?:\.[A-Z]?\d{1,2}){1,6})\.?\s+(?=[A-Z(\"“])"
)
_NUMBER = re.compile(r"(\d{1,2})\.\s+(?=[A-Z])")
_LETTER = re.compile(r"([a-z]{1,2})\.\s+(?=[A-Z(\"“])")
_ITEM = re.compile(r"(?:\(\w{1,4}\)|\d{1,2}\.|[a-z]\.|[A-Z]\.)\s+\S|(?:Step|Phase) \d+[.:—]")
_ENOUGH = 4  # paragraphs in a style from which the document is taken to use it


class Numbering:
    """Follows the paragraph numbers of one document, line by line."""

    def __init__(self, army: bool, lettered: bool) -> None:
        self._army = army
        self._lettered = lettered
        self._base: str | None = None
        self._letter: str | None = None

    @classmethod
    def of(cls, texts: Sequence[str]) -> Numbering:
        """The numbering in use, judged by how often each style opens a line."""
        army = sum(bool(_ARMY.match(text)) for text in texts) >= _ENOUGH
        decimal = sum(bool(_DECIMAL.match(text)) for text in texts)
        numbers = sum(bool(_NUMBER.match(text)) for text in texts)
        letters = sum(bool(_LETTER.match(text)) for text in texts)
        # A few lettered lines are a list; issuances and joint publications have them all over.
        lettered = not army and letters >= _ENOUGH and decimal + numbers >= _ENOUGH
        return cls(army, lettered and letters > 0.005 * len(texts))

    @property
    def current(self) -> str | None:
        """Label of the paragraph that following text belongs to."""
        if self._base and self._letter:
            return f"{self._base}.{self._letter}"
        return self._base

    def starts(self, text: str, bold: float) -> bool:
        """Whether a line opens a numbered paragraph."""
        return self._parse(text, bold) is not None

    def label(self, text: str, bold: float) -> str | None:
        """Label of the paragraph that the line opens, which is the current one from now on."""
        parsed = self._parse(text, bold)
        if parsed is not None:
            self._base, self._letter = parsed
        return self.current

    def item(self, text: str) -> bool:
        """Whether a line opens a numbered item of a list."""
        return bool(_ITEM.match(text))

    def heading(self, text: str) -> None:
        """Follow a heading: a numbered one opens a paragraph series, another closes it."""
        match = _NUMBER.match(text)
        if self._lettered and match:
            self._base, self._letter = match.group(1), None
        elif not self._lettered or text.isupper():
            self._base = self._letter = None

    def _parse(self, text: str, bold: float) -> tuple[str | None, str | None] | None:
        if self._army:
            match = _ARMY.match(text)
            return (match.group(1), None) if match else None
        if match := _DECIMAL.match(text):
            return match.group(1), None
        if not self._lettered:
            return None
        if (match := _NUMBER.match(text)) and bold >= 0.5 and len(text) > 60:
            return match.group(1), None
        if (match := _LETTER.match(text)) and self._follows(match.group(1)):
            return self._base, match.group(1)
        return None

    def _follows(self, letter: str) -> bool:
        """Whether ``letter`` is the first or comes soon after the last one (a, b … z, aa)."""
        if letter == "a":
            return True
        before, here = _ordinal(self._letter or "a"), _ordinal(letter)
        return 0 < here - before <= 3


def _ordinal(letters: str) -> int:
    return (len(letters) - 1) * 26 + ord(letters[0]) - ord("a")
