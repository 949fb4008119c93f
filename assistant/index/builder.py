"""Building the index: only what changed is read and embedded, and the old index answers
until the new one is complete."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.corpus.clean import clean
from assistant.corpus.files import SourceFile, identify, list_pdfs
from assistant.corpus.identity import settle_editions
from assistant.corpus.isolate import Limits, PdfReader
from assistant.corpus.manifest import Entry, read_manifest
from assistant.corpus.passages import embedded_text
from assistant.corpus.reader import READER_VERSION, read_document
from assistant.errors import AssistantError, DocumentError, WorkspaceError
from assistant.index.acronyms import find_acronyms, spelled_phrases
from assistant.index.embedder import Embedder
from assistant.index.generations import (
    CACHE,
    CHROMA,
    STORE,
    build_lock,
    current_generation,
    make_current,
    new_generation,
    remove_generation,
    unused_generations,
)
from assistant.index.report import BuildReport, DocumentReport, State, report_from_json
from assistant.index.store import Store
from assistant.index.vector_cache import VectorCache
from assistant.index.vectors import PassageVectors
from assistant.types import Document, Passage
from assistant.workspace import Workspace

SCHEMA_VERSION = 1  # raise it when the files of a generation change their form

Progress = Callable[[str, int, int], None]  # (what is under way, done, of how many)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to be indexed, and the key under which its contents can be taken over."""

    file: SourceFile
    entry: Entry | None
    key: str


def build_index(
    workspace: Workspace,
    progress: Progress = lambda _what, _done, _total: None,
    *,
    force: bool = False,
) -> BuildReport:
    """Bring the index of ``workspace`` up to date with its corpus.

    A file that cannot be read is reported and the rest goes on. Raises IndexBusyError when
    another build is under way, WorkspaceError when nothing can be written, UsageError when
    the settings or the manifest are wrong; the old index is untouched then.
    """
    with build_lock(workspace.index):
        try:
            return _Build(workspace, progress, force).run()
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise WorkspaceError(
                f"The index could not be written ({reason}); free space or mend the folder "
                f"{workspace.index} and run it again. The index built before still answers."
            ) from error


def expected_form(settings: Settings, embedder: Embedder) -> dict[str, Any]:
    """What an index must have been built with to be used with these settings."""
    return {
        "schema": SCHEMA_VERSION,
        "reader": READER_VERSION,
        "model": embedder.name,
        "model_fingerprint": embedder.fingerprint,
        "chroma_url": settings.index.chroma_url,
    }


def form_difference(form: dict[str, Any], expected: dict[str, Any]) -> str | None:
    """Why an index of ``form`` cannot be used, or None where it can."""
    names = {
        "schema": "the index format",
        "reader": "the way documents are read",
        "model": "the embedding model",
        "model_fingerprint": "the weights of the embedding model",
        "chroma_url": "[index] chroma_url",
    }
    changed = [name for key, name in names.items() if form.get(key) != expected[key]]
    return f"{' and '.join(changed)} changed since it was built" if changed else None


class _Build:
    def __init__(self, workspace: Workspace, progress: Progress, force: bool) -> None:
        self._workspace = workspace
        self._settings = workspace.settings
        self._progress = progress
        self._force = force
        self._began = time.monotonic()
        index = self._settings.index
        self._embedder = Embedder(index.embedding_model, index.batch_size)
        self._form = expected_form(self._settings, self._embedder)
        self._reports: list[DocumentReport] = []

    def run(self) -> BuildReport:
        sources = self._sources()
        old_folder = current_generation(self._workspace.index)
        old = _open_old(old_folder)
        reason = self._rebuild_reason(old)
        previous = old.meta("sources") if old is not None and reason is None else {}
        wanted = {source.file.name: source.key for source in sources}
        refused = {r.file: r.reason for r in self._reports}
        try:
            if old is not None and reason is None and not self._force:
                if wanted == previous and refused == old.meta("refused_files"):
                    return self._unchanged(old)
            return self._build(sources, old, previous, reason)
        finally:
            if old is not None:
                old.close()
            keep = old_folder if reason is None else None
            for folder in unused_generations(self._workspace.index, keep):
                remove_generation(folder)

    def _sources(self) -> list[_Source]:
        """The files to index; refuses what cannot be opened and second copies."""
        folder = self._workspace.corpus
        if not folder.is_dir():
            raise WorkspaceError(f"There is no folder {folder}; make it and put PDFs there.")
        manifest = read_manifest(folder)
        first: dict[str, str] = {}
        sources: list[_Source] = []
        for path in list_pdfs(folder):
            try:
                file = identify(folder, path)
            except DocumentError as error:
                self._refuse(path.relative_to(folder).as_posix(), str(error))
                continue
            if file.sha256 in first:
                self._refuse(
                    file.name,
                    f"{file.name} has the same bytes as {first[file.sha256]}; "
                    "it is indexed once, under that name.",
                )
                continue
            first[file.sha256] = file.name
            entry = manifest.get(file.name)
            sources.append(_Source(file, entry, self._key(file, entry)))
        for name in manifest.keys() - {source.file.name for source in sources}:
            if not any(report.file == name for report in self._reports):
                self._refuse(
                    name, f"{name} is in manifest.toml but not in the corpus; add or remove it."
                )
        return sources

    def _key(self, file: SourceFile, entry: Entry | None) -> str:
        """Changes whenever reading the file again could give something else."""
        limits = self._settings.corpus.model_dump()
        described = entry.model_dump(mode="json") if entry else None
        text = json.dumps([file.name, file.sha256, described, limits], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _refuse(self, file: str, reason: str) -> None:
        self._reports.append(DocumentReport(file, "refused", reason=reason))

    def _rebuild_reason(self, old: Store | None) -> str | None:
        if old is None:
            return None
        return form_difference(old.meta("form") or {}, self._form)

    def _unchanged(self, old: Store) -> BuildReport:
        reports = [report_from_json(value) for value in old.meta("reports")]
        documents = tuple(replace(r, state="unchanged") if r.state != "refused" else r for r in reports)
        return BuildReport(
            documents,
            (),
            0,
            old.counts()[2],
            old.meta("fingerprint"),
            False,
            None,
            time.monotonic() - self._began,
        )

    def _build(
        self,
        sources: list[_Source],
        old: Store | None,
        previous: dict[str, str],
        reason: str | None,
    ) -> BuildReport:
        folder = new_generation(self._workspace.index)
        store = Store(folder / STORE, create=True)
        try:
            usable = old if reason is None and not self._force else None
            self._read_all(sources, store, usable, previous)
            self._settle(sources, store)
            passages = [p for p in store.passages() if p.kind != "contents"]
            embedded = self._embed(passages, folder, store)
            texts = [passage.text for passage in passages]
            store.put_acronyms({**spelled_phrases(texts), **find_acronyms(texts)})
            fingerprint = self._finish(sources, store, folder)
            store.commit()
        except BaseException:
            store.close()
            remove_generation(folder)
            raise
        store.close()
        make_current(self._workspace.index, folder)
        reports = tuple(sorted(self._reports, key=lambda report: report.file))
        return BuildReport(
            reports,
            tuple(sorted(set(previous) - {source.file.name for source in sources})),
            embedded,
            len(passages),
            fingerprint,
            True,
            reason,
            time.monotonic() - self._began,
        )

    def _read_all(
        self, sources: list[_Source], store: Store, old: Store | None, previous: dict[str, str]
    ) -> None:
        known = {d.file: d for d in old.documents()} if old is not None else {}
        old_reports = {r["file"]: r for r in old.meta("reports")} if old is not None else {}
        corpus = self._settings.corpus
        limits = Limits(corpus.page_seconds, corpus.memory_mb, corpus.max_pages)
        with PdfReader(limits) as reader:
            for done, source in enumerate(sources):
                name = source.file.name
                self._progress(f"Reading {name}", done, len(sources))
                if old is not None and previous.get(name) == source.key:
                    report = report_from_json(old_reports[name])
                    if report.state != "refused":
                        document = known[name]
                        store.put_document(document)
                        store.put_contents(old.pages(document.id), old.passages(document.id))
                        report = replace(report, state="unchanged")
                    self._reports.append(report)
                    continue
                state: State = "changed" if name in previous else "new"
                self._read(reader, source, store, state)
        self._progress("Reading", len(sources), len(sources))

    def _read(self, reader: PdfReader, source: _Source, store: Store, state: State) -> None:
        try:
            read = read_document(
                reader, source.file, source.entry, self._embedder.measure, self._embedder.capacity
            )
        except DocumentError as error:
            self._refuse(source.file.name, str(error))
            return
        report = DocumentReport(
            source.file.name,
            state,
            read.document.page_count,
            len(read.pages),
            len(read.passages),
            tuple(sorted(read.unread.items())),
        )
        if not read.pages:
            reason = f"{source.file.name} holds no text (a scan?); run OCR on it and add the result."
            report = replace(report, state="refused", reason=reason)
        store.put_document(read.document)
        store.put_contents(read.pages, read.passages)
        self._reports.append(report)

    def _settle(self, sources: list[_Source], store: Store) -> None:
        stated = frozenset(s.file.name for s in sources if s.entry and s.entry.status)
        for document in settle_editions(store.documents(), stated):
            store.put_document(document)

    def _embed(self, passages: list[Passage], folder: Path, store: Store) -> int:
        """Embed what the cache lacks, then fill the generation's collection."""
        texts = {p.id: embedded_text(p, _lead_in(store, p)) for p in passages}
        keys = {id_: VectorCache.key(text) for id_, text in texts.items()}
        cache = VectorCache(self._workspace.index / CACHE, self._embedder.fingerprint)
        try:
            missing = cache.missing(keys.values())
            todo = list({keys[id_]: text for id_, text in texts.items() if keys[id_] in missing}.items())
            done = 0
            self._progress("Embedding passages", 0, len(todo))
            for positions, vectors in self._embedder.embed_batches([text for _, text in todo]):
                cache.put([todo[position][0] for position in positions], vectors)
                done += len(positions)
                self._progress("Embedding passages", done, len(todo))
            self._progress("Storing vectors", 0, 1)
            url = self._settings.index.chroma_url
            collection = PassageVectors(folder / CHROMA, folder.name, url, create=True)
            if passages:
                collection.add(passages, cache.get([keys[p.id] for p in passages]))
            if collection.count() != len(passages):
                raise AssistantError(
                    f"Chroma kept {collection.count()} of {len(passages)} passages; "
                    "the index built before still answers, run the build again."
                )
            cache.keep_only(set(keys.values()))
            self._progress("Storing vectors", 1, 1)
        finally:
            cache.close()
        return len(todo)

    def _finish(self, sources: list[_Source], store: Store, folder: Path) -> str:
        wanted = {source.file.name: source.key for source in sources}
        text = json.dumps([self._form, wanted], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
        kept = {source.file.name for source in sources}
        store.put_meta("form", self._form)
        store.put_meta("sources", wanted)
        store.put_meta("fingerprint", fingerprint)
        store.put_meta("collection", folder.name)
        store.put_meta("built", datetime.now(UTC).isoformat(timespec="seconds"))
        store.put_meta("reports", [asdict(r) for r in sorted(self._reports, key=lambda r: r.file)])
        store.put_meta(
            "refused_files", {r.file: r.reason for r in self._reports if r.file not in kept}
        )
        return fingerprint


def _lead_in(store: Store, passage: Passage) -> str:
    texts = []
    for span in passage.lead_in:
        page = store.page(passage.document_id, span.page)
        if page is not None:
            texts.append(clean(page.text[span.start : span.end]))
    return " ".join(texts)


def _open_old(folder: Path | None) -> Store | None:
    if folder is None:
        return None
    try:
        store = Store(folder / STORE)
        store.meta("form")
    except sqlite3.Error:
        return None
    return store


__all__ = ["BuildReport", "Document", "build_index", "expected_form", "form_difference"]
