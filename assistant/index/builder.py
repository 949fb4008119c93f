"""Building the index, of which only what changed is read and embedded.

The index built before answers until the new one is complete.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.corpus.clean import clean
from assistant.corpus.passages import embedded_text
from assistant.errors import AssistantError, IndexMissingError, IndexWriteError
from assistant.index.acronyms import find_acronyms, spelled_phrases
from assistant.index.contents import Contents, Progress
from assistant.index.embedder import Embedder
from assistant.index.form import expected_form, form_difference
from assistant.index.generations import (
    CACHE,
    STORE,
    build_lock,
    current_generation,
    has_current,
    make_current,
    new_generation,
    unused_generations,
)
from assistant.index.report import BuildReport, report_from_json
from assistant.index.sources import Sources, find_sources
from assistant.index.store import Store, is_searchable
from assistant.index.vector_cache import VectorCache
from assistant.index.vectors import ChromaError, PassageVectors, discard_generation
from assistant.index.words import spellings
from assistant.types import Passage
from assistant.workspace import Workspace


def build_index(
    workspace: Workspace,
    progress: Progress = lambda _what, _done, _total: None,
    *,
    force: bool = False,
) -> BuildReport:
    """Bring the index of ``workspace`` up to date with its corpus.

    A file that cannot be read is reported and the rest goes on. Raises IndexBusyError when
    another build is under way, IndexWriteError when nothing can be written, UsageError when
    the settings or the manifest are wrong; the old index is untouched then.
    """
    with build_lock(workspace.index):
        try:
            return _Build(workspace, progress, force).run()
        except (OSError, sqlite3.Error, ChromaError) as error:
            if isinstance(error, ChromaError) and workspace.settings.index.chroma_url:
                raise  # it names the server; the folder is not at fault
            reason = getattr(error, "strerror", None) or str(error)
            kept = " The index built before still answers." if has_current(workspace.index) else ""
            raise IndexWriteError(
                f"The index could not be written ({reason}); free space or mend the folder "
                f"{workspace.index}, then run it again.{kept}"
            ) from error


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

    def run(self) -> BuildReport:
        sources = find_sources(self._workspace)
        if not sources.wanted and not sources.unreadable:
            raise AssistantError(
                f"There is no PDF below {self._workspace.corpus}; put some there and run it again."
                + (" The old index stays." if has_current(self._workspace.index) else "")
            )
        folder = current_generation(self._workspace.index)
        old, reason = self._open_old(folder)
        try:
            if old is not None and folder is not None and self._is_current(old, sources):
                if self._vectors_complete(folder, old):
                    return self._unchanged(old)
                reason = "some of its vectors were missing"
            return self._build(sources, old, reason)
        finally:
            if old is not None:
                old.close()
            # The last one is kept for those who are reading it, unless it cannot be used.
            keep = folder if reason is None else None
            for unused in unused_generations(self._workspace.index, keep):
                discard_generation(unused)

    def _open_old(self, folder: Path | None) -> tuple[Store | None, str | None]:
        """The store to take unchanged documents from, or why everything is built anew."""
        damaged = "the index was damaged"
        if folder is None:
            return None, damaged if has_current(self._workspace.index) else None
        try:
            store = Store(folder / STORE)
            store.check()
            reason = form_difference(store.meta("form") or {}, self._form)
        except (sqlite3.Error, json.JSONDecodeError):
            return None, damaged
        if reason is not None:
            store.close()
            return None, reason
        return store, None

    def _is_current(self, old: Store, sources: Sources) -> bool:
        then = (old.meta("sources"), old.meta("refused"))
        return not self._force and then == (sources.keys, sources.refused)

    def _vectors_complete(self, folder: Path, old: Store) -> bool:
        try:
            vectors = PassageVectors(folder, self._settings.index.chroma_url)
            return vectors.count() == old.counts()[2]
        except IndexMissingError:
            return False
        except ChromaError:
            if self._settings.index.chroma_url:
                raise
            return False

    def _unchanged(self, old: Store) -> BuildReport:
        reports = (report_from_json(value) for value in old.meta("reports"))
        return BuildReport(
            tuple(r if r.state == "refused" else replace(r, state="unchanged") for r in reports),
            removed=(),
            embedded=0,
            passages=old.counts()[2],
            fingerprint=old.meta("fingerprint"),
            rebuilt=False,
            rebuild_reason=None,
            seconds=time.monotonic() - self._began,
        )

    def _build(self, sources: Sources, old: Store | None, reason: str | None) -> BuildReport:
        folder = new_generation(self._workspace.index)
        try:
            store = Store(folder / STORE, create=True)
            try:
                contents = Contents(sources, store, old, self._workspace.corpus)
                contents.fill(
                    self._embedder, self._settings.corpus, self._progress, force=self._force
                )
                passages = [p for p in store.passages() if is_searchable(p)]
                embedded = self._embed(passages, folder, store)
                texts = [passage.text for passage in passages]
                store.put_acronyms({**spelled_phrases(texts), **find_acronyms(texts)})
                store.put_spellings(Counter(w for text in texts for w in set(spellings(text))))
                fingerprint = self._finish(sources, contents, store)
                store.commit()
            finally:
                store.close()
            make_current(self._workspace.index, folder)
        except BaseException:
            if current_generation(self._workspace.index) != folder:
                discard_generation(folder)
            raise
        return BuildReport(
            tuple(contents.reports),
            contents.removed,
            embedded,
            len(passages),
            fingerprint,
            True,
            reason,
            time.monotonic() - self._began,
        )

    def _embed(self, passages: list[Passage], folder: Path, store: Store) -> int:
        """Embed what the cache lacks, then fill the generation's collection."""
        texts = [embedded_text(passage, _lead_in(store, passage)) for passage in passages]
        keys = [VectorCache.key(text) for text in texts]
        cache = VectorCache(self._workspace.index / CACHE, self._embedder.fingerprint)
        try:
            missing = cache.missing(keys)
            todo = {key: text for key, text in zip(keys, texts, strict=True) if key in missing}
            todo_keys = list(todo)
            done = 0
            self._progress("Embedding passages", 0, len(todo))
            for positions, vectors in self._embedder.embed_batches(list(todo.values())):
                cache.put([todo_keys[position] for position in positions], vectors)
                done += len(positions)
                self._progress("Embedding passages", done, len(todo))
            self._progress("Storing vectors", 0, 1)
            collection = PassageVectors(folder, self._settings.index.chroma_url, create=True)
            if passages:
                collection.add(passages, cache.get(keys))
            if collection.count() != len(passages):
                raise ChromaError(f"Chroma kept {collection.count()} of {len(passages)} passages")
            cache.keep_only(set(keys))
            self._progress("Storing vectors", 1, 1)
        finally:
            cache.close()
        return len(todo)

    def _finish(self, sources: Sources, contents: Contents, store: Store) -> str:
        # What failed only for the moment is tried again by the next run.
        keys = {name: key for name, key in sources.keys.items() if name not in contents.passing}
        text = json.dumps([self._form, keys], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
        store.put_meta("form", self._form)
        store.put_meta("sources", keys)
        store.put_meta("refused", sources.refused)
        store.put_meta("fingerprint", fingerprint)
        store.put_meta("built", datetime.now(UTC).isoformat(timespec="seconds"))
        store.put_meta("reports", [asdict(report) for report in contents.reports])
        return fingerprint


def _lead_in(store: Store, passage: Passage) -> str:
    texts = []
    for span in passage.lead_in:
        page = store.page(passage.document_id, span.page)
        if page is not None:
            texts.append(clean(page.text[span.start : span.end]))
    return " ".join(texts)
