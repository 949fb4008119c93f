"""Small corpora and a model that costs nothing, so that a build takes a second."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from assistant.index.embedder import Vectors
from assistant.workspace import Workspace, create_workspace

WritePdf = Callable[..., Path]


class FakeEmbedder:
    """Gives each text a vector drawn from its hash, and remembers what it was given."""

    embedded: ClassVar[list[str]] = []
    name = "fake"
    fingerprint = "fake-1"
    capacity = 256

    def __init__(self, name: str = "", batch_size: int = 8) -> None:
        self.batch_size = batch_size

    def measure(self, text: str) -> int:
        return len(text.split()) + 2

    def embed_question(self, question: str) -> Vectors:
        return _vector(question)

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        for position, text in enumerate(texts):
            self.embedded.append(text)
            yield [position], np.stack([_vector(text)])


def _vector(text: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).normal(size=16).astype(np.float32)


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> type[FakeEmbedder]:
    """In place of the real model wherever an index is built or opened."""
    fake = type("Fake", (FakeEmbedder,), {"embedded": []})
    for module in ("index.builder", "index.reader", "answer.assistant"):
        monkeypatch.setattr(f"assistant.{module}.Embedder", fake)
    return fake


@pytest.fixture
def workspace(tmp_path: Path, embedder: type[FakeEmbedder]) -> Workspace:
    """A workspace without documents."""
    return create_workspace(tmp_path / "workspace", empty=True)


@pytest.fixture
def write_pdf(workspace: Workspace) -> WritePdf:
    """``write_pdf("a.pdf", "text of page 1", "")``: the second page holds nothing."""

    def write(name: str, *pages: str) -> Path:
        path = workspace.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_pdf(path, *pages)
        return path

    return write


def draw_pdf(path: Path, *pages: str) -> None:
    """A PDF with the lines of each page far enough apart to be paragraphs."""
    canvas = Canvas(str(path), pagesize=letter, invariant=1)
    for text in pages:
        for row, line in enumerate(text.splitlines()):
            canvas.drawString(72, 640 - 40 * row, line)
        canvas.showPage()
    canvas.save()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read, in order."""
    from assistant.index import contents

    names: list[str] = []
    real = contents.read_document

    def counting(reader, source, *rest):  # type: ignore[no-untyped-def]
        names.append(source.name)
        return real(reader, source, *rest)

    monkeypatch.setattr(contents, "read_document", counting)
    return names
