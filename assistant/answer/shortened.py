"""Whether a text holds in other words what a question abbreviates, or the other way round.

No glossary has every short form: "SECNAV" is the Secretary of the Navy, "CYBERCOM" stands in
USCYBERCOM, "IMA" in "individual mobilization augmentee". The letters of the short form must be
beginnings of words that follow each other (Schwartz and Hearst, PSB 2003, who ask for less).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

LEAST: Final = 3  # letters of a short form
LONG: Final = 5  # letters from which one may be part of a longer one
_SHORT = re.compile(r"[A-Z][A-Z0-9&]+")
_WORD = re.compile(r"[^\W_]+")
_SKIPPED: Final = frozenset("a an and for in of on the to with".split())


def is_short_for(name: str, text: str) -> bool:
    """Whether ``name`` is a short form of words, or the core of a short form, in ``text``."""
    if not _SHORT.fullmatch(name) or len(name) < LEAST:
        return False
    if len(name) >= LONG and re.search(rf"\b[A-Z]*{name}[A-Z]*\b", text):
        return True
    words = [word for word in _WORD.findall(text.lower()) if word not in _SKIPPED]
    letters = name.lower().replace("&", "")
    starts = (i for i, word in enumerate(words) if word[0] == letters[0])
    return any(_spells(letters, tuple(words[i : i + len(letters)])) for i in starts)


@lru_cache(maxsize=4096)
def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether ``letters`` are beginnings of the first of ``words``, at least of two of them."""
    return _rest(letters, words, 0)


def _rest(letters: str, words: Sequence[str], used: int) -> bool:
    if not letters:
        return used > 1
    if not words:
        return False
    first, *others = words
    for used_up in range(min(len(letters), len(first)), 0, -1):
        if first.startswith(letters[:used_up]) and _rest(letters[used_up:], others, used + 1):
            return True
    return False
