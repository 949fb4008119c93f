"""What independent programs read out of an exported selection."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree

import bibtexparser
import docx
import openpyxl
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from markdown_it import MarkdownIt
from pypdf import PdfReader

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Read:
    """What stands in the file of one excerpt, each None or "" where it says nothing."""

    quote: str
    citation: str
    note: str
    file: str
    printed_page: str
    pdf_page: str
    paragraph: str
    spans: str
    repeats: int


def labelled(text: str) -> dict[str, str]:
    """The facts of a line of details."""
    return dict(fact.split(": ", 1) for fact in text.split(" \u00b7 ") if ": " in fact)


def of_facts(facts: dict[str, str], quote: str, citation: str, note: str, repeats: int) -> Read:
    return Read(
        quote,
        citation,
        note,
        facts["File"],
        facts.get("Printed page", ""),
        facts["PDF page"],
        facts.get("Paragraph", ""),
        facts["Characters"],
        repeats,
    )


def read_docx(content: bytes) -> list[Read]:
    """Quotes of the style Quote, each with the footnote that its mark leads to."""
    notes = docx_footnotes(content)
    found: list[Read] = []
    quote: list[str] = []
    citation, said, repeats = "", [], 0
    for paragraph in docx.Document(io.BytesIO(content)).paragraphs:
        text = paragraph.text
        if paragraph.style.name == "Quote":
            quote.append(text)
            for mark in paragraph._p.iter(f"{WORD}footnoteReference"):
                citation = notes[mark.get(f"{WORD}id")]
        elif text.startswith("Note: ") and quote:
            said.append(text.removeprefix("Note: "))
        elif text.startswith("Also in: ") and quote:
            repeats += 1
        elif quote and "PDF page: " in text:
            found.append(
                of_facts(labelled(text), "\n".join(quote), citation, "\n".join(said), repeats)
            )
            quote, citation, said, repeats = [], "", [], 0
    return found


def docx_footnotes(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if "word/footnotes.xml" not in file.namelist():
            return {}
        root = ElementTree.fromstring(file.read("word/footnotes.xml"))
    return {
        note.get(f"{WORD}id", ""): "".join(t.text or "" for t in note.iter(f"{WORD}t")).strip()
        for note in root
        if note.get(f"{WORD}type") is None
    }


def markdown_blocks(content: bytes) -> list[tuple[str, str]]:
    """(tags around it, text) of each block; anything but plain and strong text is an error."""
    inside: list[str] = []
    found = []
    for token in MARKDOWN.parse(content.decode("utf-8")):
        if token.type == "inline":
            assert token.children is not None
            assert {child.type for child in token.children} <= {
                "text",
                "strong_open",
                "strong_close",
            }
            text = "".join(child.content for child in token.children)
            found.append((" ".join(inside), text))
        elif token.nesting == 1:
            inside.append(token.tag)
        elif token.nesting == -1:
            assert inside.pop() == token.tag
        else:
            raise AssertionError(f"unexpected {token.type}")
    return found


def read_md(content: bytes) -> list[Read]:
    found: list[Read] = []
    quote: list[str] = []
    citation, said, repeats = "", [], 0
    for tags, text in markdown_blocks(content):
        if tags == "blockquote p":
            quote.append(text)
        elif quote and not citation:
            assert text.startswith(f"[{len(found) + 1}] ")
            citation = text.split(" ", 1)[1]
        elif quote and text.startswith("Note: "):
            said.append(text.removeprefix("Note: "))
        elif quote and text.startswith("Also in: "):
            repeats += 1
        elif quote and "PDF page: " in text:
            found.append(
                of_facts(labelled(text), "\n".join(quote), citation, "\n".join(said), repeats)
            )
            quote, citation, said, repeats = [], "", [], 0
    return found


def of_row(row: dict[str, str]) -> Read:
    return Read(
        *(row[name] for name in ("quote", "citation", "note", "file", "printed_page")),
        *(row[name] for name in ("pdf_page", "paragraph", "spans")),
        len(row["repeats"].splitlines()),
    )


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """The rows as docs/exports.md says to read them: one leading apostrophe is dropped."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [
        {name: cell.removeprefix("'") for name, cell in row.items()}
        for row in csv.DictReader(text, strict=True)
    ]


def read_csv(content: bytes) -> list[Read]:
    return [of_row(row) for row in csv_rows(content)]


def sheet_rows(content: bytes, sheet: str = "Excerpts") -> list[dict[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for one in book:
        assert all(cell.data_type != "f" for row in one for cell in row)
    _, head, *rows = book[sheet].iter_rows(values_only=True)
    return [
        {str(name): "" if cell is None else str(cell) for name, cell in zip(head, row, strict=True)}
        for row in rows
    ]


def read_xlsx(content: bytes) -> list[Read]:
    return [of_row(row) for row in sheet_rows(content)]


def read_json(content: bytes) -> list[Read]:
    return [
        Read(
            one["quote"],
            one["citation"],
            one["note"],
            one["document"]["file"],
            one["printed_page"] or "",
            str(one["pdf_page"]),
            one["paragraph"] or "",
            "; ".join(f"{s['page']}:{s['start']}-{s['end']}" for s in one["spans"]),
            len(one["repeats"]),
        )
        for one in json.loads(content)["excerpts"]
    ]


def read_bib(content: bytes) -> list[Read]:
    """Plain text: bibtexparser turns the LaTeX back into it."""
    library = bibtexparser.parse_string(
        content.decode("utf-8"), append_middleware=[LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    found = []
    for entry in library.entries:
        if entry.entry_type == "inbook":
            # For \textasciicircum, pylatexenc has a look-alike.
            fields = {
                name: field.value.replace("\u02c6", "^")
                for name, field in entry.fields_dict.items()
            }
            assert fields["related"] in library.entries_dict
            repeats = fields.get("repeats", "")
            found.append(
                Read(
                    fields.get("annote", ""),
                    fields["note"],
                    fields.get("comment", ""),
                    fields["sourcefile"],
                    fields.get("printedpage", ""),
                    fields["pdfpage"],
                    fields.get("paragraph", ""),
                    fields["spans"],
                    len(repeats.split(" / ")) if repeats else 0,
                )
            )
    return found


def read_ris(content: bytes) -> list[Read]:
    found = []
    for record in rispy.loads(content.decode("utf-8")):
        if record["type_of_reference"] == "CHAP":
            facts = dict(note.split(": ", 1) for note in record["notes"])
            repeats = facts.get("Also in", "")
            read = of_facts(
                facts,
                record.get("abstract", ""),
                facts["Citation"],
                facts.get("Note", ""),
                len(repeats.split(" / ")) if repeats else 0,
            )
            assert record.get("section", "") == read.paragraph
            assert record["start_page"] == (read.printed_page or f"PDF {read.pdf_page}")
            found.append(read)
    return found


def pdf_annotations(content: bytes) -> list[tuple[int, dict[str, object]]]:
    """(page of the file from 0, annotation) of all highlights in order."""
    found = []
    for number, page in enumerate(PdfReader(io.BytesIO(content)).pages):
        for reference in page.get("/Annots") or []:
            annotation = reference.get_object()
            assert annotation["/Subtype"] == "/Highlight"
            found.append((number, annotation))
    return found


def read_pdf(content: bytes) -> list[Read]:
    """One for each excerpt, in their order; an excerpt over two pages is marked on both."""
    contents = [str(annotation["/Contents"]) for _, annotation in pdf_annotations(content)]
    numbered = {int(re.match(r"\[(\d+)\] ", text)[1]): text for text in contents}  # type: ignore[index]
    found = []
    for number in sorted(numbered):
        head, *rest, place = numbered[number].split("\n")
        said = {
            name: "\n".join(line.split(": ", 1)[1] for line in group)
            for name, group in groupby(rest, key=lambda line: line.split(": ", 1)[0])
        }
        repeats = Counter(line.split(": ", 1)[0] for line in rest)["Also in"]
        citation, facts = head.split(" ", 1)[1], labelled(place)
        found.append(of_facts(facts, said["Quote"], citation, said.get("Note", ""), repeats))
    return found


READERS: dict[str, Callable[[bytes], list[Read]]] = {
    "docx": read_docx,
    "md": read_md,
    "csv": read_csv,
    "xlsx": read_xlsx,
    "json": read_json,
    "bib": read_bib,
    "ris": read_ris,
    "pdf": read_pdf,
}
