"""What an exported selection says as a paper to read, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from assistant.answer.styles import edition
from assistant.export.blocks import Block, details
from assistant.export.paper import CHANGED, Entry, Paper, ranges, section
from assistant.export.text import lines, one_line, utc_time
from assistant.types import Document


def selection_content(paper: Paper) -> list[Block]:
    """The whole paper; the excerpts keep their order, with a heading where the document changes."""
    blocks = [*_head(paper)]
    for document, entries in groupby(paper.entries, key=lambda entry: entry.excerpt.document):
        blocks.append(Block("heading", _name(document)))
        for entry in entries:
            blocks += _excerpt(entry)
    blocks.append(Block("heading", "Sources"))
    for document in paper.sources:
        blocks += _source(document)
    return [block for block in blocks if block.text]


def _head(paper: Paper) -> Iterator[Block]:
    if paper.marking:
        yield Block("banner", paper.marking)
    yield Block("title", paper.name)
    yield Block("text", utc_time(paper.made), "Made:")
    yield Block("text", paper.index, "Index:")
    yield Block("text", str(len(paper.entries)), "Excerpts:")


def _excerpt(entry: Entry) -> Iterator[Block]:
    excerpt = entry.excerpt
    quote = lines(excerpt.quote) or ["[no text]"]
    yield from (Block("quote", line) for line in quote)
    yield Block("citation", entry.citation, f"[{entry.number}]")
    for line in lines(entry.note):
        yield Block("text", line, "Note:")
    if entry.changed:
        yield Block("text", CHANGED, "Changed:")
    for repeat in entry.repeats:
        yield Block("text", repeat, "Also in:")
    yield details(
        {
            "Section": section(excerpt),
            "File": excerpt.document.file,
            "Printed page": excerpt.printed_page,
            "PDF page": str(excerpt.pdf_page),
            "Paragraph": excerpt.paragraph,
            "Characters": ranges(excerpt.spans),
        }
    )


def _source(document: Document) -> Iterator[Block]:
    yield Block("item", _name(document))
    yield details(
        {
            "Publisher": document.publisher,
            "Status": document.status,
            "Superseded by": document.superseded_by,
            "Marking": document.marking,
            "Distribution": document.distribution,
            "File": document.file,
            "SHA-256": document.sha256,
            "Address": document.url,
        }
    )


def _name(document: Document) -> str:
    """Designation, date and title, as far as they differ."""
    name, title = one_line(edition(document)), one_line(document.title)
    same = title.casefold() == one_line(document.designation).casefold()
    return name if same or not title else f"{name}, {title}"
