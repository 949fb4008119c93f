"""Finding what bears on a recommendation: matter by matter, sentence by sentence."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from assistant.config import RetrieveSettings
from assistant.excerpts.places import Places
from assistant.index.reader import Index
from assistant.index.sentences import Sentence
from assistant.matrix.terms import Terms
from assistant.matrix.values import Cell
from assistant.retrieve.interaction import Alignment
from assistant.retrieve.retriever import Retriever
from assistant.types import Filters, Hit, Passage

# Chosen on the starter's key; docs/design/matrix.md has what was tried.
PASSAGES: Final = 8  # best passages of each matter that are looked at
WHOLE: Final = 60  # words up to which a passage is quoted whole
SHORTEST: Final = 6  # words from which a sentence says something by itself
OF_ONE_DOCUMENT: Final = 3  # passages in a row from one document, while others have some
COMMON: Final = 0.5  # share of the recommendations above which a term is common to them
NUMBERED: Final = 0.5  # share of a document's passages from which its paragraphs are numbered
LEAST: Final = 0.2  # confidence below which nothing is shown
_BESIDE = re.compile(
    r"\b(?:acronyms?|abbreviations?|references|bibliography|index|preface|foreword)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What speaks for a passage counts for in the logistic function that is its confidence.

    ``aligned`` is the mean cosine of the matter's words with the nearest ones of what is quoted,
    ``rank`` the logarithm of the passage's rank among those found for that matter.
    """

    intercept: float
    aligned: float
    rank: float


# Logistic regression on the starter's key: 292 passages found for a matter, 69 of them accepted.
SHIPPED: Final = Coefficients(-5.31, 8.29, -0.18)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage found for a matter, best of the matter first (``rank`` from 1), and its quote."""

    hit: Hit
    matter: str
    rank: int
    confidence: float
    quote: tuple[Sentence, ...]


class CellFinder:
    """Finds passages in one index."""

    def __init__(self, index: Index, settings: RetrieveSettings, terms: Terms) -> None:
        self._index = index
        self._retriever = Retriever(index, settings)
        self._places = Places(index)
        self._terms = terms
        # Several recommendations speak of the same matter.
        self._searched = lru_cache(maxsize=None)(self._candidates)
        self._numbered = lru_cache(maxsize=None)(self._is_numbered)

    def _is_numbered(self, document_id: str) -> bool:
        passages = self._index.store.passages(document_id)
        numbered = sum(passage.paragraph is not None for passage in passages)
        return numbered >= NUMBERED * len(passages)

    def find(
        self, recommendation: str, beside: Sequence[str], files: Sequence[str], most: int
    ) -> tuple[Cell, ...]:
        """At most ``most`` passages of the documents ``files``, the most likely ones first.

        ``beside`` are all recommendations of the report: what most of them speak of, such as
        allies, tells nothing of one.
        """
        if not files:
            return ()
        matters = (*self._own_terms(recommendation, beside), recommendation)
        candidates = [c for matter in matters for c in self._searched(matter, tuple(files))]
        candidates.sort(key=lambda candidate: -candidate.confidence)
        cells = [self._cell(found) for found in _chosen(candidates, most)]
        return tuple(sorted(cells, key=lambda cell: -(cell.confidence or 0.0)))

    def _own_terms(self, recommendation: str, beside: Sequence[str]) -> list[str]:
        common = Counter(term for text in beside for term in self._terms.of(text))
        return [t for t in self._terms.of(recommendation) if common[t] <= COMMON * len(beside)]

    def _candidates(self, matter: str, files: tuple[str, ...]) -> tuple[_Candidate, ...]:
        retrieval = self._retriever.search(matter, Filters(files=files), PASSAGES)
        found: list[_Candidate] = []
        rank = 0
        for hit in retrieval.hits:
            alignment = retrieval.alignments.get(hit.passage.id)
            if alignment is None or hit.passage.kind == "contents" or self._is_beside(hit):
                continue
            quote = self._telling(hit.passage, alignment)
            if not quote:
                continue
            rank += 1
            aligned = alignment.score_of([sentence.text for sentence in quote])
            sure = _confidence(aligned, rank, SHIPPED)
            if sure >= LEAST:
                found.append(_Candidate(hit, matter, rank, sure, quote))
        return tuple(found)

    def _is_beside(self, hit: Hit) -> bool:
        """Whether it stands where nothing is treated: a title page, a preface, a list of acronyms.

        That is what bears no number in a document whose paragraphs are numbered; terms that are
        defined do not count.
        """
        if any(_BESIDE.search(heading) for heading in hit.passage.heading):
            return True
        unnumbered = hit.passage.paragraph is None and hit.passage.kind != "glossary"
        return unnumbered and self._numbered(hit.document.id)

    def _cell(self, found: Sequence[_Candidate]) -> Cell:
        """The cell of one passage, which was found for one matter or several, best first."""
        best = found[0]
        excerpt = self._places.of_sentences(best.quote)
        return Cell(
            replace(excerpt, score=round(best.confidence, 4)),
            round(best.confidence, 2),
            tuple(dict.fromkeys(candidate.matter for candidate in found)),
        )

    def _telling(self, passage: Passage, alignment: Alignment) -> tuple[Sentence, ...]:
        """A short passage whole, of a longer one the sentence that says most of the matter."""
        sentences = self._index.store.sentences.of_passage(passage.id)
        if passage.kind == "paragraph" and len(passage.text.split()) <= WHOLE:
            return tuple(sentences)
        telling = [s for s in sentences if _says_something(s.text)]
        telling.sort(key=lambda s: -alignment.score_of([s.text]))
        return tuple(telling[:1])


def _chosen(candidates: Sequence[_Candidate], most: int) -> list[list[_Candidate]]:
    """The first ``most`` passages: of each matter one, and of no document too many, before more.

    A recommendation has several sides; the one that the documents treat most would take all the
    room, and so would the longest document.
    """
    passages: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        passages.setdefault(candidate.hit.passage.id, []).append(candidate)
    first: list[list[_Candidate]] = []
    rest: list[list[_Candidate]] = []
    documents, matters = Counter[str](), Counter[str]()
    for found in passages.values():
        document, matter = found[0].hit.document.id, found[0].matter
        documents[document] += 1
        matters[matter] += 1
        fresh = matters[matter] == 1 and documents[document] <= OF_ONE_DOCUMENT
        (first if fresh else rest).append(found)
    return [*first, *rest][:most]


def _says_something(text: str) -> bool:
    """Whether it is more than a title, and does not only announce what follows it."""
    return len(text.split()) >= SHORTEST and not text.rstrip().endswith((":", "—"))


def _confidence(aligned: float, rank: int, coefficients: Coefficients) -> float:
    score = (
        coefficients.intercept + coefficients.aligned * aligned + coefficients.rank * math.log(rank)
    )
    return 1.0 / (1.0 + math.exp(-score))
