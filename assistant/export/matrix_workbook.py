"""A matrix as an Excel workbook: one row a passage, its sources, and what it is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from xlsxwriter import Workbook

from assistant.export.matrix_table import COLUMNS, SOURCES, Value, about, marking, table, title
from assistant.export.text import in_utc
from assistant.matrix.values import Matrix

_WIDE: Final = {
    "recommendation": 45,
    "recommendation_citation": 25,
    "quote": 70,
    "citation": 35,
    "note": 40,
    "section": 30,
    "searched_for": 35,
    "title": 45,
    "value": 60,
}
_USUAL: Final = 13  # characters
_LONGEST: Final = 16_000  # characters; a cell holds 32,767 UTF-16 units
_LONGEST_HEADER: Final = 255  # characters of the line above a printed page


def matrix_workbook(matrix: Matrix) -> bytes:
    """``matrix`` as the content of an .xlsx file.

    Every text is written as text: none can be a formula. The marking stands above and below
    every printed page, and with the title in the first row of each sheet.
    """
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"title": title(matrix)[:255], "created": in_utc(matrix.made)})
    sheets = _Sheets(book, title(matrix), marking(matrix))
    rows = [[value(line) for value in COLUMNS.values()] for line in table(matrix)]
    sheets.add("Matrix", tuple(COLUMNS), rows)
    sources = [[value(document) for value in SOURCES.values()] for document in matrix.sources]
    sheets.add("Sources", tuple(SOURCES), sources)
    sheets.add("About", ("field", "value"), list(about(matrix).items()))
    book.close()
    return out.getvalue()


class _Sheets:
    def __init__(self, book: Workbook, title: str, banner: str | None) -> None:
        self._book = book
        self._top = f"{banner} - {title}" if banner else title
        self._banner = (banner or "").replace("&", "&&")[:_LONGEST_HEADER]
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
        """A sheet whose head stays in sight, to be filtered."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, self._top[:_LONGEST], self._bold)
        for column, heading in enumerate(columns):
            sheet.write_string(1, column, heading, self._bold)
            sheet.set_column(column, column, _WIDE.get(heading, _USUAL))
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value[:_LONGEST], self._wrapped)
                else:
                    sheet.write_number(number, column, value, self._wrapped)
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, 1 + len(rows), len(columns) - 1)
        sheet.repeat_rows(0, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if self._banner:
            sheet.set_header(f"&C{self._banner}")
            sheet.set_footer(f"&C{self._banner}")
