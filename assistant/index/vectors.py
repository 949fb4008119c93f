"""The vectors of one generation in Chroma, through LlamaIndex's vector store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from assistant import offline as _offline  # noqa: F401 - sets the environment first
from assistant.errors import AssistantError
from assistant.index.embedder import Vectors
from assistant.types import Passage

_BATCH = 1000
# What LlamaIndex's store keeps beside the text; the passage itself stands in the Store.
_COLLECTION = {"hnsw": {"space": "cosine"}}


class PassageVectors:
    """A Chroma collection of passages: embedded in ``folder``, or on the server at ``url``."""

    def __init__(self, folder: Path, name: str, url: str = "", *, create: bool = False) -> None:
        from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: PLC0415

        self._client = _client(folder, url)
        self._name = name
        if create:
            collection = self._client.create_collection(
                name, configuration=_COLLECTION, embedding_function=None
            )
        else:
            collection = self._client.get_collection(name, embedding_function=None)
        self._store: Any = ChromaVectorStore(chroma_collection=collection)

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add ``passages`` with their vectors, shape (len(passages), dimensions)."""
        from llama_index.core.schema import TextNode  # noqa: PLC0415

        for start in range(0, len(passages), _BATCH):
            self._store.add(
                [
                    TextNode(
                        id_=passage.id,
                        text=passage.text,
                        embedding=vector.tolist(),
                        metadata={"document": passage.document_id},
                    )
                    for passage, vector in zip(
                        passages[start : start + _BATCH],
                        vectors[start : start + _BATCH],
                        strict=True,
                    )
                ]
            )

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine similarity) of the nearest passages, nearest first."""
        from llama_index.core.vector_stores import (  # noqa: PLC0415
            FilterOperator,
            MetadataFilter,
            MetadataFilters,
            VectorStoreQuery,
        )

        filters = None
        if document_ids is not None:
            chosen = MetadataFilter(
                key="document", operator=FilterOperator.IN, value=list(document_ids)
            )
            filters = MetadataFilters(filters=[chosen])
        result = self._store.query(
            VectorStoreQuery(
                query_embedding=vector.tolist(), similarity_top_k=limit, filters=filters
            )
        )
        # LlamaIndex reports exp(-distance), which keeps the order but not the cosine.
        return [
            (key, 1.0 + math.log(max(similarity, 1e-9)))
            for key, similarity in zip(result.ids or [], result.similarities or [], strict=True)
        ]

    def count(self) -> int:
        """Number of vectors."""
        return int(self._store.client.count())

    def delete(self) -> None:
        """Remove the collection from its server or folder."""
        self._client.delete_collection(self._name)


def _client(folder: Path, url: str) -> Any:
    import chromadb  # noqa: PLC0415 - a second to import
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    address = urlparse(url)
    try:
        return chromadb.HttpClient(
            host=address.hostname or "127.0.0.1",
            port=address.port or (443 if address.scheme == "https" else 8000),
            ssl=address.scheme == "https",
            settings=settings,
        )
    except Exception as error:
        raise AssistantError(
            f"The Chroma server at {url} does not answer; start it, or empty "
            "[index] chroma_url to keep vectors in the index folder."
        ) from error
