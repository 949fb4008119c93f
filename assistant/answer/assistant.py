"""The assistant: one workspace's index, opened, that answers questions."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

from assistant.answer.calibration import in_force, read_calibration
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
from assistant.config import Settings
from assistant.corpus.pictures import Box, PagePictures
from assistant.errors import AssistantError, DocumentError, QuestionError
from assistant.index.embedder import Embedder
from assistant.index.generations import current_generation
from assistant.index.reader import Index, IndexSummary, open_index
from assistant.retrieve.retriever import Retrieval, Retriever
from assistant.types import Answer, Citation, Document, Filters, Hit, Page
from assistant.workspace import Workspace

log = logging.getLogger(__name__)

MOST_ALSO = 2  # further places that a note names

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Opened:
    index: Index
    retriever: Retriever
    extractor: Extractor
    coefficients: Coefficients
    threshold: float


class Assistant:
    """Answers from the current index of a workspace; safe to share between threads.

    When the index is rebuilt while it runs, the next call uses the new one.
    """

    def __init__(self, workspace: Workspace, shared: Index | None = None) -> None:
        self._workspace = workspace
        self._settings = workspace.settings
        index = self._settings.index
        self._embedder = (
            shared.embedder if shared else Embedder(index.embedding_model, index.batch_size)
        )
        self._pictures = PagePictures(workspace.corpus)
        self._lock = threading.Lock()
        self._opened = self._over(shared) if shared else self._open()

    @classmethod
    def open(cls, workspace: Workspace) -> Assistant:
        """Open the index; raises IndexMissingError when there is none that can be used."""
        return cls(workspace)

    def with_settings(self, settings: Settings) -> Assistant:
        """Another one for the same workspace under ``settings``; index and model are shared.

        Opens the index anew, as ``open`` does, where the settings of the index differ.
        """
        same = settings.index == self._settings.index
        other = self._workspace.with_settings(settings)
        return Assistant(other, self._current().index if same else None)

    @property
    def workspace(self) -> Workspace:
        """The workspace that it answers from, with the settings that hold for it."""
        return self._workspace

    @property
    def threshold(self) -> float:
        """The confidence below which it abstains, wherever that is set."""
        return self._current().threshold

    def warm_up(self) -> None:
        """Load the embedding model and the vectors, so that the first question is quick."""
        self._current().retriever.search("warm up")

    def ask(self, question: str, filters: Filters | None = None) -> Answer:
        """The answer to ``question``, or an abstention with its reason.

        Raises QuestionError for an empty or far too long question.
        """
        question = self._checked(question)
        return self._with_current(lambda opened: self._answer(opened, question, filters))

    def _answer(self, opened: _Opened, question: str, filters: Filters | None) -> Answer:
        began = time.perf_counter()
        retrieval = opened.retriever.search(question, filters)
        retrieved = time.perf_counter()
        extraction = opened.extractor.extract(retrieval, self._settings.answer.max_statements)
        citer = Citer(opened.index.store)
        cited = [citer.cite(unit) for unit in extraction.units]
        statements = tuple(statement for statement in cited if statement is not None)
        possible = bool(statements) and not _ruled_out(retrieval)
        sure = confidence(extraction.evidence, opened.coefficients) if possible else 0.0
        reason = _reason(retrieval, extraction, sure, opened.threshold)
        ended = time.perf_counter()
        return Answer(
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
            index=opened.index.summary.fingerprint,
            seconds={
                "retrieve": round(retrieved - began, 4),
                "answer": round(ended - retrieved, 4),
                "total": round(ended - began, 4),
            },
            notes=() if reason else self._notes(opened, retrieval, extraction, citer.citations),
        )

    def _notes(
        self,
        opened: _Opened,
        retrieval: Retrieval,
        extraction: Extraction,
        citations: tuple[Citation, ...],
    ) -> tuple[str, ...]:
        """The notes; what says the same elsewhere is verified like what is quoted."""
        elsewhere = Citer(opened.index.store)
        for unit in extraction.also:
            elsewhere.cite(unit)
        there = {(c.document.id, c.pdf_page, c.paragraph) for c in citations}
        also = {
            (c.document.id, c.pdf_page, c.paragraph): c
            for c in elsewhere.citations
            if (c.document.id, c.pdf_page, c.paragraph) not in there
        }
        return notes(retrieval, extraction, citations, list(also.values())[:MOST_ALSO])

    def search(
        self, question: str, filters: Filters | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """The ``limit`` best passages; raises QuestionError as ``ask`` does."""
        question = self._checked(question)
        return self._with_current(
            lambda opened: opened.retriever.search(question, filters, limit).hits
        )

    def documents(self) -> list[Document]:
        """The indexed documents in order of their files."""
        return list(self._current().index.documents.values())

    def summary(self) -> IndexSummary:
        """What is indexed and from when."""
        return self._current().index.summary

    def page(self, file: str, number: int) -> Page:
        """An indexed page; raises DocumentError where there is none with text."""
        document = self._document(file)
        page = self._current().index.store.page(document.id, number)
        if page is None:
            raise DocumentError(f"{document.designation} has no text on PDF page {number}.")
        return page

    def page_picture(self, file: str, number: int, width: int) -> bytes:
        """PNG of a page, ``width`` pixels wide; raises DocumentError."""
        return self._pictures.picture(self._document(file), number, width)

    def page_boxes(self, file: str, number: int, start: int, end: int) -> list[Box]:
        """Where the characters stand on the page; raises DocumentError."""
        return self._pictures.boxes(self._document(file), number, start, end)

    def _document(self, file: str) -> Document:
        for document in self._current().index.documents.values():
            if document.file == file:
                return document
        raise DocumentError("There is no such document in the index.")

    def _checked(self, question: str) -> str:
        # Half a surrogate pair, as broken clients send it, is no character and has no bytes.
        whole = question.encode("utf-8", "replace").decode("utf-8")
        text = " ".join(whole.replace("\0", " ").split())
        most = self._settings.answer.max_question
        if not any(character.isalnum() for character in text):
            raise QuestionError("The question is empty; type one in words.")
        if len(text) > most:
            raise QuestionError(
                f"The question has {len(text):,} characters; ask it in at most {most:,}."
            )
        return text

    def _with_current(self, work: Callable[[_Opened], T]) -> T:
        """``work`` on the current index; once more where that was replaced under its hands."""
        opened = self._current()
        try:
            return work(opened)
        except AssistantError:
            newer = self._current()
            if newer is opened:
                raise
            return work(newer)

    def _current(self) -> _Opened:
        with self._lock:
            generation = current_generation(self._workspace.index)
            if generation is not None and generation != self._opened.index.generation:
                log.info("the index was rebuilt; switching to %s", generation.name)
                self._opened = self._open()
            return self._opened

    def _open(self) -> _Opened:
        return self._over(open_index(self._workspace, self._embedder))

    def _over(self, index: Index) -> _Opened:
        calibration = read_calibration(self._workspace, index.embedder.fingerprint)
        retriever = Retriever(index, self._settings.retrieve)
        held = in_force(calibration, self._settings.answer.threshold)
        return _Opened(index, retriever, Extractor(index), *held)


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
