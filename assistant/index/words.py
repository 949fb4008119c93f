"""How text becomes search words: lower case, stems, hyphenated words whole and in parts."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[-.&/'][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_stemmer = Stemmer.Stemmer("english", 0)

STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each few for from further
    had has have having he her here hers him his how i if in into is it its just kind me more
    most my no nor not now of off on once only or other our out over own per same she should so
    some such than that the their them then there these they this those through to too under
    until up upon us very was we were what when where which while who whom why will with within
    would you your shall may must might does give list name tell please according say says said
    actually exactly really get go make need want know s t d ll re ve""".split()
)

NUMBERS = tuple("one two three four five six seven eight nine ten eleven twelve".split())
ORDINALS = tuple("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split())


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball English stem of a lower-case word."""
    return str(_stemmer.stemWord(word))


def search_words(text: str) -> list[str]:
    """Stems of ``text`` in order; "self-defense" gives selfdefens, self, defens."""
    found: list[str] = []
    for match in _WORD.finditer(text.lower()):
        word = match.group()
        parts = _PART.findall(word)
        if len(parts) > 1:
            found.append(stem("".join(parts)))
            if parts[-1] == "s":
                parts.pop()
        found.extend(stem(part) for part in parts)
    return found


def spellings(text: str) -> list[str]:
    """Words of ``text`` of letters alone, in lower case, as they are written."""
    return _LETTERS.findall(text.lower())


def content_words(text: str) -> list[str]:
    """``search_words`` without stop words."""
    return [word for word in search_words(text) if word not in _STOP_STEMS]


_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS) | STOP_WORDS
