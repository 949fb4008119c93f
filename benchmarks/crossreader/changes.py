"""Statements made false by rule.

The cross-reader first learns from these, by the ten thousand, that every word counts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from assistant.answer.claims.words import opposed
from benchmarks.crossreader.material import Example, Piece, Pieces

Change = Callable[[str, str, random.Random], Pieces | None]

FALSE = 3  # statements made false out of one sentence
COUNTED = "two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = re.compile(rf"\b(?:\d[\d,.]*\d|\d|{'|'.join(COUNTED)}|fifteen|twenty|thirty)\b")
_NAME = re.compile(
    r"\b(?:[A-Z][a-z]+(?: (?:of|for|and|the))?(?: [A-Z][a-z]+)+|[A-Z]{2,6}|"
    r"(?<=[a-z] )[A-Z][a-z]+)\b"
)
_NOUN = re.compile(r"(?<=\b[Tt]he )([a-z]{4,})\b(?! of\b)")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|must|may|should|can|will|has|have|does|do|shall)\b(?! not\b)"
)
_GUARD = re.compile(
    r"\b(?:only|alone|solely|exclusively|at least|at most|up to|usually|mainly|often) "
)
_ADDED = ("only", "always", "at least", "exactly", "mainly")
_SOURCE = re.compile(r"\s*\([^()]*\bp+\.\s*[^()]*\)")
_LEAD = re.compile(r"^(?:•|[a-z]\.|[\d.\-a-z]{1,8}\.|\d+)\s+")
_SENTENCE = re.compile(r"(?<=[.;])\s+|\n")


def made(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Examples out of the sentences of all passages, and of the true statements about them."""
    passages = {one.passage: one for one in examples}
    names = sorted({name for passage in passages for name in _NAME.findall(passage)})
    true = [
        Example((Piece(sentence),), one.heading, one.passage, None)
        for one in passages.values()
        for sentence in sentences(one.passage)
    ]
    true += [one for one in examples if one.error is None]
    return [example for one in true for example in _of(one, names, rng)]


def sentences(passage: str) -> list[str]:
    """The sentences of a passage, without numbering and the source in parentheses behind them."""
    parts = _SENTENCE.split(_SOURCE.sub("", passage))
    bare = (_LEAD.sub("", part.strip()).strip(" •") for part in parts)
    return [part for part in bare if 6 <= len(part.split()) <= 40]


def _of(true: Example, names: Sequence[str], rng: random.Random) -> Iterator[Example]:
    ways: list[tuple[str, Change]] = [
        ("number", _number),
        ("name", lambda s, p, r: _name(s, p, r, names)),
        ("name", _noun),
        ("negation", _negated),
        ("negation", _opposite),
        ("scope", _limited),
        ("scope", _limited),
    ]
    rng.shuffle(ways)
    wrong = 0
    for error, way in ways:
        pieces = way(true.statement, true.passage, rng)
        if pieces and wrong < FALSE and "".join(p.text for p in pieces) != true.statement:
            wrong += 1
            kept = tuple(piece for piece in pieces if piece.text)
            yield Example(kept, true.heading, true.passage, error)
    yield Example(true.pieces, true.heading, true.passage, None, max(1.0, float(wrong)))


def _around(text: str, start: int, end: int, new: str) -> Pieces:
    if not new:  # left out: the word before is what is wrong
        head, _, word = text[:start].rstrip().rpartition(" ")
        before = Piece(f"{head} " if head else "")
        return before, Piece(word, wrong=True), Piece(f" {text[end:].lstrip()}")
    return Piece(text[:start]), Piece(new, wrong=True), Piece(text[end:])


def _number(text: str, passage: str, rng: random.Random) -> Pieces | None:
    matches = list(_NUMBER.finditer(text))
    if not matches:
        return None
    match = rng.choice(matches)
    others = [n for n in _NUMBER.findall(passage) if n not in text]
    if others and rng.random() < 0.5:
        new = rng.choice(others)
    elif match.group()[0].isdigit():
        value = int(re.sub(r"\D", "", match.group()))
        new = str(max(1, value + rng.choice((-5, -2, -1, 1, 2, 5, 10, value))))
    else:
        new = rng.choice(COUNTED)
    return None if new in text.split() else _around(text, *match.span(), new)


def _name(text: str, passage: str, rng: random.Random, names: Sequence[str]) -> Pieces | None:
    matches = list(_NAME.finditer(text))
    if not matches:
        return None
    pairs = [
        (a, b) for a in matches for b in matches if a.end() < b.start() and a.group() != b.group()
    ]
    if pairs and rng.random() < 0.5:
        a, b = rng.choice(pairs)
        return (
            Piece(text[: a.start()]),
            Piece(b.group(), wrong=True),
            Piece(text[a.end() : b.start()]),
            Piece(a.group(), wrong=True),
            Piece(text[b.end() :]),
        )
    match = rng.choice(matches)
    others = [name for name in _NAME.findall(passage) if name not in text]
    new = rng.choice(others) if others and rng.random() < 0.8 else rng.choice(names)
    return None if new in text else _around(text, *match.span(), new)


def _noun(text: str, passage: str, rng: random.Random) -> Pieces | None:
    matches = list(_NOUN.finditer(text))
    others = [noun for noun in _NOUN.findall(passage) if noun not in text]
    if not matches or not others:
        return None
    return _around(text, *rng.choice(matches).span(), rng.choice(others))


def _negated(text: str, passage: str, rng: random.Random) -> Pieces | None:
    if denial := re.search(r" not\b", text):
        return _around(text, *denial.span(), "")
    matches = list(_AUXILIARY.finditer(text))
    if not matches:
        return None
    match = rng.choice(matches)
    return _around(text, *match.span(), f"{match.group()} not")


def _limited(text: str, passage: str, rng: random.Random) -> Pieces | None:
    roll = rng.random()
    if roll < 0.2 and (limit := _GUARD.search(text)):
        return _around(text, *limit.span(), "")
    if roll < 0.35:
        numbers = list(_NUMBER.finditer(text))
        if numbers and (at := rng.choice(numbers).start()):
            added = Piece(rng.choice(_ADDED[2:]), wrong=True)
            return Piece(text[:at]), added, Piece(f" {text[at:]}")
        verbs = list(_AUXILIARY.finditer(text))
        if verbs:
            at = rng.choice(verbs).end()
            added = Piece(rng.choice(_ADDED[:2]), wrong=True)
            return Piece(f"{text[:at]} "), added, Piece(text[at:])
    exchanged, pattern = _exchanged()
    matches = list(pattern.finditer(text))
    if not matches:
        return None
    match = rng.choice(matches)
    return _around(text, *match.span(), rng.choice(exchanged[match.group()]))


def _opposite(text: str, passage: str, rng: random.Random) -> Pieces | None:
    opposites = _opposites()
    matches = [match for match in re.finditer(r"\b[a-z]{4,}\b", text) if match.group() in opposites]
    if not matches:
        return None
    match = rng.choice(matches)
    return _around(text, *match.span(), rng.choice(opposites[match.group()]))


@cache
def _exchanged() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """What may stand in a word's place, and where such words are."""
    found = {word: tuple(others.split(", ")) for word, others in listed("exchanged.txt")}
    return found, re.compile(rf"\b(?:{'|'.join(sorted(found, key=len, reverse=True))})\b")


def listed(name: str) -> list[tuple[str, str]]:
    """Both sides of the bar in the lines of a file beside this one."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [(a, b) for a, bar, b in (line.partition(" | ") for line in lines) if bar]


@cache
def _opposites() -> dict[str, tuple[str, ...]]:
    """Opposites in the forms in which they stand in sentences."""
    found: dict[str, tuple[str, ...]] = {}
    for left, right in opposed():
        for here, there in ((left, right), (right, left)):
            for word in here:
                for form in (str, _third, _past, _going):
                    found.setdefault(form(word), tuple(form(other) for other in there))
    return found


def _third(word: str) -> str:
    return f"{word}es" if word.endswith(("s", "sh", "ch", "x")) else f"{word}s"


def _past(word: str) -> str:
    return f"{word}d" if word.endswith("e") else f"{word}ed"


def _going(word: str) -> str:
    return f"{word.removesuffix('e')}ing"
