"""The assistant: one workspace's index, opened, that answers questions."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from assistant.answer.calibration import in_force, read_calibration
from assistant.answer.checking import StatementChecker
from assistant.answer.citations import Citer
from assistant.answer.entailment import Judge, open_judge
from assistant.answer.extract import current_hits
from assistant.answer.extractive import ExtractiveAnswerer, Found
from assistant.answer.generative import Draft, Writer
from assistant.answer.model_errors import ModelError
from assistant.answer.outcome import failed, generated
from assistant.answer.question import readable
from assistant.answer.sources import SourceFinder
from assistant.answer.standalone import Rewriter
from assistant.config import Settings
from assistant.corpus.pictures import Box, PagePictures
from assistant.errors import AssistantError, DocumentError
from assistant.excerpts.finder import NOTHING, ExcerptFinder
from assistant.excerpts.query import ExcerptQuery
from assistant.excerpts.query import Found as FoundExcerpts
from assistant.index.embedder import Embedder
from assistant.index.generations import current_generation
from assistant.index.reader import Index, IndexSummary, open_index
from assistant.retrieve.retriever import Retriever
from assistant.types import Answer, Document, Excerpt, Filters, Hit, Page, Progress
from assistant.workspace import Workspace

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Opened:
    index: Index
    retriever: Retriever
    extractive: ExtractiveAnswerer
    threshold: float
    rewriter: Rewriter
    judge: Judge | None  # None where no model writes
    excerpts: ExcerptFinder


class Assistant:
    """Answers from the current index of a workspace; safe to share between threads.

    When the index is rebuilt while it runs, the next call uses the new one.
    """

    def __init__(self, workspace: Workspace, shared: Index | None = None) -> None:
        self._workspace = workspace
        self._settings = workspace.settings
        index = self._settings.index
        own = Embedder(index.embedding_model, index.batch_size)  # loads nothing yet
        self._embedder = shared.embedder if shared else own
        self._writer = Writer.open(workspace)
        self._pictures = PagePictures(workspace.corpus)
        self._lock = threading.Lock()
        self._opened = self._over(shared) if shared else self._open()

    @classmethod
    def open(cls, workspace: Workspace | Path | str | None = None) -> Assistant:
        """Open a workspace, given as it is or by its folder; by default the one that is here.

        Raises WorkspaceError where there is none, at the folder or at or above the current one, and
        IndexMissingError where there is no index that can be used.
        """
        if not isinstance(workspace, Workspace):
            workspace = Workspace.find(None if workspace is None else Path(workspace).expanduser())
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
    def index(self) -> Index:
        """The current index."""
        return self._current().index

    @property
    def threshold(self) -> float:
        """The confidence below which it abstains, wherever that is set."""
        return self._current().threshold

    def warm_up(self) -> None:
        """Load the models and the vectors, so that the first question is quick."""
        opened = self._current()
        opened.retriever.search("warm up")
        if opened.judge:
            opened.judge.warm_up()

    def ask(
        self, question: str, filters: Filters | None = None, context: Sequence[str] = ()
    ) -> Answer:
        """The answer to ``question``, or an abstention with its reason.

        ``context`` are the earlier questions of the conversation, as they stand alone, oldest
        first. Raises QuestionError for an empty or far too long question.
        """
        *_, answer = self.stream(question, filters, context)
        assert isinstance(answer, Answer)  # the last one is, unless somebody stops it
        return answer

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        context: Sequence[str] = (),
        stop: threading.Event | None = None,
        *,
        again: bool = False,
    ) -> Iterator[Progress | Answer]:
        """The same as it comes about: how far a model has come, and the answer at last.

        Ends without an answer, and ends the model's work, when ``stop`` is set; the same where the
        iterator is closed. ``again`` asks a model for another wording. Raises QuestionError.
        """
        question, began = self._checked(question), time.perf_counter()
        rewriter = self._current().rewriter
        standalone = rewriter.standalone(question, context) if context else None
        if standalone:
            yield Progress(standalone=standalone)
        searched = standalone or question
        opened, found = self._with_current(
            lambda opened: (opened, opened.extractive.answer(searched, filters))
        )
        answer = found.answer
        if self._writer and not answer.abstained and not found.retrieval.looked_up:
            for step in self._written(found, opened, self._writer, stop, again):
                if isinstance(step, Answer):
                    answer = step
                else:
                    yield replace(step, standalone=standalone)
        if stop is None or not stop.is_set():
            seconds = {**answer.seconds, "total": round(time.perf_counter() - began, 4)}
            yield replace(answer, question=question, standalone=standalone, seconds=seconds)

    def in_context(self, questions: Sequence[str]) -> tuple[str, ...]:
        """The questions of a conversation, oldest first, each as it stands alone."""
        rewriter, found = self._current().rewriter, list[str]()
        for question in map(self._checked, questions):
            found.append(rewriter.standalone(question, found) or question)
        return tuple(found)

    def _written(
        self,
        found: Found,
        opened: _Opened,
        writer: Writer,
        stop: threading.Event | None,
        again: bool,
    ) -> Iterator[Progress | Answer]:
        """What the model makes of what was found, checked."""
        store, question = opened.index.store, found.answer.question
        assert opened.judge is not None
        hits = current_hits(found.answer.hits, found.retrieval.query)
        sources = SourceFinder(store).sources(found.extraction.units, hits, writer.room(question))
        checker = StatementChecker(opened.judge, Citer(store), sources)
        flag, draft = self._settings.answer.unsupported == "flag", Draft()
        try:
            for draft in writer.write(question, sources, checker, stop, again=again):
                shown = (s for s in draft.statements if flag or s.supported)
                yield Progress(None, tuple(shown), checker.citations, draft.text)
            answer = generated(
                found,
                draft.statements,
                checker.citations,
                declined=draft.declined,
                flag=flag,
                planted=any(source.planted for source in sources),
            )
        except ModelError as error:
            log.warning("the language model gave no answer: %s", error)
            answer = failed(found, error)
        seconds = {**answer.seconds, **{k: round(v, 4) for k, v in draft.seconds.items()}}
        yield replace(answer, model=writer.model.name, prompt=writer.prompt, seconds=seconds)

    def search(
        self, question: str, filters: Filters | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """The ``limit`` best passages; raises QuestionError as ``ask`` does."""
        question = self._checked(question)
        return self._with_current(
            lambda opened: opened.retriever.search(question, filters, limit).hits
        )

    def excerpts(self, query: ExcerptQuery, limit: int = 50, offset: int = 0) -> FoundExcerpts:
        """Every place on a matter, sentence by sentence: ``limit`` of them from ``offset``.

        Raises QuestionError where there is nothing to search for.
        """
        text = readable(query.text, self._settings.answer.max_question, NOTHING)
        return self._with_current(
            lambda opened: opened.excerpts.search(replace(query, text=text), limit, offset)
        )

    def excerpt(self, name: str) -> Excerpt:
        """The excerpt with this id; raises DocumentError where the index has no such place."""
        return self._with_current(lambda opened: opened.excerpts.places.named(name))

    def widened(self, excerpt: Excerpt, before: int, after: int) -> Excerpt:
        """``excerpt`` with so many more sentences on either side, or fewer where negative."""
        return self._with_current(
            lambda opened: opened.excerpts.places.widened(excerpt, before, after)
        )

    def documents(self) -> list[Document]:
        """The indexed documents in order of their files."""
        return list(self._current().index.documents.values())

    def summary(self) -> IndexSummary:
        """What is indexed and from when."""
        return self._current().index.summary

    def page(self, file: str, page: int | str) -> Page:
        """An indexed page of a document, by its PDF page or by what is printed on it ("I-5").

        Raises DocumentError where there is none with text.
        """
        document, store = self._document(file), self._current().index.store
        number = store.page_of_label(document.id, page) if isinstance(page, str) else page
        found = None if number is None else store.page(document.id, number)
        if found is None:
            kind = "printed" if isinstance(page, str) else "PDF"
            raise DocumentError(f"{document.designation} has no text on {kind} page {page}.")
        return found

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
        return readable(question, self._settings.answer.max_question)

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
        settings = self._settings.answer
        coefficients, threshold = in_force(calibration, settings.threshold)
        return _Opened(
            index,
            retriever,
            ExtractiveAnswerer(index, retriever, coefficients, threshold, settings.max_statements),
            threshold,
            Rewriter(index, self._writer),
            open_judge(index, settings.entailment_model) if self._writer else None,
            ExcerptFinder(index, retriever),
        )
