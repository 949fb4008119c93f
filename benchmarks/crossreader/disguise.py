"""The same examples in disguise, so that the network learns to compare and not to remember."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache, partial

from benchmarks.crossreader.changes import COUNTED, listed
from benchmarks.crossreader.material import Example, Piece

_DIGITS = re.compile(r"\d+")
_SHORT = re.compile(r"\b[A-Z]{2,6}\b")
_WORDS = re.compile(rf"\b(?:{'|'.join(COUNTED)})\b")


class Disguise:
    """Says the same of other numbers and short forms, and in words of the same meaning."""

    def __init__(self, examples: Sequence[Example]) -> None:
        passages = {one.passage for one in examples}
        self._short = sorted({short for text in passages for short in _SHORT.findall(text)})

    def on(self, example: Example, rng: random.Random) -> Example:
        """An example in other words, as true or false as it was."""
        changes: list[Callable[[str], str]] = []
        if rng.random() < 0.5:
            changes += [self._digits(rng), self._counted(rng)]
        if self._short and rng.random() < 0.3:
            known: dict[str, str] = {}
            changes.append(lambda text: _SHORT.sub(partial(self._other, known, rng), text))
        pieces, passage = example.pieces, example.passage
        for change in changes:
            pieces = tuple(Piece(change(piece.text), piece.wrong) for piece in pieces)
            passage = change(passage)
        if rng.random() < 0.5:
            pieces = tuple(p if p.wrong else Piece(_alike(p.text, rng), p.wrong) for p in pieces)
        return Example(pieces, example.heading, passage, example.error, example.weight)

    def _other(self, known: dict[str, str], rng: random.Random, match: re.Match[str]) -> str:
        return known.setdefault(match.group(), rng.choice(self._short))

    def _digits(self, rng: random.Random) -> Callable[[str], str]:
        known: dict[str, str] = {}

        def other(match: re.Match[str]) -> str:
            old = match.group()
            if old not in known:
                year = len(old) == 4 and old[0] in "12"
                for _ in range(5):
                    tail = "".join(rng.choice("0123456789") for _ in old[1:])
                    new = old[:2] + tail[-2:] if year else rng.choice("123456789") + tail
                    if new not in known.values():
                        break
                known[old] = new
            return known[old]

        return lambda text: _DIGITS.sub(other, text)

    def _counted(self, rng: random.Random) -> Callable[[str], str]:
        order = list(COUNTED)
        rng.shuffle(order)
        known = dict(zip(COUNTED, order, strict=True))
        return lambda text: _WORDS.sub(lambda match: known[match.group()], text)


def _alike(text: str, rng: random.Random) -> str:
    for a, b in _meaning_alike():
        old, new = (a, b) if rng.random() < 0.5 else (b, a)
        if f" {old} " in text and rng.random() < 0.5:
            text = text.replace(f" {old} ", f" {new} ", 1)
    return text


@cache
def _meaning_alike() -> list[tuple[str, str]]:
    return listed("alike.txt")
