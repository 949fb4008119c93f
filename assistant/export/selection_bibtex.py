"""A selection as BibTeX: a report for each document, and an entry for each excerpt."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Final

from pybtex.database import BibliographyData, Entry
from pybtex.database.output.bibtex import Writer

from assistant.export.keys import document_keys, excerpt_key
from assistant.export.paper import CHANGED, Paper, ranges, section
from assistant.export.paper import Entry as Quoted
from assistant.export.text import in_utc, one_line
from assistant.types import Document

_LATEX: Final = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        # Not "\{": BibTeX counts braces, whatever stands before them.
        "{": r"\ensuremath{\lbrace}",
        "}": r"\ensuremath{\rbrace}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{character: f"\\{character}" for character in "#$%&_"},
    }
)
# Two of them are another character in LaTeX: "--" a dash, "``" a quotation mark.
_LIGATURE: Final = re.compile(r"(?<=[-`'<>,])(?=[-`'<>,])|(?<=[?!])(?=`)")


class _Writer(Writer):  # type: ignore[misc]
    """Writes fields that are LaTeX already, all of them in braces."""

    def _encode(self, text: str) -> str:
        return text

    def quote(self, s: str) -> str:
        self.check_braces(s)
        return f"{{{s}}}"


def selection_bibtex(paper: Paper) -> bytes:
    """``paper`` as BibTeX in UTF-8, every text with LaTeX's special characters escaped."""
    keys = document_keys(paper.sources)
    entries = {key: Entry("techreport", _report(paper, source)) for source, key in keys.items()}
    for quoted in paper.entries:
        key = keys[quoted.excerpt.document]
        name = excerpt_key(key, quoted.number)
        entries[name] = Entry("inbook", _excerpt(quoted, key))
    out = io.StringIO()
    _Writer().write_stream(BibliographyData(entries), out)
    return f"@comment{{{latex(paper.origin)}}}\n\n{out.getvalue()}".encode()


def latex(text: str) -> str:
    """One line of ``text`` as LaTeX that prints it as it is."""
    return _LIGATURE.sub("{}", one_line(text).translate(_LATEX))


def _report(paper: Paper, document: Document) -> list[tuple[str, str]]:
    return _fields(
        {
            **_published(document, "institution"),
            "number": document.designation,
            "url": document.url,
            "note": _standing(document),
            "marking": document.marking,
            "distribution": document.distribution,
            "sourcefile": document.file,
            "exportmarking": paper.marking,
            "exportdate": in_utc(paper.made).isoformat(),
            "exportindex": paper.index,
        }
    )


def _excerpt(quoted: Quoted, document_key: str) -> list[tuple[str, str]]:
    excerpt = quoted.excerpt
    return _fields(
        {
            **_published(excerpt.document, "publisher"),
            "chapter": section(excerpt),
            "pages": excerpt.printed_page or f"PDF {excerpt.pdf_page}",
            "note": quoted.citation,
            "annote": excerpt.quote,
            "comment": quoted.note,
            "paragraph": excerpt.paragraph,
            "printedpage": excerpt.printed_page,
            "pdfpage": str(excerpt.pdf_page),
            "spans": ranges(excerpt.spans),
            "repeats": " / ".join(quoted.repeats),
            "changed": CHANGED if quoted.changed else None,
            "sourcefile": excerpt.document.file,
            "related": document_key,
        }
    )


def _published(document: Document, by: str) -> dict[str, str | None]:
    edition, publisher = document.edition, latex(document.publisher or "")
    return {
        # In braces: one body, whatever its name looks like.
        "author": f"{{{publisher}}}" if publisher else None,
        "title": document.title or document.designation,
        by: document.publisher,
        "year": str(edition.year) if edition else None,
        "date": edition.isoformat() if edition else None,
    }


def _standing(document: Document) -> str | None:
    if document.status == "current":
        return None
    newer = document.superseded_by
    return f"{document.status} by {newer}" if newer else document.status


def _fields(values: Mapping[str, str | None]) -> list[tuple[str, str]]:
    known = {name: value for name, value in values.items() if value}
    shown = {name: v if name == "author" else latex(v) for name, v in known.items()}
    return [(name, value) for name, value in shown.items() if value]
