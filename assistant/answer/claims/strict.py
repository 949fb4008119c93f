"""What settles that a statement is not supported, whatever else speaks for it.

A model that copies a sentence and changes one word of it leaves every measure of likeness high.
Where a statement repeats most of a sentence, the two are therefore compared as two versions of
one text (Ratcliff and Obershelp, as in ``difflib``), and some changes are not forgiven.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.answer.claims.align import Alignment
from assistant.answer.claims.edits import Code, compared, longest_run
from assistant.answer.claims.facts import missing_months, missing_numbers
from assistant.answer.claims.numbers import quantities
from assistant.index.words import NUMBERS, ORDINALS

REPEATS: Final = 0.8  # share of a statement's words from which it repeats a sentence
RUN: Final = 5  # words in a row that both have, at the least
STANDS_FOR: Final = 0.5  # cosine from which a word may stand for another in its place
BY_ITSELF: Final = 3  # words of a change that is no clause
BESIDE: Final = 2  # words in common on both sides of a word that was exchanged
OPPOSITE: Final = "the cited text says the opposite"
QUOTED: Final = 3  # words from which what stands in quotation marks is a quote

_QUOTE = re.compile(r"[“\"„]([^“”\"„]{8,}?)[”\"]")
# "ADRP 3-0", "RR-A641-1", "5132.03": letters and digits that name one thing.
_DESIGNATION = re.compile(r"\b(?=[\w.-]*\d)(?=[\w.-]*[-.A-Z])\w+(?:[-.]\w+)+\b|\b[A-Z]+\d+\w*\b")
_NO_NEGATION = re.compile(
    r"\bnot only\b|\bwhether or not\b|\bnot (?:above|below|over|under|exceed(?:ing)?)\b|"
    r"\bno(?:t)? (?:later|more|less|fewer|sooner|longer|earlier) than\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|never|neither|no|none|nobody|nothing|cannot|without|rather than|instead of|"
    r"unless|fail(?:s|ed)? to)\b|n['’]t\b",  # "nor" goes with another
    re.IGNORECASE,
)
_CLASSES: Final = {
    "must": re.compile(
        r"\b(?:must|shall|required?|requires|ha(?:s|ve) to|need(?:s|ed)? to)\b", re.I
    ),
    "should": re.compile(r"\b(?:should|recommend\w*|encourag\w+|advis\w+|ought)\b", re.I),
    "may": re.compile(r"\b(?:may|might|can|could|permitted|allowed|optional)\b", re.I),
}
_SPELLED: Final = frozenset((*NUMBERS, *ORDINALS))
_ONLY = re.compile(r"\b(?:only|solely|alone|exclusively)\b", re.IGNORECASE)
_BUT = re.compile(r"\b(?:except|unless|without|other than|apart from)\b", re.IGNORECASE)
_LIMITS: Final = (
    ("only", _ONLY),
    ("at least", re.compile(r"\b(?:at least|no (?:less|fewer) than|or more|minimum)\b", re.I)),
    (
        "at most",
        re.compile(
            r"\b(?:at most|up to|no more than|not (?:more than|above|over|exceed(?:ing)?)|"
            r"or (?:less|fewer)|maximum)\b",
            re.IGNORECASE,
        ),
    ),
)
_ALL = re.compile(r"\b(?:all|every|each|always|any)\b", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:some|most|many|several|few|certain|usually|normally|generally|often|sometimes)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Repeated:
    """A sentence that a statement repeats: the edits, and where its repeated part stands."""

    codes: Sequence[Code]
    places: Sequence[int]
    text: str


def absent(
    statement: str, texts: Sequence[str], above: Sequence[str], alignment: Alignment
) -> str | None:
    """What the ``statement`` names or quotes that is not in ``texts``, None where all is there.

    ``above`` are headings and names of documents.
    """
    everything = "\n".join([*texts, *above])
    for quote in _QUOTE.findall(statement):
        if len(quote.split()) >= QUOTED and _packed(quote) not in _packed(everything):
            return "the words in quotation marks are not those of the cited text"
    for name in _DESIGNATION.findall(statement):
        if _packed(name) not in _packed(everything):
            return f"{name} is not in the cited text"
    for number in missing_numbers(alignment):
        return f"the number {number} is not in the cited text"
    for month in missing_months(alignment):
        return f"the month {month} is not in the cited text"
    return None


def changed(statement: str, alignment: Alignment) -> str | None:
    """What turns the meaning of a sentence that is repeated; None where nothing is found."""
    repeated = _repeated(alignment)
    return _changed(statement, repeated, alignment) if repeated else None


def _repeated(alignment: Alignment) -> _Repeated | None:
    """The sentence of which the statement repeats most, None where it repeats none."""
    best: tuple[int, _Repeated] | None = None
    least = REPEATS * len(alignment.statement.words)
    for sentence in range(len(alignment.places)):
        places, codes = compared(alignment, sentence)
        equal = sum(b - a for tag, a, b, _, _ in codes if tag == "equal")
        is_better = best is None or equal > best[0]
        if is_better and equal >= least and longest_run(codes) >= RUN:
            best = equal, _Repeated(codes, places, alignment.texts[sentence])
    return best[1] if best else None


def _changed(statement: str, repeated: _Repeated, alignment: Alignment) -> str | None:
    """What was changed in a repeated sentence that turns its meaning."""
    told = _extent(repeated, alignment)
    if _turned(repeated, alignment) and not _limited(statement, told):
        return OPPOSITE
    said = {name for name, pattern in _CLASSES.items() if pattern.search(statement)}
    meant = {name for name, pattern in _CLASSES.items() if pattern.search(told)}
    if said and meant and said.isdisjoint(meant):
        return f"the cited text says “{min(meant)}”"
    for name, pattern in _LIMITS:
        if name == "only" and _limited(statement, told):
            continue
        if pattern.search(statement) and not pattern.search(told):
            return f"the cited text does not say “{name}”"
    if bool(_ALL.search(statement)) > bool(_ALL.search(told)) and _SOME.search(told):
        return "the cited text does not say it of all"
    for mine, others, _ in _replaced(repeated, alignment):
        if _exchanged(mine, others) or _exchanged(others, mine):
            return _instead(mine, others)
    return None


def foreign(alignment: Alignment) -> str | None:
    """A word of a repeated sentence in whose place stands one that hardly means the same."""
    if (repeated := _repeated(alignment)) is None:
        return None
    found = _replaced(repeated, alignment)
    return next((_instead(said, others) for said, others, is_foreign in found if is_foreign), None)


def _instead(said: Sequence[str], others: Sequence[str]) -> str:
    return f"the cited text says “{' '.join(others)}” and not “{' '.join(said)}”"


def _replaced(
    repeated: _Repeated, alignment: Alignment
) -> Iterator[tuple[list[str], list[str], bool]]:
    """Words in the place of others, the others, and whether they are foreign to them."""
    words, codes = alignment.statement.words, repeated.codes
    for number, (tag, a, b, c, d) in enumerate(codes):
        held = _held(codes, number)
        if tag != "replace" or not held:
            continue
        # "IT" is a short form, "it" is not.
        rows = [row for row in range(a, b) if alignment.content[row] or _is_exact(words[row].text)]
        columns = [repeated.places[column] for column in range(c, d)]
        content = [column for column in columns if alignment.words[column].content]
        if not rows or not content or alignment.same[np.ix_(rows, content)].any():
            continue
        said, others = [words[row].text for row in rows], _texts(alignment, content)
        values = {_value(word) for word in said} - {None}
        if values & {_value(word) for word in others}:
            continue
        nearest = float(alignment.similar[np.ix_(rows, content)].max())
        single = len(rows) == len(content) == 1  # rewording takes more than one word
        is_foreign = single and held >= BESIDE and nearest < STANDS_FOR
        yield said, others, bool(is_foreign and not alignment.same[rows[0]].any())


def _exchanged(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a number or a short form stands in the place of another name."""
    return len(one) == 1 and _is_exact(one[0]) and any(map(_is_name, other))


def _texts(alignment: Alignment, columns: Sequence[int]) -> list[str]:
    return [alignment.words[column].text for column in columns]


def _value(word: str) -> float | None:
    """The number that a word is, whatever its spelling."""
    return next((quantity.value for quantity in quantities(word)), None)


def _is_name(word: str) -> bool:
    """Whether it is written like a name, a short form or a number."""
    return word[:1].isupper() or _is_exact(word)


def _is_exact(word: str) -> bool:
    """Whether it is a number or a short form, for which no other word stands."""
    bare = re.sub(r"['’]s?$", "", word)
    return any(map(str.isdigit, bare)) or (len(bare) > 1 and bare.isupper()) or bare in _SPELLED


def _held(codes: Sequence[Code], number: int) -> int:
    """How many words both texts share on that side of a change where they share fewer.

    The beginning and the end count as sides that are shared; a change beside a change has none.
    """
    around = [codes[place] for place in (number - 1, number + 1) if 0 <= place < len(codes)]
    if any(tag != "equal" for tag, *_ in around):
        return 0
    return min((b - a for _, a, b, _, _ in around), default=0)


def _extent(repeated: _Repeated, alignment: Alignment) -> str:
    """The sentence from the first to the last word that the statement repeats."""
    equal = [code for code in repeated.codes if code[0] == "equal"]
    first, last = repeated.places[equal[0][3]], repeated.places[equal[-1][4] - 1]
    start = alignment.words[repeated.places[0]].start
    own = alignment.words
    return repeated.text[own[first].start - start : own[last].end - start]


def _turned(repeated: _Repeated, alignment: Alignment) -> bool:
    """Whether a negation was put in or left out by itself, and not with a clause of its own."""
    for tag, a, b, c, d in repeated.codes:
        if tag == "equal" or max(b - a, d - c) > BY_ITSELF:
            continue
        said = " ".join(word.text for word in alignment.statement.words[a:b])
        told = " ".join(alignment.words[repeated.places[place]].text for place in range(c, d))
        if _negations(said) % 2 != _negations(told) % 2:
            return True
    return False


def _limited(statement: str, told: str) -> bool:
    """Whether one says "only if" and the other "not unless", which is the same."""
    for one, other in ((statement, told), (told, statement)):
        limit = _ONLY.search(one) and _BUT.search(other) and _negations(other)
        if limit and not _ONLY.search(other):
            return True
    return False


def _negations(text: str) -> int:
    return len(_NEGATION.findall(_NO_NEGATION.sub(" ", text)))


def _packed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
