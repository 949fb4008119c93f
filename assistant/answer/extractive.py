"""The extractive answer: found, chosen, cited and verified, or refused with its reason."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Final

from assistant.answer.citations import Citer
from assistant.answer.confidence import Coefficients, confidence
from assistant.answer.extract import Extraction, Extractor
from assistant.answer.reasons import (
    NO_HITS,
    NOT_VERIFIED,
    missing_place,
    not_covered,
    notes,
    nothing_quotable,
    what_is_missing,
)
from assistant.index.reader import Index
from assistant.retrieve.retriever import Retrieval, Retriever
from assistant.types import Answer, Citation, Filters

MOST_ALSO: Final = 2  # further places that a note names


@dataclass(frozen=True, slots=True)
class Found:
    """The extractive answer and what it was made from."""

    answer: Answer
    retrieval: Retrieval
    extraction: Extraction

    def notes_on(self, citations: tuple[Citation, ...]) -> tuple[str, ...]:
        """What a reader must know beside another answer, with these citations."""
        plain = replace(self.extraction, cut=False, missing=(), also=())
        return notes(self.retrieval, plain, citations)


class ExtractiveAnswerer:
    """Answers from one index in the documents' own words."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        coefficients: Coefficients,
        threshold: float,
        most: int,
    ) -> None:
        """``most``: statements that an answer has at most."""
        self._index = index
        self._retriever = retriever
        self._extractor = Extractor(index)
        self._coefficients = coefficients
        self._threshold = threshold
        self._most = most

    def answer(self, question: str, filters: Filters | None) -> Found:
        """The answer to ``question``, or an abstention with its reason."""
        began = time.perf_counter()
        retrieval = self._retriever.search(question, filters)
        retrieved = time.perf_counter()
        extraction = self._extractor.extract(retrieval, self._most)
        citer = Citer(self._index.store)
        cited = [citer.cite(unit) for unit in extraction.units]
        statements = tuple(statement for statement in cited if statement is not None)
        possible = bool(statements) and not _ruled_out(retrieval)
        sure = confidence(extraction.evidence, self._coefficients) if possible else 0.0
        reason = _reason(retrieval, extraction, sure, self._threshold)
        ended = time.perf_counter()
        answer = Answer(
            question=question,
            searched=retrieval.query.searched,
            statements=() if reason else statements,
            citations=() if reason else citer.citations,
            hits=retrieval.hits,
            abstained=reason is not None,
            reason=reason,
            confidence=round(sure, 4),
            evidence={k: round(v, 6) for k, v in asdict(extraction.evidence).items()},
            mode="extractive",
            index=self._index.summary.fingerprint,
            seconds={
                "retrieve": round(retrieved - began, 4),
                "answer": round(ended - retrieved, 4),
                "total": round(ended - began, 4),
            },
            notes=() if reason else self._notes(retrieval, extraction, citer.citations),
        )
        return Found(answer, retrieval, extraction)

    def _notes(
        self, retrieval: Retrieval, extraction: Extraction, citations: tuple[Citation, ...]
    ) -> tuple[str, ...]:
        """The notes; what says the same elsewhere is verified like what is quoted."""
        elsewhere = Citer(self._index.store)
        for unit in extraction.also:
            elsewhere.cite(unit)
        there = {(c.document.id, c.pdf_page, c.paragraph) for c in citations}
        also = {
            (c.document.id, c.pdf_page, c.paragraph): c
            for c in elsewhere.citations
            if (c.document.id, c.pdf_page, c.paragraph) not in there
        }
        return notes(retrieval, extraction, citations, list(also.values())[:MOST_ALSO])


def _ruled_out(retrieval: Retrieval) -> bool:
    """Whether what the question names is known not to be there, whatever else was found."""
    return _is_nowhere(retrieval) or bool(retrieval.gaps)


def _is_nowhere(retrieval: Retrieval) -> bool:
    """Whether the place, or its document, is not there and there is nothing else to answer."""
    query = retrieval.query
    other_document = query.unknown is not None and not query.named
    return missing_place(retrieval) is not None and (query.only_place or other_document)


def _reason(
    retrieval: Retrieval, extraction: Extraction, sure: float, threshold: float
) -> str | None:
    """Why nothing is said, or None where something is; ``sure`` is 0 where nothing can be."""
    missing = missing_place(retrieval)
    if missing and _is_nowhere(retrieval):
        return missing
    if not retrieval.hits:
        return missing or NO_HITS
    if retrieval.gaps:
        return what_is_missing(retrieval.gaps, retrieval)
    if extraction.units and not sure:
        return NOT_VERIFIED
    if retrieval.looked_up and not sure:
        return nothing_quotable(retrieval)
    if sure and sure >= threshold:
        return None
    return missing or not_covered(retrieval, extraction)
