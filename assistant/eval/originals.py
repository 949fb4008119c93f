"""What stands in the PDFs themselves, read anew for judging, never from the index."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.corpus.clean import clean
from assistant.corpus.isolate import Limits, PdfReader
from assistant.corpus.reader import settled_pages
from assistant.errors import DocumentError


class Originals:
    """Page texts of the PDFs below ``corpus``, each document read once when first needed."""

    def __init__(self, corpus: Path, limits: Limits | None = None) -> None:
        self._corpus = corpus
        self._reader = PdfReader(limits)
        self._pages: dict[str, dict[int, str]] = {}

    def __enter__(self) -> Originals:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def cited(self, citation: Mapping[str, Any]) -> str | None:
        """The cleaned text at a citation's page and offsets; None where it names none there."""
        start, end = citation.get("start"), citation.get("end")
        page = self.pages(citation["file"]).get(citation["pdf_page"])
        if page is None or start is None or end is None or not 0 <= start < end <= len(page):
            return None
        return clean(page[start:end])

    def pages(self, file: str) -> dict[int, str]:
        """The raw text of every page by number; empty where the file cannot be read."""
        if file not in self._pages:
            self._pages[file] = self._read(file)
        return self._pages[file]

    def _read(self, file: str) -> dict[int, str]:
        path = self._corpus / file
        if not path.is_file():
            return {}
        try:
            raw = self._reader.read(path)
        except DocumentError:
            return {}
        return {page.number: page.text for page in settled_pages(raw.pages)}
