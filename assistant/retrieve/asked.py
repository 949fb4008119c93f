"""The words of a question, weighted, and how much of them a text meets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.retrieve.query import Query


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question with their weights; an acronym is met by its long form too."""

    weights: Mapping[str, float]
    aliases: Mapping[str, tuple[str, ...]]

    def covered(self, text: str) -> float:
        """Weighted share of the question's words that ``text`` holds, 0 to 1."""
        return self.share(set(content_words(text)))

    def share(self, words: AbstractSet[str]) -> float:
        """The same for a text of which the ``words`` are known."""
        total = sum(self.weights.values())
        met = sum(
            weight
            for word, weight in self.weights.items()
            if word in words or (word in self.aliases and words >= set(self.aliases[word]))
        )
        return met / total if total else 0.0


def asked_words(query: Query, index: Index) -> Asked:
    """The words of ``query`` weighted by rarity, in their order, so that sums are always alike."""
    rarity = rarities(index, query.words)
    return Asked({word: rarity[word] for word in query.words}, dict(query.aliases))


def rarities(index: Index, words: Iterable[str]) -> dict[str, float]:
    """Rarity of each word over the passages (BM25's idf)."""
    total = index.summary.passages
    return {
        word: math.log(1 + (total - n + 0.5) / (n + 0.5))
        for word, frequency in index.frequencies(words).items()
        for n in [min(frequency, total)]
    }
