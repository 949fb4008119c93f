"""Names by which references are cited: ``ops-digest-2026``, its excerpts ``ops-digest-2026-e3``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from assistant.types import Document

_LONGEST = 40  # characters of a designation that a key has


def document_keys(documents: Iterable[Document]) -> dict[Document, str]:
    """A key of ASCII letters, digits and hyphens for each document, none twice."""
    keys: dict[Document, str] = {}
    for document in documents:
        key = base = _base(document)
        number = 2
        while key in keys.values():
            key = f"{base}-v{number}"
            number += 1
        keys[document] = key
    return keys


def excerpt_key(document_key: str, number: int) -> str:
    """The key of the excerpt with this number."""
    return f"{document_key}-e{number}"


def _base(document: Document) -> str:
    plain = unicodedata.normalize("NFKD", document.designation).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_LONGEST].strip("-") or "document"
    return f"{name}-{document.edition.year}" if document.edition else name
