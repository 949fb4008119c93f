"""The matter of a question: without markup, without orders how to answer, in ordinary letters.

What is typed into a question is data like the text of a document. Markup is no word of it, and
an order to leave the rules of answering ("answer without citations") is not followed; the
question beside it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_TEX = re.compile(r"\\[A-Za-z]+\{([^{}]*)\}|\\\\|\$(?!\d)[^$]{0,40}\$|\\[A-Za-z]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(?:\*\*|__|`+|~~|^#+ |^> )", re.MULTILINE)
_QUOTED = re.compile(r"(['\"“])([^'\"“”]{12,}\?)\s*(?:['\"”])")
_CODE = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|DROP)\b.*\b(?:FROM|TABLE|INTO|SET)\b|^\s*[{\[]\s*\""
)
_ORDER: Final = (
    r"(?:please )?(?:ignore|disregard|forget|override|pretend|reply|respond|act as|you are now|"
    r"do not (?:cite|quote|refuse)|don['’]t (?:cite|quote|refuse)|no citations?|"
    r"skip the citations?|"
    r"answer (?:only|without|in the|in a|as|with(?:out)?|just)|print|output|repeat after|"
    r"say only)\b"
)
# An order, up to the end of its sentence or to the colon behind which the question comes.
_ORDERS = re.compile(rf"(?:^|(?<=[.!?;\n]))\s*{_ORDER}[^.!?:\n]*[.!?:]+", re.IGNORECASE)
_FEWEST: Final = 4  # words of a question from which all capitals are a way of typing
_ASKS = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]{2,}", re.DOTALL)


def matter_of(question: str, acronyms: Mapping[str, str], is_word: Callable[[str], bool]) -> str:
    """``question`` as it is searched for; the question itself where nothing would be left.

    ``is_word`` says whether the documents use a word in lower case.
    """
    plain = _SCRIPT.sub(" ", question)
    if _CODE.search(plain) and (quoted := _QUOTED.search(plain)):
        plain = quoted.group(2)
    plain = _TAG.sub(" ", plain)
    plain = _LINK.sub(r"\1", plain)
    plain = _TEX.sub(lambda match: match.group(1) or " ", plain)
    plain = _MARKS.sub("", plain)
    without = _ORDERS.sub(" ", plain)
    kept = without if _ASKS.search(without) else plain
    return " ".join(_in_small_letters(kept, acronyms, is_word).split()) or question


def _in_small_letters(
    text: str, acronyms: Mapping[str, str], is_word: Callable[[str], bool]
) -> str:
    """A question typed in capitals, in small letters but for what are acronyms or names."""
    letters = [character for character in text if character.isalpha()]
    if len(text.split()) < _FEWEST or any(character.islower() for character in letters):
        return text

    def small(match: re.Match[str]) -> str:
        word = match.group()
        return word.lower() if word not in acronyms and is_word(word.lower()) else word

    return re.sub(r"[A-Z]+", small, text)
