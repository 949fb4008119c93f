r"""Text as a phrase is compared: whatever its case, its line ends and its hyphens.

A hyphen between letters goes, since a line's end may have put it there; any other dash and
all white space become one blank. So "co-\noperation", "co-operation" and "Cooperation" are the
same, and "no table" is not "notable".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.corpus.clean import clean_with_offsets

_BETWEEN = re.compile(r"(?<=\w)-\s*(?=\w)")
_BLANK = re.compile(r"[\s\u2012-\u2015-]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``offsets[i]`` is the raw offset that ``text[i]`` came from."""

    text: str
    offsets: tuple[int, ...]

    def raw_range(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open range that ``text[start:end]`` came from (``start < end``)."""
        return self.offsets[start], self.offsets[end - 1] + 1


def folded(raw: str) -> str:
    """``raw`` as it is compared."""
    return fold(raw).text


def fold(raw: str) -> Folded:
    """Fold ``raw``, keeping where each character stands in it."""
    cleaned = clean_with_offsets(raw)
    out: list[str] = []
    offsets: list[int] = []
    position, text = 0, cleaned.text
    while position < len(text):
        if gone := _BETWEEN.match(text, position):
            position = gone.end()
            continue
        if blank := _BLANK.match(text, position):
            if out and out[-1] != " ":
                out.append(" ")
                offsets.append(cleaned.offsets[position])
            position = blank.end()
            continue
        for character in text[position].casefold():  # "ß" becomes two
            out.append(character)
            offsets.append(cleaned.offsets[position])
        position += 1
    while out and out[-1] == " ":
        out.pop()
        offsets.pop()
    return Folded("".join(out), tuple(offsets))
