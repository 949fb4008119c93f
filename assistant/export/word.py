"""Blocks as a Word file, with the marking and the page number on every page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from assistant.export.blocks import Block, Kind
from assistant.export.footnotes import Footnotes
from assistant.export.text import in_utc

_STYLES: Final[dict[Kind, str]] = {
    "banner": "Normal",
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "text": "Normal",
    "item": "List Bullet",
    "quote": "Quote",
    "citation": "Normal",
    "detail": "Normal",
}
_SMALL: Final = Pt(9)
_LONGEST_PROPERTY: Final = 255  # characters that python-docx lets a property of the file have


def word(blocks: Iterable[Block], title: str, banner: str | None, made: datetime) -> bytes:
    """``blocks`` as the content of a .docx file; a citation becomes a footnote."""
    document = docx.Document()
    describe(document, title, made)
    frame(document, banner)
    footnotes = Footnotes(document)
    last: Paragraph | None = None
    for block in blocks:
        if block.kind == "citation" and last is not None:
            footnotes.add(last, block.text)
        else:
            last = _add(document, block)
    footnotes.close()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def describe(document: Document, name: str, made: datetime) -> None:
    """The file's properties, in place of those of python-docx's template."""
    properties = document.core_properties
    properties.title = name[:_LONGEST_PROPERTY]
    properties.author = properties.comments = ""
    properties.created = properties.modified = in_utc(made).replace(tzinfo=None)


def frame(document: Document, banner: str | None) -> None:
    """Put the marking at the head and foot of every page, and the page's number at its foot."""
    section = document.sections[0]
    if banner:
        _banner(section.header.paragraphs[0], banner)
        _banner(section.footer.paragraphs[0], banner)
    number = section.footer.add_paragraph() if banner else section.footer.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.add_run("Page ")
    _field(number, "PAGE")
    number.add_run(" of ")
    _field(number, "NUMPAGES")


def _add(document: Document, block: Block) -> Paragraph:
    paragraph = document.add_paragraph(style=_STYLES[block.kind])
    if block.kind == "banner":
        _banner(paragraph, block.text)
        return paragraph
    if block.label:
        paragraph.add_run(f"{block.label} ").bold = True
    run = paragraph.add_run(block.text)
    if block.kind == "detail":
        run.font.size = _SMALL
    # A citation stays on the page of its quotation.
    paragraph.paragraph_format.keep_with_next = block.label.startswith("[") or None
    return paragraph


def _banner(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True


def _field(paragraph: Paragraph, instruction: str) -> None:
    """A value that Word fills in, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)
