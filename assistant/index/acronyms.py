"""Acronyms: what they stand for in this corpus.

It explains some, "geographic combatant commander (GCC)"; others its phrases spell:
"large-scale combat operations" for LSCO where nothing explains it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

_PAIR = re.compile(r"((?:[\w&/'-]+ ){1,9})\(([A-Z][A-Za-z&/-]{1,9}s?)\)")
_LISTED = re.compile(r"^([A-Z][A-Z0-9&/-]{1,9})\s+([a-zA-Z][a-z][\w ,&/'-]{5,70})$", re.MULTILINE)
_RUN = re.compile(r"[a-z]+(?:[ -][a-z]+){2,}")
_OFTEN = 3
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


def spelled_phrases(texts: Iterable[str]) -> dict[str, str]:
    """The commonest phrase by its initials, in capitals, for what no document explains.

    Phrases have three to six words, begin and end with a word that carries meaning, and
    occur at least ``_OFTEN`` times, or twice where five or more words leave little to chance.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        for run in _RUN.findall(text.lower().replace("u.s.", "u s")):
            words = re.split(r"[ -]", run)
            for size in range(3, 7):
                for start in range(len(words) - size + 1):
                    phrase = tuple(words[start : start + size])
                    if phrase[0] not in _SMALL and phrase[-1] not in _SMALL:
                        counts[phrase] += 1
    best: dict[str, tuple[int, str]] = {}
    for phrase, count in counts.items():
        if count < _OFTEN and (count < 2 or len(phrase) < 5):
            continue
        main = [word for word in phrase if word not in _SMALL]
        for chosen in (phrase, tuple(main)):
            initials = "".join(word[0] for word in chosen).upper()
            if len(initials) >= 3 and count > best.get(initials, (0, ""))[0]:
                best[initials] = (count, " ".join(phrase))
    return {initials: phrase for initials, (_, phrase) in best.items()}


def _matching_tail(words: list[str], acronym: str) -> str | None:
    """The shortest ending of ``words`` that spells ``acronym`` with beginnings of its words."""
    letters = "".join(c for c in acronym.lower() if c.isalpha())
    if len(letters) < 2:
        return None
    for start in range(len(words) - 1, -1, -1):
        tail = words[start:]
        parts = [part.lower() for word in tail for part in re.split(r"[-/]", word) if part]
        if tail[0].lower() not in _SMALL and _spells(parts, letters):
            return " ".join(tail)
    return None


def _spells(parts: list[str], letters: str) -> bool:
    """Whether each part gives one or more of its first letters, in order; small ones may not."""
    if not parts:
        return not letters
    part, rest = parts[0], parts[1:]
    if part in _SMALL and _spells(rest, letters):
        return True
    longest = 0
    while longest < min(len(part), len(letters), 4) and part[longest] == letters[longest]:
        longest += 1
    return any(_spells(rest, letters[taken:]) for taken in range(1, longest + 1))
