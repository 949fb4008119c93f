"""What a part of the training consists of."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from benchmarks.crossreader.changes import made, sentences
from benchmarks.crossreader.disguise import Disguise
from benchmarks.crossreader.material import Example, misplaced

PART = 4096  # examples made ready at a time
EARLY = 0.25  # share of the parts of the first stage that are learned without pairs
BESIDE = {"natural": 0.2, "harder": 0.5, "mixed": 0.3}  # by the folder of the pairs
NEAR = 60  # examples within which another passage is on a like subject
WORDS = (90, 165)  # of a passage that was put among others; real ones have as many
MOST = 175  # words of such a passage, so that no token is cut
OTHERS = 4  # tries to add a passage
LONGER = 0.4  # share of the passages that are put among others
FAR = 0.4  # share of the others that are taken from anywhere
AROUND = 6  # passages on each side of one that count as its neighbours


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of a part; what is left of it are examples as they were written.

    ``own`` pairs, pairs ``beside``, statements that belong ``elsewhere``, sentences ``copied`` out
    of another passage, and examples changed by ``rules``.
    """

    own: float
    beside: float
    elsewhere: float
    copied: float
    rules: float


BEGINNING = Shares(own=0.0, beside=0.0, elsewhere=0.04, copied=0.0, rules=0.5)
FIRST = Shares(own=0.0, beside=0.33, elsewhere=0.04, copied=0.0, rules=0.2)
LAST = Shares(own=0.42, beside=0.18, elsewhere=0.02, copied=0.03, rules=0.1)


@dataclass(frozen=True)
class Mixture:
    """The material, mixed anew for every part.

    ``beside`` are pairs by the name of their folder, one of ``BESIDE``. Where there are ``own``
    pairs, it is the last stage, in which passages are put among others, too.
    """

    written: tuple[Example, ...]
    own: tuple[Example, ...]
    beside: Mapping[str, tuple[Example, ...]]
    seed: int

    def part(self, number: int, parts: int) -> list[Example]:
        """The examples of one of so many parts, in random order."""
        rng = random.Random(self.seed * 100_003 + number)
        early = BEGINNING if number < EARLY * parts else FIRST
        shares = LAST if self.own else early
        found = rng.choices(self.own, k=int(shares.own * PART)) if self.own else []
        for folder, pairs in self.beside.items():
            found += rng.choices(pairs, k=int(shares.beside * BESIDE[folder] * PART))
        found += self._misplaced(int(shares.elsewhere * PART), rng, copied=False)
        found += self._misplaced(int(shares.copied * PART), rng, copied=True)
        ruled = int(shares.rules * PART)
        changed = made(rng.sample(self.written, min(len(self.written), ruled // 2)), rng)
        found += rng.sample(changed, min(len(changed), ruled))
        found += rng.choices(self.written, k=PART - len(found))
        if self.own:
            found = [self._longer(one, rng) for one in found]
        rng.shuffle(found)
        return [self._disguise.on(one, rng) for one in found]

    @cached_property
    def _disguise(self) -> Disguise:
        return Disguise(self.written)

    @cached_property
    def _passages(self) -> list[str]:
        return list(dict.fromkeys(one.passage for one in self.written))

    @cached_property
    def _neighbours(self) -> dict[str, list[str]]:
        """The passages written before and after each, mostly by the same hand."""
        found: dict[str, list[str]] = {}
        for examples in (self.written, *self.beside.values(), self.own):
            passages = list(dict.fromkeys(one.passage for one in examples))
            for place, passage in enumerate(passages):
                before = passages[max(0, place - AROUND) : place]
                found[passage] = before + passages[place + 1 : place + 1 + AROUND]
        return found

    def _misplaced(self, count: int, rng: random.Random, copied: bool) -> list[Example]:
        """True statements, or sentences ``copied`` out of passages, under others near them."""
        found: list[Example] = []
        while len(found) < count:
            place = rng.randrange(len(self.written))
            one, step = self.written[place], rng.choice((-1, 1)) * rng.randint(1, NEAR)
            other = self.written[min(len(self.written) - 1, max(0, place + step))]
            true = [one.statement] if one.error is None else []
            said = sentences(one.passage) if copied else true
            if said and one.passage != other.passage:
                found.append(misplaced(rng.choice(said), other))
        return found

    def _longer(self, example: Example, rng: random.Random) -> Example:
        """The passage among others; none of them says what the statement says."""
        if rng.random() >= LONGER:
            return example
        wanted, parts = rng.randint(*WORDS), [example.passage]
        length = len(example.passage.split())
        near = self._neighbours[example.passage]
        for _ in range(OTHERS):
            far = example.error == "elsewhere" or not near or rng.random() < FAR
            other = rng.choice(self._passages if far else near)
            more = len(other.split())
            if length < wanted and other not in parts and length + more <= MOST:
                parts.insert(rng.randint(0, len(parts)), other)
                length += more
        passage = " ".join(parts)
        return Example(example.pieces, example.heading, passage, example.error, example.weight)
