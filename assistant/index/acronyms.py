"""Acronyms that the corpus itself explains: "geographic combatant commander (GCC)"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

_PAIR = re.compile(r"((?:[\w&/'-]+ ){1,9})\(([A-Z][A-Za-z&/-]{1,9}s?)\)")
_LISTED = re.compile(r"^([A-Z][A-Z0-9&/-]{1,9})\s+([a-zA-Z][a-z][\w ,&/'-]{5,70})$", re.MULTILINE)
_SMALL = frozenset("of the and for in on to a an by with or".split())


def find_acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Long form by acronym, the commonest where the corpus has several."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in _PAIR.finditer(text):
            acronym = match[2].removesuffix("s") if match[2][-2:-1].isupper() else match[2]
            long_form = _matching_tail(match[1].split(), acronym)
            if long_form:
                counts[acronym][long_form.lower()] += 1
        for match in _LISTED.finditer(text):
            long_form = _matching_tail(match[2].split(), match[1])
            if long_form and long_form.lower() == match[2].strip().lower():
                counts[match[1]][long_form.lower()] += 1
    return {acronym: forms.most_common(1)[0][0] for acronym, forms in counts.items()}


def _matching_tail(words: list[str], acronym: str) -> str | None:
    """The shortest ending of ``words`` whose initials, small words aside, spell ``acronym``."""
    letters = [c for c in acronym.lower() if c.isalpha()]
    if len(letters) < 2:
        return None
    for start in range(len(words) - 1, -1, -1):
        tail = words[start:]
        initials = [part[0].lower() for word in tail for part in word.split("-") if part]
        main = [
            part[0].lower()
            for word in tail
            if word.lower() not in _SMALL
            for part in word.split("-")
            if part
        ]
        if letters in (initials, main) and tail[0].lower() not in _SMALL:
            return " ".join(tail)
    return None
