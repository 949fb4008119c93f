"""The names by which users know their conversations."""

from __future__ import annotations

import re
from typing import Final

LONGEST_NAME: Final = 120  # characters: a line of the list, even where it is wide
_SHORTENED: Final = 60  # characters that a narrow list shows of a question

# Control characters, and those that reorder what follows them or stand for no character.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]+")
_HALVES: Final = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """``text`` without halves of characters, which UTF-8 cannot carry."""
    return _HALVES.sub("\ufffd", text)


def tidied(name: str) -> str:
    """``name`` on one line, without control characters."""
    return " ".join(_UNPRINTABLE.sub(" ", whole(name)).split())


def named_after(question: str) -> str:
    """The first name of a conversation: its first question, shortened at the end of a word."""
    name = tidied(question) or "Conversation"
    if len(name) <= _SHORTENED:
        return name
    kept = name[:_SHORTENED]  # a word that ends just before the last place is whole
    words = kept.rpartition(" ")[0] or kept[:-1]
    return words.rstrip(" ,;:.\u2013\u2014-") + "\u2026"
