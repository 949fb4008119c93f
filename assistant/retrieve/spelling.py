"""Misspelt words of a question, set right by the words that the documents use."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import OSA

from assistant.index.reader import Index
from assistant.index.words import search_words

_WORD = re.compile(r"(?<![\w/&.-])[^\W\d_]{5,}(?![\w/&-])")
_LONG: Final = 9  # letters from which a word may have two errors


def set_right(question: str, index: Index) -> tuple[str, dict[str, str]]:
    """``question`` with misspelt words replaced, and what was replaced by what.

    A word is misspelt where no passage has it in any form and one that is used differs by a letter
    left out, put in, exchanged or swapped with its neighbour. A name is left as it is where it
    differs at its end, as "Atlantis" does from "Atlantic".
    """
    replaced: dict[str, str] = {}
    for match in _WORD.finditer(question):
        word = match.group()
        if word.isupper() or word in replaced or _is_used(word, index):
            continue
        name = word[0].isupper() and match.start() > 0
        if right := _meant(word.lower(), index, name=name):
            replaced[word] = right.capitalize() if word[0].isupper() else right
    for wrong, right in replaced.items():
        question = re.sub(rf"\b{re.escape(wrong)}\b", right, question)
    return question, replaced


def _is_used(word: str, index: Index) -> bool:
    stems = search_words(word)
    return any(index.frequencies(stems).values()) or index.store.has_spelling(word.lower())


def _meant(word: str, index: Index, *, name: bool) -> str | None:
    most = 2 if len(word) >= _LONG and not name else 1
    found = [
        (distance, -count, other)
        for other, count in index.store.spellings(word[0], len(word) - most, len(word) + most)
        if (distance := OSA.distance(word, other, score_cutoff=most)) <= most
        and not (name and other[:-1] == word[: len(other) - 1])
    ]
    return min(found)[2] if found else None
