"""A selection as RIS: a report for each document, and a record for each excerpt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rispy

from assistant.export.keys import document_keys, excerpt_key
from assistant.export.paper import CHANGED, Entry, Paper, ranges, section
from assistant.export.text import one_line
from assistant.types import Document

Record = dict[str, str | list[str]]


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Without the numbers that rispy puts before each record, which not every program reads."""

    def set_header(self, count: int) -> str:
        return ""


def selection_ris(paper: Paper) -> bytes:
    """``paper`` as RIS in UTF-8; every text stands on one line."""
    keys = document_keys(paper.sources)
    records = [_report(paper, document, key) for document, key in keys.items()]
    records += [_excerpt(paper, entry, keys[entry.excerpt.document]) for entry in paper.entries]
    text: str = rispy.dumps(records, implementation=_Writer)
    return text.encode("utf-8")


def _report(paper: Paper, document: Document, key: str) -> Record:
    return _record(
        {
            "type_of_reference": "RPRT",
            "id": key,
            "title": document.title or document.designation,
            "number": document.designation,
            **_published(document),
        },
        {**_known(document), "Export": paper.origin},
    )


def _excerpt(paper: Paper, entry: Entry, key: str) -> Record:
    excerpt = entry.excerpt
    document = excerpt.document
    return _record(
        {
            "type_of_reference": "CHAP",
            "id": excerpt_key(key, entry.number),
            "title": section(excerpt) or document.title or document.designation,
            "secondary_title": document.title or document.designation,
            "number": document.designation,
            **_published(document),
            "abstract": excerpt.quote,
            "start_page": excerpt.printed_page or f"PDF {excerpt.pdf_page}",
            "section": excerpt.paragraph,
        },
        {
            "Note": entry.note,
            "Citation": entry.citation,
            "Printed page": excerpt.printed_page,
            "PDF page": str(excerpt.pdf_page),
            "Paragraph": excerpt.paragraph,
            "Characters": ranges(excerpt.spans),
            "Also in": " / ".join(entry.repeats),
            "Changed": CHANGED if entry.changed else None,
            **_known(document),
            "Export": paper.origin,
        },
    )


def _published(document: Document) -> dict[str, Any]:
    edition = document.edition
    # RIS parts several addresses by a semicolon.
    url = one_line(document.url).replace(";", "%3B")
    return {
        "publisher": document.publisher,
        "year": f"{edition.year:04}" if edition else None,
        "date": edition.strftime("%Y/%m/%d") if edition else None,
        "urls": [url] if url else None,
    }


def _known(document: Document) -> dict[str, str | None]:
    return {
        "File": document.file,
        "Status": document.status,
        "Superseded by": document.superseded_by,
        "Marking": document.marking,
        "Distribution": document.distribution,
    }


def _record(fields: Mapping[str, Any], notes: Mapping[str, str | None]) -> Record:
    """A record of the fields and notes that say something, each on one line."""
    shown = {
        name: value if isinstance(value, list) else one_line(value)
        for name, value in fields.items()
    }
    said = {name: one_line(text) for name, text in notes.items()}
    shown["notes"] = [f"{name}: {text}" for name, text in said.items() if text]
    return {name: value for name, value in shown.items() if value}
