"""Hybrid retrieval: vectors and words, fused; what the question names comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.config import RetrieveSettings
from assistant.index.reader import Index
from assistant.retrieve.asked import asked_words
from assistant.retrieve.editions import in_force, of_the_edition
from assistant.retrieve.fusion import fuse
from assistant.retrieve.gaps import Gap, find_gaps
from assistant.retrieve.interaction import Aligner, Alignment
from assistant.retrieve.lexical import LexicalRanker
from assistant.retrieve.lookup import Place, look_up, preferred
from assistant.retrieve.parts import independent
from assistant.retrieve.query import Query, parse_question
from assistant.retrieve.ranking import rank_passages
from assistant.retrieve.request import matter_of
from assistant.retrieve.reranking import CrossReader, reranked
from assistant.retrieve.spelling import set_right
from assistant.types import Document, Filters, Hit, Passage

DENSE, LEXICAL, LOOKUP = "dense", "lexical", "lookup"
READ_OLDER = 6  # passages of superseded editions that are held against those in force
OF_PART = 0.9  # what the best passage of a part counts against that of the whole question
CLEARLY = 0.05  # share of the question's words that they must meet beyond those in force
_LOOKED_UP = 60  # passages that a look-up returns at most


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found: the question taken apart, the hits, and the evidence for confidence.

    ``similarity`` is the highest cosine of a passage with the question, 0 where none was
    computed. ``place`` says what became of a look-up, None where the question is none;
    where it was not found, the hits are those of an ordinary search. ``gaps`` are what the
    question takes for granted and the documents do not hold. ``alignments`` holds the question's
    words against the first passages, by passage id; ``respelled`` are its misspelt words and
    what they are read as, ``searched`` the documents that were searched.
    """

    query: Query
    hits: tuple[Hit, ...]
    similarity: float
    place: Place | None = None
    gaps: tuple[Gap, ...] = ()
    alignments: Mapping[str, Alignment] = field(default_factory=dict)
    respelled: Mapping[str, str] = field(default_factory=dict)
    searched: tuple[Document, ...] = ()

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
        self._aligner = Aligner(index.embedder)
        self._cross = CrossReader(settings.cross_encoder) if settings.cross_encoder else None

    def search(self, question: str, filters: Filters | None = None, limit: int = 0) -> Retrieval:
        """The best passages for ``question``, ``limit`` of them (0: as the settings say)."""
        most = limit or self._settings.passages
        question, respelled = self._readable(question)
        query = self._parsed(question)
        allowed = unfiltered = self._allowed(filters or Filters())
        if filters is None or not (filters.statuses or filters.files):  # a choice goes first
            allowed = in_force(question, of_the_edition(question, allowed, query.meant))
        named = preferred([d for d in allowed if d.id in query.named])
        place = self._place(query, allowed, named)
        if not allowed:
            return Retrieval(query, (), 0.0, place)
        if place and place.passages:
            found = place.passages[: limit or _LOOKED_UP]
            return Retrieval(query, self._hits([(p, 1.0) for p in found], {}), 1.0, place)
        everything = len(allowed) == len(self._index.documents)
        ids = None if everything else [document.id for document in allowed]
        meant = frozenset(d.id for d in named) | {d.id for d in allowed if d.id in query.mentioned}
        scored, ranks, similarity = self._ranked(query, ids, meant, most)
        for part in independent(query.question, query.parts):
            scored = _merged(scored, self._ranked(self._parsed(part), ids, meant, most)[0])
        scored, alignments = self._read_again(query, scored)
        gaps = find_gaps(query, self._index, [d for d in allowed if d.id in meant])
        if not gaps and len(allowed) < len(unfiltered):
            read = [passage for passage, _ in scored if passage.id in alignments]
            gaps = self._superseded(query, alignments, read, allowed, unfiltered)
        hits = self._hits(scored[:most], ranks)
        return Retrieval(
            query, hits, similarity, place, gaps, alignments, respelled, tuple(allowed)
        )

    def _parsed(self, question: str) -> Query:
        return parse_question(
            question,
            list(self._index.documents.values()),
            self._index.acronyms,
            lambda word: self._index.store.documents_near([[word]]),
        )

    def _readable(self, question: str) -> tuple[str, dict[str, str]]:
        """The matter of the question, and its misspelt words with what they are read as."""
        index = self._index
        matter = matter_of(question, index.acronyms, index.store.has_spelling)
        return set_right(matter, index)

    def _superseded(
        self,
        query: Query,
        alignments: Mapping[str, Alignment],
        read: Sequence[Passage],
        allowed: Sequence[Document],
        unfiltered: Sequence[Document],
    ) -> tuple[Gap, ...]:
        """The gap where a superseded edition treats what those in force do not.

        It does if its best passages meet the question clearly better than those ``read``, in
        their words and in their alignment.
        """
        ids = {document.id for document in allowed}
        left_out = [d for d in unfiltered if d.id not in ids and d.status == "superseded"]
        if not left_out or not alignments:
            return ()
        older = self._ranked(query, [d.id for d in left_out], frozenset(), READ_OLDER)[0]
        passages = [passage for passage, _ in older[:READ_OLDER]]
        again = self._aligner.align(query.question, passages, query.muted, query.spelled)
        best = max((alignment.score for alignment in again.values()), default=0.0)
        covered, held = self._covered(query, passages), self._covered(query, read)
        if best > max(a.score for a in alignments.values()) and covered >= held + CLEARLY:
            return (Gap("superseded", "", tuple(allowed), tuple(left_out)),)
        return ()

    def _covered(self, query: Query, passages: Iterable[Passage]) -> float:
        """The largest weighted share of the question's words in one of the passages."""
        asked = asked_words(query, self._index)
        texts = (" ".join([passage.text, *passage.heading]) for passage in passages)
        return max(map(asked.covered, texts), default=0.0)

    def _read_again(
        self, query: Query, scored: Sequence[tuple[Passage, float]]
    ) -> tuple[list[tuple[Passage, float]], Mapping[str, Alignment]]:
        """The best passages in the order that their words give, and the alignments."""
        first = [passage for passage, _ in scored[: self._settings.read_again]]
        if not first:
            return list(scored), {}
        # Half a surrogate pair is no character; one that is takes its place in parts.
        question = query.question.encode("utf-8", "replace").decode("utf-8")
        alignments = self._aligner.align(question, first, query.muted, query.spelled)
        if self._cross is not None:
            again = self._cross.scores(question, first)
        else:
            again = {id_: alignment.score for id_, alignment in alignments.items()}
        older = {id_ for id_, d in self._index.documents.items() if d.status != "current"}
        return reranked(scored, again, older - query.meant), alignments

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
        wanted = max(settings.candidates, settings.read_again, limit)
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
        return scored[:wanted], ranks, dense[0][1] if dense else 0.0

    def _allowed(self, filters: Filters) -> list[Document]:
        """The documents that the filters leave."""
        return [d for d in self._index.documents.values() if filters.allow(d)]

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


def _merged(
    whole: Sequence[tuple[Passage, float]], part: Sequence[tuple[Passage, float]]
) -> list[tuple[Passage, float]]:
    """Both rankings as one: a passage has the better of its shares of the best scores."""
    if not whole or not part:
        return list(whole or part)
    found: dict[str, tuple[Passage, float]] = {}
    for ranking, weight in ((whole, 1.0), (part, OF_PART)):
        best = ranking[0][1]
        for passage, score in ranking:
            share = weight * score / best
            if passage.id not in found or found[passage.id][1] < share:
                found[passage.id] = (passage, share)
    return sorted(found.values(), key=lambda item: -item[1])
