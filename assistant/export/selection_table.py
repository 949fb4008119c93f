"""A selection as a table: one row an excerpt, and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from assistant.export.paper import Entry, Paper, ranges, section
from assistant.export.text import in_lines, in_utc
from assistant.types import Document

Cell = str | int

# What a spreadsheet takes for the beginning of a formula, also behind white space, and the
# apostrophe, so that the one put before them can be told from one that was there.
_FORMULA: Final = re.compile(r"\s*['=+\-@\uff07\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

EXCERPT: Final[Mapping[str, Callable[[Entry], Cell]]] = MappingProxyType(
    {
        "number": lambda entry: entry.number,
        "quote": lambda entry: entry.excerpt.quote,
        "citation": lambda entry: entry.citation,
        "note": lambda entry: entry.note,
        "printed_page": lambda entry: entry.excerpt.printed_page or "",
        "pdf_page": lambda entry: entry.excerpt.pdf_page,
        "paragraph": lambda entry: entry.excerpt.paragraph or "",
        "section": lambda entry: section(entry.excerpt),
        "spans": lambda entry: ranges(entry.excerpt.spans),
        "repeats": lambda entry: "\n".join(entry.repeats),
        "changed": lambda entry: "yes" if entry.changed else "",
        "id": lambda entry: entry.excerpt.id,
    }
)
DOCUMENT: Final[Mapping[str, Callable[[Document], Cell]]] = MappingProxyType(
    {
        "file": lambda document: document.file,
        "designation": lambda document: document.designation,
        "title": lambda document: document.title,
        "publisher": lambda document: document.publisher or "",
        "edition": lambda document: document.edition.isoformat() if document.edition else "",
        "status": lambda document: document.status,
        "superseded_by": lambda document: document.superseded_by or "",
        "marking": lambda document: document.marking or "",
        "distribution": lambda document: document.distribution or "",
        "url": lambda document: document.url or "",
        "sha256": lambda document: document.sha256,
    }
)
PAPER: Final[Mapping[str, Callable[[Paper], Cell]]] = MappingProxyType(
    {
        "selection": lambda paper: paper.name,
        "selection_marking": lambda paper: paper.marking or "",
        "made": lambda paper: in_utc(paper.made).isoformat(),
        "index": lambda paper: paper.index,
        "style": lambda paper: paper.style,
    }
)
COLUMNS: Final = (*EXCERPT, *DOCUMENT, *PAPER)


def rows(paper: Paper) -> list[list[Cell]]:
    """The cells of every excerpt in the order of ``COLUMNS``, printable."""
    about = [value(paper) for value in PAPER.values()]
    return [
        [
            printable(cell)
            for cell in (
                *(value(entry) for value in EXCERPT.values()),
                *(value(entry.excerpt.document) for value in DOCUMENT.values()),
                *about,
            )
        ]
        for entry in paper.entries
    ]


def printable(cell: Cell) -> Cell:
    """``cell`` without characters that cannot be printed."""
    return in_lines(cell) if isinstance(cell, str) else cell


def selection_csv(paper: Paper) -> bytes:
    """``paper`` as CSV in UTF-8 with a byte-order mark, by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)  # commas, CRLF
    writer.writerow(COLUMNS)
    writer.writerows([_as_text(cell) for cell in row] for row in rows(paper))
    return out.getvalue().encode("utf-8-sig")


def _as_text(cell: Cell) -> Cell:
    """``cell`` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
