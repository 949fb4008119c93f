"""A matrix as a Word file: a table on wide pages, recommendations beside passages."""

from __future__ import annotations

import io
from typing import Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Inches, Pt
from docx.table import Table, _Cell, _Row

from assistant.answer.styles import edition
from assistant.export.matrix_table import (
    NOTHING,
    about,
    cited_at,
    confidence,
    marking,
    recommended_at,
    title,
)
from assistant.export.paper import CHANGED, section
from assistant.export.text import in_lines, lines, one_line
from assistant.export.word import describe, frame
from assistant.matrix.values import Cell, Matrix, Row

_COLUMNS: Final = (
    ("Recommendation", 2.6),
    ("Passages that bear on it", 4.6),
    ("Confidence", 0.9),
    ("Notes", 1.9),
)  # with their widths in inches, on wide Letter pages
_SMALL: Final = Pt(9)


def matrix_word(matrix: Matrix) -> bytes:
    """``matrix`` as the content of a .docx file.

    The recommendation with its citation stands once beside all its passages; each passage has
    its quote, citation, confidence and note in a row of its own.
    """
    document = docx.Document()
    _turn(document)
    describe(document, title(matrix), matrix.made)
    frame(document, marking(matrix))
    document.add_paragraph(title(matrix), style="Title")
    for name, value in about(matrix).items():
        _labelled(document, f"{name}:", value)
    _fill(document, matrix)
    document.add_paragraph("Sources", style="Heading 1")
    for source in matrix.sources:
        place = ", ".join(filter(None, (one_line(source.title), one_line(source.file))))
        _labelled(document, f"{edition(source)}:", f"{place} [{source.status}]")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _turn(document: Document) -> None:
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Inches(11), Inches(8.5)
    page.left_margin = page.right_margin = Inches(0.5)


def _labelled(document: Document, label: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(f"{label} ").bold = True
    paragraph.add_run(text)


def _fill(document: Document, matrix: Matrix) -> None:
    table = document.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    head = table.rows[0]
    for cell, (name, _) in zip(head.cells, _COLUMNS, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    _repeat(head)
    for row in matrix.rows:
        _add(table, row)
    for line in table.rows:
        for cell, (_, width) in zip(line.cells, _COLUMNS, strict=True):
            cell.width = Inches(width)


def _add(table: Table, row: Row) -> None:
    added: list[_Row] = [
        table.add_row()  # type: ignore[no-untyped-call]
        for _ in row.cells or (None,)
    ]
    first = added[0].cells[0]
    if len(added) > 1:
        first = first.merge(added[-1].cells[0])
    _write(first, f"Recommendation {row.number}", bold=True)
    _write(first, in_lines(row.text))
    _write(first, recommended_at(row), small=True)
    if not row.cells:
        _write(added[0].cells[1], NOTHING)
    for line, cell in zip(added, row.cells, strict=False):
        _passage(line, cell)


def _passage(line: _Row, cell: Cell) -> None:
    _, passage, sure, notes = line.cells
    for text in lines(cell.excerpt.quote) or ["[no text]"]:
        _write(passage, text)
    _write(passage, cited_at(cell), bold=True, small=True)
    if heading := section(cell.excerpt):
        _write(passage, heading, small=True)
    if cell.changed:
        _write(passage, CHANGED, bold=True, small=True)
    value = confidence(cell)
    _write(sure, value if isinstance(value, str) else f"{value:.2f}")
    for text in lines(cell.note):
        _write(notes, text)
    if cell.reviewed:
        _write(notes, "Reviewed", small=True)


def _write(cell: _Cell, text: str, *, bold: bool = False, small: bool = False) -> None:
    """A paragraph at the end of the cell, or its first, which is there from the beginning."""
    last = cell.paragraphs[-1]
    paragraph = cell.add_paragraph() if last.text else last
    run = paragraph.add_run(text)
    run.bold = bold or None
    if small:
        run.font.size = _SMALL


def _repeat(row: _Row) -> None:
    """Have Word repeat the row at the head of every page."""
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)
