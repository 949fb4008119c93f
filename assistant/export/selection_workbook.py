"""A selection as an Excel workbook: its excerpts, its sources, and what the export is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from assistant.export.paper import Paper
from assistant.export.selection_table import (
    COLUMNS,
    DOCUMENT,
    PAPER,
    Cell,
    printable,
    rows,
)
from assistant.export.text import in_utc

_WIDE: Final = {"quote": 80, "citation": 40, "note": 40, "section": 30, "title": 40, "repeats": 40}
_USUAL: Final = 14  # characters
_LONGEST: Final = 32_767  # UTF-16 units that a cell holds
_CUT: Final = " [cut: an Excel cell holds no more]"
_LONGEST_HEADER: Final = 255  # characters of the line above a printed page


def selection_workbook(paper: Paper) -> bytes:
    """``paper`` as the content of an .xlsx file.

    The first row of each sheet is the marking, if there is one, and what the export is; the
    second names the columns. Every text is written as text: none can be a formula.
    """
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"title": paper.name[:255], "created": in_utc(paper.made)})
    sheet = _Sheets(book, paper)
    sheet.add("Excerpts", COLUMNS, rows(paper))
    sources = [[printable(value(d)) for value in DOCUMENT.values()] for d in paper.sources]
    sheet.add("Sources", tuple(DOCUMENT), sources)
    about = {name: printable(value(paper)) for name, value in PAPER.items()}
    about["excerpts"] = len(paper.entries)
    sheet.add("About", ("field", "value"), [[name, value] for name, value in about.items()])
    book.close()
    return out.getvalue()


class _Sheets:
    def __init__(self, book: Workbook, paper: Paper) -> None:
        self._book = book
        self._top = f"{paper.marking} - {paper.origin}" if paper.marking else paper.origin
        self._marking = (paper.marking or "").replace("&", "&&")[:_LONGEST_HEADER]
        self._bold: Format = book.add_format({"bold": True, "valign": "top"})
        self._wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> None:
        """A sheet with a frozen head, a filter, and the marking on every printed page."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, _fitting(self._top), self._bold)
        for column, title in enumerate(columns):
            sheet.write_string(1, column, title, self._bold)
            sheet.set_column(column, column, _WIDE.get(title, _USUAL))
        for row, values in enumerate(cells, 2):
            for column, value in enumerate(values):
                if isinstance(value, int):
                    sheet.write_number(row, column, value, self._wrapped)
                else:
                    sheet.write_string(row, column, _fitting(value), self._wrapped)
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, 1 + len(cells), len(columns) - 1)
        sheet.repeat_rows(0, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if self._marking:
            sheet.set_header(f"&C{self._marking}")
            sheet.set_footer(f"&C{self._marking}")


def _fitting(text: str) -> str:
    """``text`` as far as a cell holds it, which then says that it was cut."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return text
    room = 2 * (_LONGEST - len(_CUT))
    return units[:room].decode("utf-16-le", "ignore") + _CUT
