"""Hybrid retrieval: vectors and words, fused; what the question names comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.config import RetrieveSettings
from assistant.index.reader import Index
from assistant.retrieve.fusion import fuse
from assistant.retrieve.lexical import LexicalRanker
from assistant.retrieve.query import Query, parse_question
from assistant.retrieve.ranking import rank_passages
from assistant.types import Document, Filters, Hit, Passage

DENSE, LEXICAL, LOOKUP = "dense", "lexical", "lookup"


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found: the question taken apart, the hits, and the evidence for confidence.

    ``similarity`` is the highest cosine of a passage with the question, 0 where none was
    computed.
    """

    query: Query
    hits: tuple[Hit, ...]
    similarity: float


class Retriever:
    """Finds passages in one index."""

    def __init__(self, index: Index, settings: RetrieveSettings) -> None:
        self._index = index
        self._settings = settings
        self._lexical = LexicalRanker(index)

    def search(self, question: str, filters: Filters | None = None, limit: int = 0) -> Retrieval:
        """The best passages for ``question``, ``limit`` of them (0: as the settings say)."""
        limit = limit or self._settings.passages
        query = parse_question(question, list(self._index.documents.values()), self._index.acronyms)
        allowed = self._allowed(filters or Filters())
        if allowed is not None and not allowed:
            return Retrieval(query, (), 0.0)
        if query.is_lookup and (found := self._look_up(query, allowed)):
            return Retrieval(query, self._hits([(p, 1.0) for p in found[:limit]], {}), 1.0)
        return self._ranked(query, allowed, limit)

    def _ranked(self, query: Query, allowed: list[str] | None, limit: int) -> Retrieval:
        settings = self._settings
        wanted = max(settings.candidates, limit)
        vector = self._index.embedder.embed_question(query.searched)
        dense = self._index.vectors.nearest(vector, wanted, allowed)
        lexical = self._lexical.rank(query, allowed)[:wanted]
        rankings = {
            DENSE: [id_ for id_, _ in dense],
            LEXICAL: lexical,
        }
        weights = {DENSE: 1.0, LEXICAL: settings.lexical_weight}
        fused = fuse(rankings, weights, settings.fusion_constant)
        passages = self._index.store.passages_by_id([id_ for id_, _ in fused])
        scored = rank_passages(dict(fused), passages, self._index.documents, query.named)
        ranks = {
            source: {id_: rank for rank, id_ in enumerate(ranking, start=1)}
            for source, ranking in rankings.items()
        }
        similarity = dense[0][1] if dense else 0.0
        return Retrieval(query, self._hits(scored[:limit], ranks), similarity)

    def _allowed(self, filters: Filters) -> list[str] | None:
        """Ids of the documents that the filters leave, or None where they leave all."""
        if not filters.files and not filters.statuses:
            return None
        return [
            document.id
            for document in self._index.documents.values()
            if (not filters.files or document.file in filters.files)
            and (not filters.statuses or document.status in filters.statuses)
        ]

    def _look_up(self, query: Query, allowed: list[str] | None) -> list[Passage]:
        """Passages at the place that the question names, current editions first."""
        documents = [
            self._index.documents[id_]
            for id_ in query.named
            if allowed is None or id_ in allowed
        ]
        documents.sort(key=lambda document: document.status != "current")
        store = self._index.store
        found: list[Passage] = []
        for document in documents:
            if query.paragraph is not None:
                found.extend(store.passages_at([document.id], query.paragraph, None))
                continue
            number = query.pdf_page or self._physical(document, query.page or "")
            if number is not None:
                found.extend(store.passages_at([document.id], None, number))
        return found

    def _physical(self, document: Document, label: str) -> int | None:
        return self._index.store.page_of_label(document.id, label)

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
