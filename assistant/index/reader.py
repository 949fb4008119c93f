"""An index that answers: the current generation, opened for reading."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from assistant.errors import IndexMissingError
from assistant.index.embedder import Embedder
from assistant.index.form import expected_form, form_difference
from assistant.index.generations import STORE, current_generation, has_current
from assistant.index.report import DocumentReport, report_from_json
from assistant.index.store import Store
from assistant.index.vectors import PassageVectors
from assistant.types import Document
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What an index holds and when it was built (UTC)."""

    fingerprint: str
    built: datetime
    documents: int
    pages: int
    passages: int
    model: str


class Index:
    """One generation: its store, its vectors and the model that made them."""

    def __init__(self, generation: Path, embedder: Embedder, chroma_url: str) -> None:
        self.generation = generation
        self.store = Store(generation / STORE)
        self.embedder = embedder
        self._chroma_url = chroma_url
        self._frequencies: dict[str, int] = {}
        self._vectors: PassageVectors | None = None
        self._lock = threading.Lock()

    @property
    def vectors(self) -> PassageVectors:
        """The vectors, opened when first needed."""
        with self._lock:
            if self._vectors is None:
                self._vectors = PassageVectors(self.generation, self._chroma_url)
            return self._vectors

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Documents by id."""
        return {document.id: document for document in self.store.documents()}

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """Long forms by acronym."""
        return self.store.acronyms()

    @cached_property
    def summary(self) -> IndexSummary:
        """What the index holds."""
        documents, pages, passages = self.store.counts()
        return IndexSummary(
            self.store.meta("fingerprint"),
            datetime.fromisoformat(self.store.meta("built")),
            documents,
            pages,
            passages,
            self.store.meta("form")["model"],
        )

    def reports(self) -> list[DocumentReport]:
        """What became of each file when the index was built."""
        return [report_from_json(value) for value in self.store.meta("reports")]

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """In how many passages each word occurs."""
        wanted = set(words)
        with self._lock:
            unknown = wanted - self._frequencies.keys()
            self._frequencies.update(self.store.frequencies(unknown))
            return {word: self._frequencies[word] for word in wanted}

    def familiar(self, words: Collection[str], document_id: str, share: float) -> set[str]:
        """Those of ``words`` that at least this share of the document's passages hold."""
        counts = self.store.frequencies(words, document_id)
        total = max(1, self.store.size(document_id))
        return {word for word in words if counts[word] >= share * total}

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def open_index(workspace: Workspace, embedder: Embedder | None = None) -> Index:
    """The current index of ``workspace``.

    Raises IndexMissingError when there is none, when it is damaged, or when settings,
    model or format have changed since.
    """
    settings = workspace.settings
    generation = current_generation(workspace.index)
    damaged = "The index is damaged; build it again with: assistant index"
    if generation is None:
        missing = "There is no index yet; build it with: assistant index"
        raise IndexMissingError(damaged if has_current(workspace.index) else missing)
    embedder = embedder or Embedder(settings.index.embedding_model, settings.index.batch_size)
    try:
        index = Index(generation, embedder, settings.index.chroma_url)
        form = index.store.meta("form")
    except (sqlite3.Error, json.JSONDecodeError) as error:
        raise IndexMissingError(damaged) from error
    difference = form_difference(form or {}, expected_form(settings, embedder))
    if difference is not None:
        index.close()
        raise IndexMissingError(f"The index cannot be used: {difference}; run: assistant index")
    return index
