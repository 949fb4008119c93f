"""The words of a text, with their clauses, as statements and evidence are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.index.words import STOP_WORDS, stem

_WORD: Final = re.compile(r"\$?\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?%?|[^\W\d_]+(?:['’][^\W\d_]+)?|%")
SOURCE: Final = re.compile(
    r"\((?:[^()]|\([^()]*\))*\b(?:pp?\.|paras?|PDF|att\.|encl\.|sec\.|ch\.|vol\.)"
    r"(?:[^()]|\([^()]*\))*\)"
)
_CUT: Final = re.compile(
    r"[;:—()\[\]]|\n|•|(?<=[.?!])\s|,\s+(?=(?:and|but|or|nor|while|whereas|although|though|because"
    r"|until|unless|if|when|where|which|who|not|never|rather|with|without|except|then|so|as|in"
    r"|for|by|to|only|yet|after|before|once)\b)|\s(?=(?:while|whereas|although|though|because"
    r"|until|unless|but|except|rather than|instead of|provided|so long as|as long as)\b)"
    r"|,(?=\s)",
    re.IGNORECASE,
)
TENS: Final = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
CARDINALS: Final = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
} | TENS
# "Three days" and "3 days" are the same; "one" is a pronoun more often.
_SPELLED: Final = {word: str(number) for word, number in CARDINALS.items() if number > 1}
LEAST: Final = 2  # content words of a clause; what is shorter belongs to the one before
_IRREGULAR: Final = {
    form: base
    for base, forms in {
        "be": "am is are was were been being",
        "begin": "began begun",
        "bear": "bore borne",
        "become": "became",
        "bind": "bound",
        "break": "broke broken",
        "bring": "brought",
        "build": "built",
        "buy": "bought",
        "choose": "chose chosen",
        "come": "came",
        "draw": "drew drawn",
        "fall": "fell fallen",
        "fight": "fought",
        "find": "found",
        "forbid": "forbade forbidden",
        "fund": "funding",
        "give": "gave given",
        "go": "went gone",
        "grow": "grew grown",
        "have": "has had having",
        "hear": "heard",
        "hold": "held",
        "keep": "kept",
        "know": "knew known",
        "lay": "laid",
        "lead": "led",
        "leave": "left",
        "lend": "lent",
        "let": "letting",
        "lie": "lain lying",
        "lose": "lost loss",
        "make": "made",
        "mean": "meant",
        "meet": "met",
        "override": "overrode overridden",
        "pay": "paid",
        "rise": "rose risen",
        "run": "ran",
        "say": "said",
        "see": "saw seen",
        "seek": "sought",
        "sell": "sold sale",
        "send": "sent",
        "set": "setting",
        "show": "shown",
        "speak": "spoke spoken",
        "spend": "spent",
        "stand": "stood",
        "strike": "struck stricken",
        "take": "took taken",
        "teach": "taught",
        "tell": "told",
        "think": "thought",
        "understand": "understood",
        "win": "won",
        "withdraw": "withdrew withdrawn withdrawal",
        "write": "wrote written",
        "allied": "ally allies",
        "man": "men",
        "woman": "women",
        "person": "people persons",
        "child": "children",
        "approve": "approval",
        "decide": "decision",
        "notify": "notification",
        "receive": "receipt",
        "reply": "replies",
        "american": "americans",
        "brief": "briefing",
    }.items()
    for form in forms.split()
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, its stem, and in which sentence and clause."""

    text: str
    stem: str
    start: int
    end: int
    content: bool
    sentence: int
    clause: int

    @property
    def lower(self) -> str:
        """The word as a dictionary has it, apart from its ending."""
        return self.text.lower()


@lru_cache(maxsize=65536)
def stem_of(word: str) -> str:
    """The stem of a word in any case, irregular verbs under their infinitive."""
    plain = re.sub(r"['’]s?$|['’]s$", "", word.lower())
    return stem(_IRREGULAR.get(plain, plain))


def stems(text: str) -> list[str]:
    """The stems of the words of ``text``, stop words included."""
    return [stem_of(match.group()) for match in _WORD.finditer(text)]


def read(text: str, sentences: Iterable[tuple[int, int]]) -> tuple[Word, ...]:
    """The words of the sentences; what only names a source in parentheses is left out."""
    plain = SOURCE.sub(lambda match: " " * len(match.group()), text)
    words: list[Word] = []
    clause = -1
    for number, (start, end) in enumerate(sentences):
        for first, last in _clauses(plain, start, end):
            clause += 1
            words += _words(plain, first, last, number, clause)
    return tuple(words)


def _words(text: str, start: int, end: int, sentence: int, clause: int) -> list[Word]:
    found = []
    for match in _WORD.finditer(text, start, end):
        lower = match.group().lower()
        base = re.sub(r"['’]s?$", "", lower)
        content = base not in STOP_WORDS and (len(base) > 1 or base.isdigit())
        known = _SPELLED.get(lower) or stem_of(lower)
        found.append(Word(match.group(), known, *match.span(), content, sentence, clause))
    return found


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts of a sentence, none with fewer than ``LEAST`` content words unless it is alone."""
    found: list[list[int]] = []
    position = start
    cuts = [match.span() for match in _CUT.finditer(text, start, end)]
    for cut, after in [*cuts, (end, end)]:
        if text[position:cut].strip():
            part = [position, cut]
            if found and min(_content(text, part), _content(text, found[-1])) < LEAST:
                found[-1][1] = cut
            else:
                found.append(part)
        position = max(position, after)
    return [(first, last) for first, last in found]


def _content(text: str, part: list[int]) -> int:
    words = (match.group().lower() for match in _WORD.finditer(text, *part))
    return sum(word not in STOP_WORDS for word in words)


def alike(a: str, b: str) -> bool:
    """Whether two stems are of one family ("notif", "notify"; "approv", "approval")."""
    if a == b:
        return True
    least = min(len(a), len(b))
    if least < 4:
        return False
    shared = next((i for i in range(least) if a[i] != b[i]), least)
    return shared >= max(4, least - 1) and shared >= 0.6 * max(len(a), len(b))


def spelled(text: str, acronyms: Mapping[str, str]) -> set[str]:
    """Stems of what the acronyms in ``text`` stand for, and of acronyms it spells out."""
    lower, found = text.lower(), set[str]()
    tokens = {token.removesuffix("s") for token in re.findall(r"[\w&/-]+", text)}
    tokens |= set(re.findall(r"[\w&/-]+", text))
    for short, long_form in acronyms.items():
        if short in tokens:
            found.update(stems(long_form))
        elif long_form.lower() in lower:
            found.update(stems(short))
    return found
