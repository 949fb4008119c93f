"""Late interaction: how well each word of a question is met by the words of a passage.

One vector for a passage blurs what its sentences say. The vectors that the embedding model
gives for single tokens, before it averages them, keep it: each token of the question is held
against the nearest token of the passage (MaxSim; Khattab and Zaharia, "ColBERT", SIGIR 2020).
No model is trained for it; docs/design/answer-quality.md has what it brings.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.index.embedder import Embedder, TokenVectors
from assistant.index.words import content_words
from assistant.retrieve.parts import Part
from assistant.types import Passage

HEADINGS: Final = 2  # innermost headings that are read with a passage
WEAKEST: Final = 3  # words that a passage meets least, by which a near miss shows
OUTSIDE: Final = 0.3  # weight of what a question says outside the part that is looked at
SMALL: Final = 0.7  # weight of a stop word
KEPT: Final = 512  # passages whose token vectors are kept in memory, about 0.1 MB each

Similarities = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)  # without slots, so that the score can be kept
class Alignment:
    """The words of a question held against one passage.

    ``similarities``: shape (tokens of the question, tokens of the passage), cosines.
    ``words``: which word of the question each of its tokens belongs to, ``asked``: where it
    stands there, ``weights``: what each word counts. ``offsets``: where the passage's tokens
    stand in its ``text``; those of its headings before 0. ``spelled`` holds, for words of the
    question that are acronyms, the same cosines of their long forms' tokens.
    """

    text: str
    similarities: Similarities
    words: npt.NDArray[np.int64]
    asked: npt.NDArray[np.int32]
    weights: Similarities
    offsets: npt.NDArray[np.int32]
    spelled: tuple[tuple[int, Similarities], ...] = ()

    @cached_property
    def score(self) -> float:
        """Mean over the question's words of the nearest token's cosine, at most 1."""
        return self._mean(np.ones(len(self.offsets), dtype=bool))

    @property
    def weakest(self) -> float:
        """Mean cosine of the ``WEAKEST`` words of the question that the passage meets least."""
        if not self.similarities.size:
            return 0.0
        by_word, _ = self._by_word(np.ones(len(self.offsets), dtype=bool))
        telling = by_word[self.weights > OUTSIDE]
        return float(np.sort(telling if len(telling) else by_word)[:WEAKEST].mean())

    def score_of(self, lines: Iterable[str], part: Part | None = None) -> float:
        """The same of those tokens alone that stand in ``lines`` of the passage's text.

        With ``part``, the words of the question outside it count little.
        """
        chosen = np.zeros(len(self.offsets), dtype=bool)
        for line in lines:
            start = self.text.find(line) if line else -1
            if start >= 0:
                inside = (self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= start + len(line))
                chosen |= inside
        return self._mean(chosen if chosen.any() else ~chosen, part)

    def _mean(self, chosen: npt.NDArray[np.bool_], part: Part | None = None) -> float:
        if not chosen.any() or not len(self.words):
            return 0.0
        by_word, first = self._by_word(chosen)
        return float(np.average(by_word, weights=self._weights(first, part)))

    def _by_word(
        self, chosen: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
        """The nearest cosine of each word of the question, and which is its first token.

        By words, so that a rare one in many pieces counts no more than a common one.
        """
        nearest = self.similarities[:, chosen].max(axis=1)
        _, first, places = np.unique(self.words, return_index=True, return_inverse=True)
        by_word = np.bincount(places, nearest) / np.bincount(places)
        for word, cosines in self.spelled:  # met by its long form as well
            by_word[word] = max(by_word[word], float(cosines[:, chosen].max(axis=1).mean()))
        return by_word, first

    def _weights(self, first: npt.NDArray[np.intp], part: Part | None) -> Similarities:
        weights = self.weights.copy()
        if part is not None:
            starts, ends = self.asked[first, 0], self.asked[first, 1]
            weights[(starts < part.start) | (ends > part.end)] *= OUTSIDE
        return weights


class Aligner:
    """Aligns questions with passages; safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[str, TokenVectors] = OrderedDict()
        self._lock = threading.Lock()

    def align(
        self,
        question: str,
        passages: Sequence[Passage],
        muted: AbstractSet[str] = frozenset(),
        spelled: Sequence[tuple[str, str]] = (),
    ) -> dict[str, Alignment]:
        """The alignment with each passage by its id.

        Words of ``muted`` stems count little; ``spelled`` are acronyms of the question with their
        long forms.
        """
        asked, *long_forms = self._embedder.embed_tokens([question, *(long for _, long in spelled)])
        weights = _weights(question, asked, muted)
        acronyms = _places(question, asked, [short for short, _ in spelled])
        tokens = self._tokens(passages)
        return {
            passage.id: Alignment(
                passage.text,
                _cosines(asked, tokens[passage.id]),
                asked.words,
                asked.offsets,
                weights,
                tokens[passage.id].offsets - len(_above(passage)),
                tuple(
                    (word, _cosines(long_forms[number], tokens[passage.id]))
                    for word, number in acronyms
                ),
            )
            for passage in passages
        }

    def _tokens(self, passages: Sequence[Passage]) -> Mapping[str, TokenVectors]:
        with self._lock:
            known = {p.id: self._kept[p.id] for p in passages if p.id in self._kept}
        new = [passage for passage in passages if passage.id not in known]
        vectors = self._embedder.embed_tokens([as_read(p) for p in new])
        known.update((passage.id, tokens) for passage, tokens in zip(new, vectors, strict=True))
        with self._lock:
            for passage in passages:
                self._kept[passage.id] = known[passage.id]
                self._kept.move_to_end(passage.id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return known


def _cosines(a: TokenVectors, b: TokenVectors) -> Similarities:
    return a.vectors.astype(np.float32) @ b.vectors.astype(np.float32).T


def _places(question: str, asked: TokenVectors, shorts: Sequence[str]) -> list[tuple[int, int]]:
    """Which words of the question are the short forms, each with the number of its form."""
    _, first = np.unique(asked.words, return_index=True)
    starts = asked.offsets[first, 0].tolist()
    return [
        (word, number)
        for number, short in enumerate(shorts)
        for match in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", question)
        for word, start in enumerate(starts)
        if start == match.start()
    ]


def _weights(question: str, asked: TokenVectors, muted: AbstractSet[str]) -> Similarities:
    """What each word of the question counts, in their order."""
    _, first = np.unique(asked.words, return_index=True)
    ends = [*asked.offsets[first[1:], 0], len(question)] if len(first) else []
    words = (question[asked.offsets[i, 0] : end] for i, end in zip(first, ends, strict=True))
    return np.array([_weight(content_words(word), muted) for word in words], dtype=np.float32)


def _weight(stems: Sequence[str], muted: AbstractSet[str]) -> float:
    if not stems:
        return SMALL
    return OUTSIDE if muted >= set(stems) else 1.0


def as_read(passage: Passage) -> str:
    """The text of a passage behind its innermost headings."""
    return _above(passage) + passage.text


def _above(passage: Passage) -> str:
    """The headings as they are read before the text."""
    return "".join(f"{heading} " for heading in passage.heading[-HEADINGS:])
