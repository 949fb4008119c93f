"""What an index is made with; two indexes of different form are never mixed."""

from __future__ import annotations

from typing import Any

from assistant.config import Settings
from assistant.corpus.reader import READER_VERSION
from assistant.index.embedder import Embedder

SCHEMA_VERSION = 5  # raise it when the files of a generation change their form

_NAMES = {
    "schema": "the index format",
    "reader": "the way documents are read",
    "model": "the embedding model",
    "model_fingerprint": "the weights of the embedding model",
    "chroma_url": "[index] chroma_url",
}


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
    changed = [name for key, name in _NAMES.items() if form.get(key) != expected[key]]
    return f"{' and '.join(changed)} changed since it was built" if changed else None
