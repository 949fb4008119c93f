"""The document that a file is: what the manifest says of it, completed from its own pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from assistant.corpus.files import SourceFile
from assistant.corpus.frontmatter import first_date, read_front_matter
from assistant.corpus.furniture import Key
from assistant.corpus.isolate import RawDocument
from assistant.corpus.manifest import Entry
from assistant.corpus.series import series_of
from assistant.types import Document


def identify_document(
    source: SourceFile, raw: RawDocument, furniture: frozenset[Key], entry: Entry | None
) -> Document:
    """The document as the manifest describes it, completed from its own first pages."""
    entry = entry or Entry(file=source.name)
    stem = PurePosixPath(source.name).stem
    front = read_front_matter(raw, furniture, stem)
    designation = entry.designation or front.designation or stem.replace("_", " ")
    series = series_of(designation)
    return Document(
        id=hashlib.sha256(source.name.encode()).hexdigest()[:16],
        file=source.name,
        sha256=source.sha256,
        designation=designation,
        title=entry.title or front.title or designation,
        publisher=entry.publisher or (series.publisher if series else None),
        edition=entry.edition or front.edition,
        status=entry.status or "current",
        supersedes=tuple(entry.supersedes) or front.supersedes,
        superseded_by=entry.superseded_by,
        marking=entry.marking,
        distribution=entry.distribution or front.distribution,
        url=entry.url,
        page_count=raw.page_count,
    )


def settle_editions(
    documents: Sequence[Document], stated: frozenset[str] = frozenset()
) -> list[Document]:
    """Mark documents superseded that another one of the corpus says it supersedes.

    Files in ``stated`` have their status from the manifest, which is never overruled.
    """
    settled = []
    for document in documents:
        newer = next((d for d in documents if d != document and _replaces(d, document)), None)
        if newer is not None and document.file not in stated and document.status == "current":
            document = replace(document, status="superseded", superseded_by=newer.designation)
        settled.append(document)
    return settled


def _replaces(newer: Document, older: Document) -> bool:
    for named in newer.supersedes:
        if named == older.file:
            return True
        pattern = rf"(?<![\w-]){re.escape(older.designation)}(?![\w-]|\.\d)"
        if re.search(pattern, named):
            when = first_date(named)
            if when == older.edition or (when is None and newer.designation != older.designation):
                return True
    return False
