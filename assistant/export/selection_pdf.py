"""A selection as a PDF: the cited pages with the quotes highlighted, behind a title page."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, Final

from assistant.answer.styles import STYLES, edition
from assistant.corpus.files import identify
from assistant.corpus.isolate import START_SECONDS, Limits
from assistant.errors import DocumentError
from assistant.export.blocks import details
from assistant.export.highlighter import REFUSED
from assistant.export.paper import Entry, Paper, pages, ranges, section
from assistant.export.text import in_lines, in_utc, one_line, utc_time
from assistant.export.title_page import title_page
from assistant.types import Document

_LIMITS: Final = Limits()


def selection_pdf(paper: Paper, corpus: Path) -> bytes:
    """``paper`` as a PDF of the pages cited, document by document; the files stay as they are.

    Raises DocumentError where a document is gone, changed or cannot be copied from, or an
    excerpt no longer stands where it was taken from.
    """
    for entry in paper.entries:
        if entry.changed:
            raise DocumentError(
                f"Excerpt {entry.number} no longer stands where it was taken from, and cannot be "
                "marked there; take it out of the selection or choose another format."
            )
    cited: dict[Document, dict[int, list[Entry]]] = {source: {} for source in paper.sources}
    for entry in paper.entries:
        for number in pages(entry):
            cited[entry.excerpt.document].setdefault(number, []).append(entry)
    job = {
        "title": base64.b64encode(title_page(_title_lines(paper), paper.marking)).decode(),
        "bookmark": paper.origin,
        "metadata": {
            "/Title": paper.name,
            "/Subject": paper.origin,
            "/CreationDate": f"D:{in_utc(paper.made):%Y%m%d%H%M%S}Z",
        },
        "documents": [_document(corpus, source, cited[source]) for source in paper.sources],
    }
    return _run(job, sum(map(len, cited.values())))


def _title_lines(paper: Paper) -> list[str]:
    """The lines of the title page; the first is its title."""
    counts: dict[Document, int] = defaultdict(int)
    for entry in paper.entries:
        counts[entry.excerpt.document] += 1
    return [
        paper.name,
        f"Made: {utc_time(paper.made)}",
        f"Index: {paper.index}",
        f"Excerpts: {len(paper.entries)}, highlighted on the pages that follow",
        *(f"{edition(source)}: {count}" for source, count in counts.items()),
    ]


def _document(corpus: Path, document: Document, cited: dict[int, list[Entry]]) -> dict[str, Any]:
    return {
        "path": str(_file(corpus, document)),
        "bookmark": one_line(edition(document)),
        "pages": [
            {"number": number, "marks": [_mark(entry, number) for entry in cited[number]]}
            for number in sorted(cited)
        ],
    }


def _file(corpus: Path, document: Document) -> Path:
    """The document's file, if it still is what was indexed."""
    name = PurePosixPath(document.file)
    path = corpus / name
    shown = one_line(document.file)
    if name.is_absolute() or ".." in name.parts or "\0" in document.file or not path.is_file():
        raise DocumentError(f"{shown} is no longer in the corpus; choose another format.")
    if identify(corpus, path).sha256 != document.sha256:
        raise DocumentError(f"{shown} changed since it was indexed; index it again.")
    return path


def _mark(entry: Entry, number: int) -> dict[str, Any]:
    excerpt = entry.excerpt
    place = details(
        {
            "Section": section(excerpt),
            "File": excerpt.document.file,
            "Printed page": excerpt.printed_page,
            "PDF page": str(excerpt.pdf_page),
            "Paragraph": excerpt.paragraph,
            "Characters": ranges(excerpt.spans),
        }
    )
    contents = [
        f"[{entry.number}] {entry.citation}",
        *_labelled("Note", [in_lines(entry.note)]),
        *_labelled("Quote", [in_lines(excerpt.quote)]),
        *_labelled("Also in", entry.repeats),
        place.text,
    ]
    return {
        "ranges": [[span.start, span.end] for span in excerpt.spans if span.page == number],
        "label": f"Excerpt {entry.number}",
        "contents": "\n".join(contents),
        "bookmark": f"[{entry.number}] {one_line(STYLES['doctrine'](excerpt))}",
    }


def _labelled(label: str, texts: Iterable[str]) -> list[str]:
    return [f"{label}: {text}" for text in texts if text]


def _run(job: dict[str, Any], count: int) -> bytes:
    """What the highlighter makes of ``job``, which concerns ``count`` pages."""
    command = [sys.executable, "-m", "assistant.export.highlighter", str(_LIMITS.memory_mb)]
    seconds = START_SECONDS + _LIMITS.page_seconds * count
    try:
        done = subprocess.run(
            command,
            input=json.dumps(job).encode("ascii"),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            "The pages could not be copied in time; choose another format."
        ) from error
    if done.returncode == REFUSED:
        raise DocumentError(json.loads(done.stderr))
    if done.returncode != 0:
        raise DocumentError(
            "The pages could not be copied: a document among them is damaged or too large; "
            "choose another format."
        )
    return done.stdout
