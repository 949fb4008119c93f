"""One ingest in a process of its own, which ``ingest`` starts and watches.

    python -m benchmarks.builds ours WORKSPACE TEXTS
    python -m benchmarks.builds llamaindex WORKSPACE TEXTS
    python -m benchmarks.builds encode WORKSPACE TEXTS

The first two index the corpus of WORKSPACE and write what they embedded to the file TEXTS,
the last encodes those texts with nothing around. All libraries and the model are loaded
before the clock starts. Prints a JSON object: ``seconds``, ``busy`` (processor time),
``passages`` and, of ours, ``again`` (seconds of a second, unchanged ingest).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assistant.index.embedder import Embedder, Vectors, model_folder
from assistant.workspace import Workspace
from benchmarks import pipeline
from benchmarks.measure import cost

AGAIN = 5  # unchanged ingests, of which the median counts


class RecordingEmbedder(Embedder):
    """Remembers what the build embedded."""

    texts: Sequence[str] = ()

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        self.texts = texts
        return super().embed_batches(texts)


def main() -> None:
    """Do what the arguments say and print what it cost."""
    kind, workspace, texts = sys.argv[1], Workspace.find(Path(sys.argv[2])), Path(sys.argv[3])
    print(json.dumps(KINDS[kind](workspace, texts)))


def ours(workspace: Workspace, texts: Path) -> dict[str, Any]:
    """``build_index``."""
    from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: F401, PLC0415

    from assistant.index.builder import build_index  # noqa: PLC0415

    embedder = RecordingEmbedder()
    embedder.measure("load the tokenizer")
    embedder.embed_question("load the model")
    with patch("assistant.index.builder.Embedder", lambda *_: embedder):
        with cost() as first:
            report = build_index(workspace)
        again = [_unchanged(workspace) for _ in range(AGAIN)]
    lost = [d.file for d in report.documents if d.pages != d.indexed_pages + len(d.unread)]
    if lost:
        raise RuntimeError(f"pages of {lost} are neither indexed nor reported")
    texts.write_text(json.dumps(list(embedder.texts)), encoding="utf-8")
    return {**vars(first), "passages": report.passages, "again": sorted(again)[AGAIN // 2]}


def llamaindex(workspace: Workspace, texts: Path) -> dict[str, Any]:
    """LlamaIndex's default pipeline."""
    import chromadb  # noqa: F401, PLC0415
    from llama_index.core import SimpleDirectoryReader  # noqa: PLC0415

    pipeline.use_packages()
    SimpleDirectoryReader.supported_suffix_fn()  # imports its readers
    model = pipeline.embedding()
    with cost() as first:
        nodes = pipeline.split(pipeline.read(workspace.corpus))
        pipeline.store(nodes, workspace.root / "chroma", model)
    texts.write_text(json.dumps(pipeline.embedded_texts(nodes)), encoding="utf-8")
    return {**vars(first), "passages": len(nodes)}


def encode(_workspace: Workspace, texts: Path) -> dict[str, Any]:
    """``SentenceTransformer.encode`` with its own defaults."""
    model = bare_model()
    embedded = json.loads(texts.read_text(encoding="utf-8"))
    with cost() as spent:
        model.encode(embedded, show_progress_bar=False)
    return {**vars(spent), "passages": len(embedded)}


def bare_model() -> Any:
    """The model with nothing around it, loaded."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - offline is set now

    model = SentenceTransformer(str(model_folder("")), device="cpu")
    model.encode(["load the model"])
    return model


def _unchanged(workspace: Workspace) -> float:
    from assistant.index.builder import build_index  # noqa: PLC0415

    with cost() as spent:
        report = build_index(workspace)
    if report.rebuilt or report.embedded:
        raise RuntimeError("an unchanged corpus was indexed again")
    return spent.seconds


KINDS = {"ours": ours, "llamaindex": llamaindex, "encode": encode}

if __name__ == "__main__":
    main()
