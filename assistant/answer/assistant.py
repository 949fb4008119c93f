"""The assistant: one workspace's index, opened, that answers questions."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from assistant.answer.citations import Citer
from assistant.answer.confidence import confidence
from assistant.answer.extract import Extraction, Extractor
from assistant.answer.render import edition
from assistant.corpus.pictures import Box, PagePictures
from assistant.errors import DocumentError, QuestionError
from assistant.index.embedder import Embedder
from assistant.index.generations import current_generation
from assistant.index.reader import Index, IndexSummary, open_index
from assistant.retrieve.retriever import Retrieval, Retriever
from assistant.types import Answer, Document, Filters, Hit, Page
from assistant.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Opened:
    index: Index
    retriever: Retriever
    extractor: Extractor


class Assistant:
    """Answers from the current index of a workspace; safe to share between threads.

    When the index is rebuilt while it runs, the next call uses the new one.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._settings = workspace.settings
        index = self._settings.index
        self._embedder = Embedder(index.embedding_model, index.batch_size)
        self._pictures = PagePictures(workspace.corpus)
        self._lock = threading.Lock()
        self._opened = self._open()

    @classmethod
    def open(cls, workspace: Workspace) -> Assistant:
        """Open the index; raises IndexMissingError when there is none that can be used."""
        return cls(workspace)

    def warm_up(self) -> None:
        """Load the embedding model and the vectors, so that the first question is quick."""
        self._current().retriever.search("warm up")

    def ask(self, question: str, filters: Filters | None = None) -> Answer:
        """The answer to ``question``, or an abstention with its reason.

        Raises QuestionError for an empty or far too long question.
        """
        began = time.perf_counter()
        opened = self._current()
        question = self._checked(question)
        retrieval = opened.retriever.search(question, filters)
        retrieved = time.perf_counter()
        extraction = opened.extractor.extract(retrieval, self._settings.answer.max_statements)
        sure = confidence(extraction.evidence)
        citer = Citer(opened.index.store)
        statements = tuple(
            statement
            for unit in extraction.units
            if (statement := citer.cite(unit)) is not None
        )
        reason = self._reason(retrieval, sure, bool(statements))
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
            mode="extractive",
            index=opened.index.summary.fingerprint,
            seconds={
                "retrieve": round(retrieved - began, 4),
                "answer": round(ended - retrieved, 4),
                "total": round(ended - began, 4),
            },
            notes=() if reason else _notes(extraction),
        )

    def search(
        self, question: str, filters: Filters | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """The ``limit`` best passages; raises QuestionError as ``ask`` does."""
        opened = self._current()
        return opened.retriever.search(self._checked(question), filters, limit).hits

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
        text = " ".join(question.replace("\0", " ").split())
        most = self._settings.answer.max_question
        if not any(character.isalnum() for character in text):
            raise QuestionError("The question is empty; type one in words.")
        if len(text) > most:
            raise QuestionError(
                f"The question has {len(text):,} characters; ask it in at most {most:,}."
            )
        return text

    def _reason(self, retrieval: Retrieval, sure: float, has_statements: bool) -> str | None:
        """Why nothing is said, or None where something is."""
        if not retrieval.hits:
            return "No passage of the chosen documents bears on this question."
        if has_statements and sure >= self._settings.answer.threshold:
            return None
        nearest = edition(retrieval.hits[0].document)
        return (
            "The documents do not say, as far as this search can tell: no passage covers what "
            f"is asked closely enough to be cited. The nearest is in {nearest}."
        )

    def _current(self) -> _Opened:
        with self._lock:
            generation = current_generation(self._workspace.index)
            if generation is not None and generation != self._opened.index.generation:
                log.info("the index was rebuilt; switching to %s", generation.name)
                self._opened = self._open()
            return self._opened

    def _open(self) -> _Opened:
        index = open_index(self._workspace, self._embedder)
        return _Opened(index, Retriever(index, self._settings.retrieve), Extractor(index))


def _notes(extraction: Extraction) -> tuple[str, ...]:
    """What a reader must know beside the statements: that a cited document is not in force."""
    cited = {unit.hit.document.id: unit.hit.document for unit in extraction.units}
    notes = []
    for document in cited.values():
        if document.status == "superseded":
            by = f" by {document.superseded_by}" if document.superseded_by else ""
            notes.append(f"{edition(document)} is superseded{by}.")
        elif document.status != "current":
            notes.append(f"{edition(document)} is {document.status}.")
    return tuple(notes)
