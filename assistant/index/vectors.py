"""The vectors of one generation in Chroma, written through LlamaIndex's vector store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from assistant import offline as _offline  # noqa: F401 - sets the environment first
from assistant.errors import AssistantError, IndexMissingError
from assistant.imports import big_import
from assistant.index.embedder import Vectors
from assistant.index.generations import CHROMA, SERVER, remove_generation
from assistant.types import Passage

log = logging.getLogger(__name__)

_BATCH = 5000  # Chroma takes 5,461 at once, and writes its whole table of ids with each
# With Chroma's defaults the search misses much of what is nearest: docs/design/lexical-index.md.
_COLLECTION = {
    "hnsw": {
        "space": "cosine",
        "max_neighbors": 32,
        "ef_construction": 200,
        "ef_search": 1000,
        # The least there is: each batch is written at once. What is left in Chroma's log
        # is put into the graph anew by every process, and each gets another graph.
        "sync_threshold": 2,
    }
}
_opening = threading.Lock()  # Chroma's clients must not be made by two threads at once


class ChromaError(AssistantError):
    """Chroma could not be reached, or could not write."""


class PassageVectors:
    """A Chroma collection named like its generation, in that folder or on the server ``url``."""

    def __init__(self, generation: Path, url: str = "", *, create: bool = False) -> None:
        """Open the collection, or ``create`` it.

        Raises IndexMissingError when it is not there, ChromaError when Chroma does not work.
        """
        self._url = url
        if create and url:
            # Written first, so that whatever happens next the collection can be found again.
            (generation / SERVER).write_text(url, encoding="utf-8")
        with _errors(url), _opening:
            client = _client(generation / CHROMA, url)
            if create:
                collection = client.create_collection(
                    generation.name, configuration=_COLLECTION, embedding_function=None
                )
            else:
                collection = client.get_collection(generation.name, embedding_function=None)
            self._collection: Any = collection

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add ``passages`` with their vectors, shape (len(passages), dimensions)."""
        from llama_index.core.schema import BaseNode, TextNode  # noqa: PLC0415
        from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: PLC0415

        store = ChromaVectorStore(chroma_collection=self._collection)
        for start in range(0, len(passages), _BATCH):
            nodes: list[BaseNode] = [
                TextNode(  # without its text: that is in the store, nothing asks Chroma for it
                    id_=passage.id,
                    embedding=vector.tolist(),
                    metadata={"document": passage.document_id},
                )
                for passage, vector in zip(
                    passages[start : start + _BATCH], vectors[start : start + _BATCH], strict=True
                )
            ]
            with _errors(self._url):
                store.add(nodes)

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine similarity) of the nearest passages, nearest first.

        Asked of Chroma itself: LlamaIndex turns the cosine into another number, and importing
        it takes a good part of the time to a first answer.
        """
        chosen = None if document_ids is None else {"document": {"$in": list(document_ids)}}
        with _errors(self._url):
            result = self._collection.query(
                query_embeddings=[vector.tolist()],
                n_results=limit,
                where=chosen,
                include=["distances"],
            )
        found = zip(result["ids"][0], result["distances"][0], strict=True)
        return [(key, 1.0 - float(distance)) for key, distance in found]

    def ids(self) -> set[str]:
        """Ids of all passages that have a vector."""
        with _errors(self._url):
            return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """Number of vectors."""
        with _errors(self._url):
            return int(self._collection.count())


def discard_generation(generation: Path) -> None:
    """Delete a generation's folder and, where it has one, its collection on a server.

    The folder stays when the server does not answer: it names what is left to delete.
    """
    server = generation / SERVER
    if server.is_file():
        url = server.read_text(encoding="utf-8")
        try:
            _drop(generation.name, url)
        except ChromaError as error:
            log.warning("%s", error)
            return
    remove_generation(generation)


def _drop(name: str, url: str) -> None:
    try:
        with _errors(url), _opening:
            _client(Path(), url).delete_collection(name)
    except IndexMissingError:
        pass  # it was never made, or is gone already


@contextmanager
def _errors(url: str) -> Iterator[None]:
    """Tell what goes wrong inside Chroma in one sentence."""
    with big_import("chromadb"):
        from chromadb.errors import NotFoundError  # noqa: PLC0415

    try:
        yield
    except AssistantError:
        raise
    except NotFoundError as error:
        raise IndexMissingError(
            "The vectors of the index are missing; build it again with: assistant index"
        ) from error
    except Exception as error:  # Chroma raises its own, Rust's and HTTP errors
        if url:
            raise ChromaError(
                f"The Chroma server at {url} does not answer as it should "
                f"({_first_line(error)}); start it, or empty [index] chroma_url to keep "
                "vectors in the index folder."
            ) from error
        raise ChromaError(
            f"The vectors of the index cannot be read or written ({_first_line(error)}); "
            "build it again with: assistant index --force"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _client(folder: Path, url: str) -> Any:
    with big_import("chromadb"):
        import chromadb  # noqa: PLC0415 - a second to import
        from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    address = urlparse(url)
    secure = address.scheme == "https"
    return chromadb.HttpClient(
        host=address.hostname or "127.0.0.1",
        port=address.port or (443 if secure else 8000),
        ssl=secure,
        settings=settings,
    )
