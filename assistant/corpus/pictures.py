"""Pictures of pages and the boxes of characters on them, made in the isolated worker."""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.files import identify
from assistant.corpus.isolate import Limits, PdfReader
from assistant.errors import DocumentError
from assistant.types import Document

MIN_WIDTH, MAX_WIDTH = 200, 2400  # pixels
_KEPT = 64  # pictures kept in memory, about 300 kB each


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the page, 0 to 1, origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


class PagePictures:
    """Renders pages of the documents below ``corpus``; safe to share between threads."""

    def __init__(self, corpus: Path, limits: Limits | None = None) -> None:
        self._corpus = corpus
        self._reader = PdfReader(limits or Limits())
        self._lock = threading.Lock()
        self._pictures: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._checked: dict[tuple[str, int, int], str] = {}

    def picture(self, document: Document, number: int, width: int) -> bytes:
        """PNG of page ``number``; raises DocumentError when it cannot be made."""
        width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        key = (document.sha256, number, width)
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
            path = self._path(document, number)
            answer = self._reader.call(path, {"render": number, "width": width})
            png = base64.b64decode(answer["png"])
            self._pictures[key] = png
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
            return png

    def boxes(self, document: Document, number: int, start: int, end: int) -> list[Box]:
        """Boxes of the characters ``start`` to ``end``, one a printed line."""
        with self._lock:
            path = self._path(document, number)
            answer = self._reader.call(path, {"boxes": number, "start": start, "end": end})
        return [Box(*values) for values in answer["boxes"]]

    def _path(self, document: Document, number: int) -> Path:
        """The file, if it still is what was indexed: a picture of another one would mislead."""
        path = self._corpus / document.file
        if not 1 <= number <= document.page_count:
            raise DocumentError(f"{document.designation} has no page {number}.")
        try:
            state = path.stat()
        except OSError as error:
            raise DocumentError(
                f"{document.file} is no longer in the corpus; its text can still be cited."
            ) from error
        key = (document.file, state.st_mtime_ns, state.st_size)
        if key not in self._checked:
            self._checked[key] = identify(self._corpus, path).sha256
        if self._checked[key] != document.sha256:
            raise DocumentError(f"{document.file} changed since it was indexed; index it again.")
        return path
