"""The pipeline that LlamaIndex gives by default, with the same embedding model as ours.

``SimpleDirectoryReader``, ``SentenceSplitter`` and ``VectorStoreIndex`` as their
documentation uses them, over a persistent Chroma. Its PDF reader needs packages that
``benchmarks/requirements.txt`` names and that only this module makes visible.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from assistant import offline as _offline  # noqa: F401 - sets the environment first
from assistant.index.embedder import model_folder

PACKAGES = Path(sys.prefix) / "benchmarks"
PAGE = "physical_page"
COLLECTION = "quickstart"


def use_packages() -> None:
    """Let this process import LlamaIndex's PDF reader and the pypdf that it asks for."""
    if not (PACKAGES / "llama_index").is_dir():
        sys.exit(
            "LlamaIndex's PDF reader is not installed; run: .venv/bin/python -m pip install "
            "--no-deps --target .venv/benchmarks -r benchmarks/requirements.txt"
        )
    if str(PACKAGES) not in sys.path:
        sys.path.insert(0, str(PACKAGES))


def pdf_reader() -> Any:
    """LlamaIndex's reader of one PDF."""
    use_packages()
    from llama_index.readers.file import PDFReader  # noqa: PLC0415 - seen only now

    return PDFReader()


def embedding() -> Any:
    """The embedding model of the assistant, used with LlamaIndex's defaults, and loaded."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # noqa: PLC0415

    model = HuggingFaceEmbedding(model_name=str(model_folder("")), device="cpu")
    model.get_query_embedding("load the model")
    return model


def read(folder: Path) -> list[Any]:
    """One document a page of every PDF below ``folder``.

    The reader gives a page's label only, so the physical page is counted here: the pages of
    a file come in order and none is left out. It stays out of what is embedded. The path,
    which is embedded, is the one below ``folder``, so that every machine gets the same.
    """
    use_packages()
    from llama_index.core import SimpleDirectoryReader  # noqa: PLC0415

    reader = SimpleDirectoryReader(str(folder), recursive=True, required_exts=[".pdf"])
    documents = reader.load_data()
    seen: Counter[str] = Counter()
    for document in documents:
        path = Path(document.metadata["file_path"]).relative_to(folder.absolute())
        file = document.metadata["file_path"] = path.as_posix()
        seen[file] += 1
        document.metadata[PAGE] = seen[file]
        document.excluded_embed_metadata_keys.append(PAGE)
        document.excluded_llm_metadata_keys.append(PAGE)
    return list(documents)


def split(documents: list[Any]) -> list[Any]:
    """The chunks of ``documents``."""
    from llama_index.core.node_parser import SentenceSplitter  # noqa: PLC0415

    return list(SentenceSplitter().get_nodes_from_documents(documents))


def store(nodes: list[Any], target: Path, model: Any) -> Any:
    """Embed ``nodes`` into a new Chroma folder; returns the index."""
    from llama_index.core import StorageContext, VectorStoreIndex  # noqa: PLC0415

    context = StorageContext.from_defaults(vector_store=_vectors(target))
    return VectorStoreIndex(nodes, storage_context=context, embed_model=model)


def reopen(target: Path, model: Any) -> Any:
    """The index that ``store`` wrote."""
    from llama_index.core import VectorStoreIndex  # noqa: PLC0415

    return VectorStoreIndex.from_vector_store(_vectors(target), embed_model=model)


def embedded_texts(nodes: list[Any]) -> list[str]:
    """What is embedded of each node."""
    from llama_index.core.schema import MetadataMode  # noqa: PLC0415

    return [node.get_content(metadata_mode=MetadataMode.EMBED) for node in nodes]


def _vectors(target: Path) -> Any:
    import chromadb  # noqa: PLC0415
    from llama_index.vector_stores.chroma import ChromaVectorStore  # noqa: PLC0415

    client = chromadb.PersistentClient(
        str(target), settings=chromadb.Settings(anonymized_telemetry=False)
    )
    collection = client.get_or_create_collection(COLLECTION)
    return ChromaVectorStore(chroma_collection=collection)
