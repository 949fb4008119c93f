"""Text as it is shown, searched and quoted, without losing where it stands on the page.

The cleaning, in order of the raw text: white space of any kind and length becomes one
blank; a soft hyphen goes; ligatures are spelled out; private-use and other bullets become
"•"; curly quotes become straight; control characters go. A hyphen that PDFium marks as
ending a line (U+FFFE, U+0002) is settled once per document, before anything else, as a soft
hyphen (it only broke a word) or a real one; that replaces one character by one, so offsets
stay PDFium's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LINE_HYPHENS = "\ufffe\x02"
SOFT_HYPHEN = "\u00ad"
_BULLETS = "\uf0b7\uf06c\uf0a7\uf0a8\uf076\uf0d8\uf02d\uf06e\uf071\uf0fc●▪◦■□‣∙\uf020"
_REPLACE = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u00ad": "",
    "\u200b": "",
    "\ufeff": "",
    "\u2011": "-",
    "\u2010": "-",
    **dict.fromkeys(_BULLETS, "•"),
}
_SPECIAL = re.compile(
    r"\s+|[\x00-\x08\x0e-\x1f\x7f]|[" + re.escape("".join(_REPLACE) + LINE_HYPHENS) + "]"
)
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
_LINE_HYPHEN = re.compile(f"[{LINE_HYPHENS}]")
_WHOLE_WORD = re.compile(rf"(?<![{LINE_HYPHENS}\w])[^\W\d_]+(?![{LINE_HYPHENS}\w])")
# First halves that are written with a hyphen in this literature even where the joined
# form would read as a word.
_KEEP_HYPHEN = frozenset(
    "self non anti counter multi cross co pre post re semi sub inter intra ex half well "
    "high low long short full part time two three four five six seven eight nine ten "
    "one first second third mid all air land sea state near quasi U.S".split()
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Cleaned text; ``offsets[i]`` is the raw offset of ``text[i]``."""

    text: str
    offsets: tuple[int, ...]

    def raw_range(self, start: int, end: int) -> tuple[int, int]:
        """Raw half-open range that ``text[start:end]`` came from (``start < end``)."""
        return self.offsets[start], self.offsets[end - 1] + 1


def clean(raw: str) -> str:
    """``raw`` as it is shown."""
    return clean_with_offsets(raw).text


@lru_cache(maxsize=4096)
def clean_with_offsets(raw: str, base: int = 0) -> Cleaned:
    """Clean ``raw``; offsets count from ``base``, the place of ``raw`` in its page."""
    out: list[str] = []
    offsets: list[int] = []
    position = 0
    for match in _SPECIAL.finditer(raw):
        begin, end = match.span()
        if begin > position:
            out.append(raw[position:begin])
            offsets.extend(range(base + position, base + begin))
        position = end
        token = match.group()
        if token.isspace():
            shown = " " if out and out[-1][-1] != " " else ""
        elif token in LINE_HYPHENS:
            shown = "-"
        else:
            shown = _REPLACE.get(token, "")
        if shown:
            out.append(shown)
            offsets.extend([base + begin] * len(shown))
    out.append(raw[position:])
    offsets.extend(range(base + position, base + len(raw)))
    text = "".join(out)
    trimmed = text.rstrip(" ")
    return Cleaned(trimmed, tuple(offsets[: len(trimmed)]))


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Lower-case words of raw ``texts`` that no line end broke."""
    return frozenset(
        word.lower() for text in texts for word in _WHOLE_WORD.findall(text) if len(word) > 1
    )


def settle_line_hyphens(raw: str, words: frozenset[str]) -> str:
    """``raw`` with every line-end hyphen settled; ``words`` is the document's vocabulary."""

    def settle(match: re.Match[str]) -> str:
        joins = _joins(raw, match.start(), match.end(), words)
        return SOFT_HYPHEN if joins else "-"

    return _LINE_HYPHEN.sub(settle, raw)


def _joins(raw: str, begin: int, end: int, words: frozenset[str]) -> bool:
    """Whether the hyphen at ``begin`` only broke a word at the line's end."""
    before = _WORD_BEFORE.search(raw, max(0, begin - 40), begin)
    after = _WORD_AFTER.match(raw, end)
    if before is None or after is None:
        return False
    head, tail = before.group(), after.group()
    if (head + tail).lower() in words:
        return True
    if head.lower() in _KEEP_HYPHEN or tail[0].isupper() or head.isupper():
        return False
    # "decision-makers": both halves are words of their own, so the hyphen is a real one.
    return not (head.lower() in words and tail.lower() in words)
