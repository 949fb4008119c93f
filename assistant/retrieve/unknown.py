"""Names in a question that no document holds, so that nothing can be said of them."""

from __future__ import annotations

import re
from typing import Final

from assistant.index.reader import Index
from assistant.index.words import content_words

# A word with a capital inside a sentence. Not all capitals: an acronym may be written otherwise
# in the documents ("UK", "U.K.").
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z][\w'’-]*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST: Final = 0.5  # share of capitalised words from which a question is a title, and none counts


def unknown_names(question: str, index: Index) -> tuple[str, ...]:
    """The proper names in ``question`` of which no indexed passage has a word."""
    words = _WORD.findall(question)
    capitalised = sum(word[0].isupper() for word in words)
    if capitalised > _MOST * len(words):
        return ()
    names = dict.fromkeys(re.sub(r"['’]s$", "", name) for name in _NAME.findall(question))
    return tuple(name for name in names if not _is_known(name, index))


def _is_known(name: str, index: Index) -> bool:
    stems = content_words(name)
    return not stems or any(index.frequencies(stems).values())
