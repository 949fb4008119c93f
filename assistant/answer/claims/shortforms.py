"""Short forms of one text that another spells out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

LEAST: Final = 3  # letters from which the initials of words tell a short form

_SHORT: Final = re.compile(r"\b[A-Z][A-Z&/-]*[A-Z]")  # of "GCCs" the part that is listed
_WORD: Final = re.compile(r"[A-Za-z]+")
_SMALL: Final = frozenset(("of", "the", "and", "for", "in", "on", "to", "with"))
_BREAK: Final = re.compile(r"[.,;:()\[\]•|]")


def spelled_out(one: str, other: str, known: Mapping[str, str]) -> dict[str, str]:
    """Short forms that only ``one`` has and ``other`` spells out, and the reverse.

    By their initials ("GDP" for "gross domestic product"), or by the long forms that are ``known``.
    """
    found: dict[str, str] = {}
    for has, spells in ((one, other), (other, one)):
        for short in dict.fromkeys(_SHORT.findall(has)):
            if form(short).search(spells):
                continue
            long_form = known.get(short, "")
            if not long_form or not form(long_form).search(spells):
                long_form = next(_runs(short, spells), "")
            if long_form:
                found[short] = long_form
    return found


def written_as_in(statement: str, text: str, forms: Mapping[str, str]) -> str:
    """``text`` with the short and long forms that ``statement`` has."""
    for short, long_form in forms.items():
        is_short, is_long = form(short), form(long_form)
        if is_short.search(statement):
            text = is_long.sub(rf"{short}\1", text)
        else:
            text = is_short.sub(rf"{long_form}\1", text)
    return text


@lru_cache(maxsize=1024)
def form(name: str) -> re.Pattern[str]:
    """A short form as it is, or a long one in any case; in the plural, too."""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"\b{words}(s?)\b", 0 if name.isupper() else re.IGNORECASE)


def _runs(short: str, text: str) -> Iterator[str]:
    """Words of ``text`` in a row whose initials are the letters of ``short``."""
    letters = "".join(filter(str.isalpha, short)).lower()
    if len(letters) < LEAST:
        return
    every = list(_WORD.finditer(text))
    for words in (every, [word for word in every if word.group() not in _SMALL]):
        initials = "".join(word.group()[0].lower() for word in words)
        for place in re.finditer(f"(?={letters})", initials):
            first, last = words[place.start()], words[place.start() + len(letters) - 1]
            run = text[first.start() : last.end()]
            if not _BREAK.search(run):
                yield run
