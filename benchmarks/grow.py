"""Grows an index to a number of passages, for ``scale.py``.

Up to the size of the source the passages are the source's own, whole documents in a random
order. Beyond it every further copy of a document has ids, a file and a designation of its
own, about a seventh of its longer words swapped for words of the same length, drawn as often
as they occur in the source, and the source's vectors with Gaussian noise of half their length
added and normalised again (cosine with the original about 0.9). Equal lengths keep every span
where it was, so quotes of a copy verify as real ones do. Store and vectors are written by the
package's own ``Store`` and ``PassageVectors``.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.corpus.clean import clean
from assistant.index.embedder import Embedder, Vectors
from assistant.index.form import expected_form
from assistant.index.generations import (
    STORE,
    has_current,
    make_current,
    new_generation,
)
from assistant.index.reader import open_index
from assistant.index.store import Store, is_searchable
from assistant.index.vectors import PassageVectors
from assistant.index.words import spellings
from assistant.types import Document, Page, Passage
from assistant.workspace import Workspace

SWAPPED, NOISE, SEED = 0.15, 0.5, 1
_WORD = re.compile(r"(?<![\w-])[a-z]{4,}(?![\w-])")
_TOGETHER = 50_000  # passages whose vectors are written at once


@dataclass(frozen=True)
class Grown:
    """A document with what is indexed of it; ``vectors`` are those of its passages."""

    document: Document
    pages: list[Page]
    passages: list[Passage]
    vectors: Vectors


class Source:
    """The documents of an index, and copies of them without end."""

    def __init__(self, workspace: Workspace) -> None:
        self._index = index = open_index(workspace)
        self._documents = list(index.documents.values())
        random.Random(SEED).shuffle(self._documents)
        self._words: dict[int, list[str]] = defaultdict(list)
        for document in self._documents:
            for page in index.store.pages(document.id):
                for word in _WORD.findall(page.text):
                    self._words[len(word)].append(word)
        self.acronyms = index.acronyms

    def documents(self) -> Iterator[Grown]:
        """The documents themselves, then copy after copy of each."""
        copy = 0
        while True:
            for document in self._documents:
                original = self._original(document)
                yield self._copied(original, copy) if copy else original
            copy += 1

    def _original(self, document: Document) -> Grown:
        store = self._index.store
        passages = [p for p in store.passages(document.id) if is_searchable(p)]
        return Grown(document, store.pages(document.id), passages, self._vectors(passages))

    def _vectors(self, passages: list[Passage]) -> Vectors:
        ids = [passage.id for passage in passages]
        found = self._index.vectors._collection.get(ids=ids, include=["embeddings"])
        by_id = dict(zip(found["ids"], found["embeddings"], strict=True))
        return np.asarray([by_id[id_] for id_ in ids], dtype=np.float32)

    def _copied(self, original: Grown, copy: int) -> Grown:
        document = replace(
            original.document,
            id=f"{copy}-{original.document.id}",
            file=f"copy-{copy}/{original.document.file}",
            designation=f"{original.document.designation} no. {copy}",
        )
        rng = random.Random(f"{SEED} {document.id}")
        pages = [self._swapped(page, document.id, rng) for page in original.pages]
        texts = {page.number: page.text for page in pages}
        passages = [
            replace(
                passage,
                id=f"{copy}-{passage.id}",
                document_id=document.id,
                text=_text(passage, texts),
            )
            for passage in original.passages
        ]
        return Grown(document, pages, passages, _noisy(original.vectors, rng.getrandbits(64)))

    def _swapped(self, page: Page, document_id: str, rng: random.Random) -> Page:
        def swap(match: re.Match[str]) -> str:
            word = match.group()
            return rng.choice(self._words[len(word)]) if rng.random() < SWAPPED else word

        return replace(page, document_id=document_id, text=_WORD.sub(swap, page.text))


def grow(source: Workspace, target: Path, size: int) -> tuple[Workspace, bool]:
    """A workspace at ``target`` whose index has ``size`` passages, and whether it is new.

    One that is there is kept.
    """
    target.mkdir(parents=True, exist_ok=True)
    (target / "assistant.toml").write_text((source.root / "assistant.toml").read_text())
    workspace = Workspace.find(target)
    workspace.index.mkdir(exist_ok=True)
    if has_current(workspace.index):
        return workspace, False
    generation = new_generation(workspace.index)
    _write(Source(source), generation, size, expected_form(workspace.settings, Embedder()))
    make_current(workspace.index, generation)
    return workspace, True


def _write(source: Source, generation: Path, size: int, form: dict[str, object]) -> None:
    store = Store(generation / STORE, create=True)
    vectors = PassageVectors(generation, create=True)
    passages: list[Passage] = []
    waiting: list[Vectors] = []
    words: Counter[str] = Counter()
    written = 0
    for grown in source.documents():
        taken = grown.passages[: size - written]
        store.put_document(grown.document)
        store.put_contents(grown.pages, taken)
        written += len(taken)
        words.update(word for passage in taken for word in set(spellings(passage.text)))
        passages.extend(taken)
        waiting.append(grown.vectors[: len(taken)])
        if len(passages) >= _TOGETHER or written == size:
            store.commit()
            vectors.add(passages, np.concatenate(waiting))
            passages, waiting = [], []
        if written == size:
            break
    store.put_acronyms(source.acronyms)
    store.put_spellings(words)
    store.put_meta("form", form)
    store.put_meta("fingerprint", f"grown to {size}")
    store.put_meta("built", datetime.now(UTC).isoformat(timespec="seconds"))
    store.put_meta("reports", [])
    store.commit()
    store.close()


def _text(passage: Passage, texts: dict[int, str]) -> str:
    """The text of ``passage`` as its spans have it on the pages now."""
    return "\n".join(
        " ".join(clean(texts[span.page][span.start : span.end]) for span in part.spans)
        for part in passage.parts
    )


def _noisy(vectors: Vectors, seed: int) -> Vectors:
    noise = np.random.default_rng(seed).normal(size=vectors.shape)
    moved = vectors + NOISE / np.sqrt(vectors.shape[-1]) * noise
    return np.asarray(moved / np.linalg.norm(moved, axis=-1, keepdims=True), dtype=np.float32)
