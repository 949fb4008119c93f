"""The word ranking: BM25, then by how much of the question a passage meets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.retrieve.asked import Asked, asked_words
from assistant.retrieve.query import Query
from assistant.types import Passage

# Chosen on the development gold set; docs/design/retrieval.md has the ablation.
CANDIDATES: Final = 100  # passages by BM25 that are looked at again
COVERAGE: Final = 2.0  # weight of the share of the question's words that a passage meets
PAIRS: Final = 1.0  # weight of the share of its neighbouring word pairs


class LexicalRanker:
    """Ranks passages by words.

    BM25 adds up words, so a passage that repeats one rare word can pass one that meets the
    whole question. The score is therefore raised with the share of the question met, each
    word weighted by its rarity, and with the share of its pairs of words found side by side.
    """

    def __init__(self, index: Index) -> None:
        self._index = index

    def rank(self, query: Query, document_ids: Sequence[str] | None) -> list[str]:
        """Passage ids, best first, of the documents given or of all."""
        words = [*query.words, *query.expansion]
        found = self._index.store.search_words(words, CANDIDATES, document_ids)
        passages = self._index.store.passages_by_id([id_ for id_, _ in found])
        asked = asked_words(query, self._index)
        pairs = _pairs(content_words(query.question))
        scored = [(score * (1 + _raise(passages[id_], asked, pairs)), id_) for id_, score in found]
        scored.sort(key=lambda item: -item[0])
        return [id_ for _, id_ in scored]


def _raise(passage: Passage, asked: Asked, pairs: set[tuple[str, str]]) -> float:
    words = content_words(" ".join([passage.text, *passage.heading]))
    beside = len(pairs & _pairs(words)) / len(pairs) if pairs else 0.0
    return COVERAGE * asked.share(set(words)) + PAIRS * beside


def _pairs(words: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(words))
