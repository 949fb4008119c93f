"""The matrix as Word, Excel and JSON, opened by other programs' libraries."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from assistant.errors import UsageError
from assistant.export.matrix_files import ENDINGS, export_matrix, write_matrix
from assistant.export.matrix_table import COLUMNS, NOTHING, cited_at, recommended_at
from assistant.matrix.record import matrix_record
from assistant.matrix.values import Matrix

HOSTILE = '=HYPERLINK("http://example.invalid","x")\n+1 <b>bold</b> & \x00\x1b ]]>'


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def edited(built: Matrix) -> Matrix:
    """With a note that a spreadsheet would take for a formula, an empty row, added cells."""
    first, second, *rest = built.rows
    noted = replace(first.cells[0], note=HOSTILE, reviewed=True)
    added = replace(first.cells[1], confidence=None, origin="added", changed=True)
    odd = replace(
        first.cells[2], excerpt=replace(first.cells[2].excerpt, quote="@SUM(A1) \ud800 -1")
    )
    rows = (
        replace(first, cells=(noted, added, odd)),
        replace(second, cells=()),
        *rest,
    )
    return replace(built, rows=rows)


def test_word_has_each_recommendation_beside_its_passages(edited: Matrix) -> None:
    document = docx.Document(io.BytesIO(export_matrix(edited, ".docx")))
    page = document.sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert page.page_width > page.page_height
    assert page.header.paragraphs[0].text == page.footer.paragraphs[0].text == "UNCLASSIFIED"
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert len(rows) == 1 + sum(max(1, len(row.cells)) for row in edited.rows)
    place = 1
    for row in edited.rows:
        for cell in row.cells or (None,):
            left, passage, sure, notes = rows[place]
            assert left.startswith(f"Recommendation {row.number}\n")
            assert squeezed(row.text) in squeezed(left)
            assert recommended_at(row) in left
            if cell is None:
                assert passage == NOTHING
            else:
                quote = cell.excerpt.quote.replace("\ud800", "\ufffd")
                assert squeezed(quote) in squeezed(passage)
                assert cited_at(cell) in passage
                assert sure == ("added" if cell.confidence is None else f"{cell.confidence:.2f}")
                assert ("Reviewed" in notes) == cell.reviewed
            place += 1
    assert "=HYPERLINK" in rows[1][3]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert edited.index in text
    for source in edited.sources:
        assert source.file in text


def test_the_workbook_has_a_row_for_each_passage_and_no_formula(edited: Matrix) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_matrix(edited, ".xlsx")))
    assert book.sheetnames == ["Matrix", "Sources", "About"]
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert str(sheet.cell(1, 1).value).startswith("UNCLASSIFIED - Matrix of")
    sheet = book["Matrix"]
    names = [cell.value for cell in sheet[2]]
    assert names == list(COLUMNS)
    rows = [dict(zip(names, line, strict=True)) for line in sheet.iter_rows(3, values_only=True)]
    quoted = [(row, cell) for row in edited.rows for cell in row.cells or (None,)]
    assert len(rows) == len(quoted)
    for line, (row, cell) in zip(rows, quoted, strict=True):
        assert line["number"] == row.number
        assert squeezed(str(line["recommendation"])) == squeezed(row.text)
        if cell is None:
            assert line["quote"] == NOTHING
            continue
        quote = cell.excerpt.quote.replace("\ud800", "\ufffd")
        assert squeezed(str(line["quote"])) == squeezed(quote)
        assert line["citation"] == cited_at(cell)
        assert line["confidence"] == ("added" if cell.confidence is None else cell.confidence)
        assert line["id"] == cell.excerpt.id
    assert str(rows[0]["note"]).startswith("=HYPERLINK")
    assert [row[7].value for row in book["Sources"].iter_rows(3)] == [
        source.file for source in edited.sources
    ]


def test_json_comes_back_as_it_was(edited: Matrix) -> None:
    assert json.loads(export_matrix(edited, ".json")) == matrix_record(edited)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_written(built: Matrix, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"matrix{ending.upper()}"
    write_matrix(built, path)
    assert path.stat().st_size > 1000


def test_what_cannot_be_written_is_told_in_a_sentence(built: Matrix, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"written as \.docx, \.xlsx, \.json"):
        export_matrix(built, ".pdf")
    with pytest.raises(UsageError, match="cannot be written"):
        write_matrix(built, tmp_path / "no" / "folder" / "matrix.json")
