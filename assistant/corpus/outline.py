"""What the PDF says of itself outside its pages: metadata and page-label tree (pypdf)."""

from __future__ import annotations

from pathlib import Path

import pypdf
from pypdf.errors import PyPdfError


def read_outline(path: Path) -> tuple[str | None, list[str] | None]:
    """(metadata title, page labels or None where the file has no label tree).

    Damage here is not fatal: the text comes from PDFium, so what cannot be read is None.
    """
    try:
        reader = pypdf.PdfReader(path, strict=False)
        title = reader.metadata.title if reader.metadata else None
        root = reader.root_object
        labels = list(reader.page_labels) if "/PageLabels" in root else None
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, None
    return (str(title).strip() or None) if title else None, labels
