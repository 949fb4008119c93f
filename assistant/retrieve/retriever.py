"""Hybrid retrieval: vectors and words, fused; what the question names comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.config import RetrieveSettings
from assistant.index.reader import Index
from assistant.retrieve.editions import in_force
from assistant.retrieve.fusion import fuse
from assistant.retrieve.lexical import LexicalRanker
from assistant.retrieve.lookup import Place, look_up, preferred
from assistant.retrieve.query import Query, parse_question
from assistant.retrieve.ranking import rank_passages
from assistant.retrieve.unknown import unknown_names
from assistant.types import Document, Filters, Hit, Passage

DENSE, LEXICAL, LOOKUP = "dense", "lexical", "lookup"
_LOOKED_UP = 60  # passages that a look-up returns at most


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found: the question taken apart, the hits, and the evidence for confidence.

    ``similarity`` is the highest cosine of a passage with the question, 0 where none was
    computed. ``place`` says what became of a look-up, None where the question is none;
    where it was not found, the hits are those of an ordinary search. ``unknown_names`` are the
    proper names of the question that stand in no document.
    """

    query: Query
    hits: tuple[Hit, ...]
    similarity: float
    place: Place | None = None
    unknown_names: tuple[str, ...] = ()

    @property
    def looked_up(self) -> bool:
        """Whether the hits are what stands at the place that the question names."""
        return self.place is not None and bool(self.place.passages)


class Retriever:
    """Finds passages in one index."""

    def __init__(self, index: Index, settings: RetrieveSettings) -> None:
        self._index = index
        self._settings = settings
        self._lexical = LexicalRanker(index)

    def search(self, question: str, filters: Filters | None = None, limit: int = 0) -> Retrieval:
        """The best passages for ``question``, ``limit`` of them (0: as the settings say)."""
        most = limit or self._settings.passages
        query = parse_question(question, list(self._index.documents.values()), self._index.acronyms)
        allowed = self._allowed(filters or Filters())
        if filters is None or not (filters.statuses or filters.files):  # a choice goes first
            allowed = in_force(question, allowed)
        named = preferred([d for d in allowed if d.id in query.named])
        place = self._place(query, allowed, named)
        if not allowed:
            return Retrieval(query, (), 0.0, place)
        if place and place.passages:
            found = place.passages[: limit or _LOOKED_UP]
            return Retrieval(query, self._hits([(p, 1.0) for p in found], {}), 1.0, place)
        everything = len(allowed) == len(self._index.documents)
        ids = None if everything else [document.id for document in allowed]
        scored, ranks, similarity = self._ranked(query, ids, frozenset(d.id for d in named), most)
        unknown = unknown_names(question, self._index)
        return Retrieval(query, self._hits(scored, ranks), similarity, place, unknown)

    def _place(
        self, query: Query, allowed: Sequence[Document], named: Sequence[Document]
    ) -> Place | None:
        """What became of the look-up, None where the question is none."""
        if query.place is None:
            return None
        if query.named or query.unknown:
            return look_up(self._index.store, query, named)
        one = preferred(allowed)  # a place without a document, where there is only one
        return look_up(self._index.store, query, one) if len(one) == 1 else None

    def _ranked(
        self, query: Query, allowed: list[str] | None, named: frozenset[str], limit: int
    ) -> tuple[list[tuple[Passage, float]], dict[str, dict[str, int]], float]:
        """Passages with scores, their ranks by source, and the highest cosine."""
        settings = self._settings
        wanted = max(settings.candidates, limit)
        vector = self._index.embedder.embed_question(query.searched)
        dense = self._index.vectors.nearest(vector, wanted, allowed)
        # Passages of the same text are equally near: in which order must not be left to chance.
        dense.sort(key=lambda item: (-round(item[1], 6), item[0]))
        rankings = {
            DENSE: [id_ for id_, _ in dense],
            LEXICAL: self._lexical.rank(query, allowed)[:wanted],
        }
        weights = {DENSE: 1.0, LEXICAL: settings.lexical_weight}
        fused = fuse(rankings, weights, settings.fusion_constant)
        passages = self._index.store.passages_by_id([id_ for id_, _ in fused])
        scored = rank_passages(dict(fused), passages, self._index.documents, named)
        ranks = {
            source: {id_: rank for rank, id_ in enumerate(ranking, start=1)}
            for source, ranking in rankings.items()
        }
        return scored[:limit], ranks, dense[0][1] if dense else 0.0

    def _allowed(self, filters: Filters) -> list[Document]:
        """The documents that the filters leave."""
        return [
            document
            for document in self._index.documents.values()
            if (not filters.files or document.file in filters.files)
            and (not filters.statuses or document.status in filters.statuses)
        ]

    def _hits(
        self, scored: Sequence[tuple[Passage, float]], ranks: dict[str, dict[str, int]]
    ) -> tuple[Hit, ...]:
        hits = []
        for rank, (passage, score) in enumerate(scored, start=1):
            page = self._index.store.page(passage.document_id, passage.spans[0].page)
            by_source = {s: found[passage.id] for s, found in ranks.items() if passage.id in found}
            hits.append(
                Hit(
                    passage,
                    self._index.documents[passage.document_id],
                    page.label if page else None,
                    score,
                    rank,
                    by_source or {LOOKUP: rank},
                )
            )
        return tuple(hits)
