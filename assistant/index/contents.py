"""Filling a new store with documents: read anew where they changed, else taken over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assistant.config import CorpusSettings
from assistant.corpus.files import identify
from assistant.corpus.identity import settle_editions
from assistant.corpus.isolate import Limits, PdfReader
from assistant.corpus.reader import read_document
from assistant.errors import DocumentError
from assistant.index.embedder import Embedder
from assistant.index.report import DocumentReport, State, report_from_json
from assistant.index.sources import Source, Sources
from assistant.index.store import Store, is_searchable

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]  # (what is under way, done, of how many)


class Contents:
    """Puts the documents of ``sources`` into ``store``; ``old`` has those read before.

    Afterwards ``reports`` has one report a file, in order of the files, and ``passing`` the
    files whose failure may be over by the next run.
    """

    def __init__(self, sources: Sources, store: Store, old: Store | None, corpus: Path) -> None:
        self.reports: list[DocumentReport] = []
        self.passing: set[str] = set()
        self._sources = sources
        self._store = store
        self._old = old
        self._corpus = corpus
        self._old_keys: dict[str, str] = old.meta("sources") if old else {}
        self._old_reports: dict[str, DocumentReport] = {}
        for value in old.meta("reports") if old else ():
            self._old_reports[value["file"]] = report_from_json(value)
        self._old_documents = {d.file: d for d in old.documents()} if old else {}

    @property
    def removed(self) -> tuple[str, ...]:
        """Files that the old index had and the corpus has no more."""
        gone = self._old_documents.keys() - {report.file for report in self.reports}
        return tuple(sorted(gone))

    def fill(
        self, embedder: Embedder, settings: CorpusSettings, progress: Progress, *, force: bool
    ) -> None:
        """Read or take over every document; ``force`` reads them all."""
        wanted = self._sources.wanted
        limits = Limits(settings.page_seconds, settings.memory_mb, settings.max_pages)
        with PdfReader(limits) as reader:
            for done, source in enumerate(wanted):
                progress(f"Reading {source.name}", done, len(wanted))
                if not force and self._old_keys.get(source.name) == source.key:
                    report = self._take_over(source.name)
                else:
                    report = self._read(reader, source, embedder)
                self.reports.append(report)
        for name, reason in self._sources.unreadable.items():
            self.reports.append(self._refuse(name, reason))
        for name, reason in self._sources.left_out.items():
            self.reports.append(DocumentReport(name, "refused", reason=reason))
        self.reports.sort(key=lambda report: report.file)
        self._settle()
        progress("Reading", len(wanted), len(wanted))

    def _read(self, reader: PdfReader, source: Source, embedder: Embedder) -> DocumentReport:
        name = source.name
        try:
            read = read_document(
                reader, source.file, source.entry, embedder.measure, embedder.capacity
            )
        except DocumentError as error:
            if not self._is_there(source):
                self.passing.add(name)
            return self._refuse(name, str(error))
        except Exception as error:  # one document must never cost the others
            log.info("reading %s", name, exc_info=True)
            if isinstance(error, OSError) or not self._is_there(source):
                self.passing.add(name)
            reason = f"{name} cannot be taken apart ({type(error).__name__}: {error})."
            return self._refuse(name, reason)
        unread = tuple(sorted(read.unread.items()))
        count = read.document.page_count
        if not read.pages:
            reason = f"{name} holds no text (a scan?); run OCR on it and add the result."
            return DocumentReport(name, "refused", count, unread=unread, reason=reason)
        self._store.put_document(read.document)
        self._store.put_contents(read.pages, read.passages)
        passages = sum(map(is_searchable, read.passages))
        state: State = "changed" if name in self._old_documents else "new"
        return DocumentReport(name, state, count, len(read.pages), passages, unread)

    def _is_there(self, source: Source) -> bool:
        """Whether the file still is what it was when it was listed."""
        try:
            return identify(self._corpus, source.file.path) == source.file
        except DocumentError:
            return False

    def _take_over(self, name: str) -> DocumentReport:
        """Copy what the old index holds of a file, if anything."""
        document = self._old_documents.get(name)
        if document is not None and self._old is not None:
            self._store.put_document(document)
            self._store.put_contents(self._old.pages(document.id), self._old.passages(document.id))
        report = self._old_reports[name]
        return report if report.state == "refused" else replace(report, state="unchanged")

    def _refuse(self, name: str, reason: str) -> DocumentReport:
        """What was indexed of a file that can be read no more stays."""
        if name not in reason:  # the parser knows only the last part of the name
            reason = reason.replace(PurePosixPath(name).name, name, 1)
        if name not in self._old_documents:
            return DocumentReport(name, "refused", reason=reason)
        reason = f"{reason} What was indexed of it before still answers."
        return replace(self._take_over(name), state="refused", reason=reason)

    def _settle(self) -> None:
        """Mark superseded editions afresh: the newer one may have come or gone."""
        entries = {source.name: source.entry for source in self._sources.wanted}
        documents = []
        for document in self._store.documents():
            if document.file in entries:
                entry = entries[document.file]
                document = replace(
                    document,
                    status=(entry and entry.status) or "current",
                    superseded_by=entry.superseded_by if entry else None,
                )
            documents.append(document)
        stated = frozenset(name for name, entry in entries.items() if entry and entry.status)
        for document in settle_editions(documents, stated):
            self._store.put_document(document)
