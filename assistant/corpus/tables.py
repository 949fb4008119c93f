"""Rows of tables, and text that belongs to a figure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.corpus.rows import Measures, Row

PADDED = 0.35  # share of the line height from which the space between rows is padding
FARTHEST = 80  # rows of a page that are looked at to see how a table is set
WIDE = 0.5  # share of the page width from which a line reads as running text


def is_running_text(row: Row, measures: Measures) -> bool:
    """As wide, as high and as light as the lines of a paragraph."""
    line = row.line
    return (
        line.right - line.left > WIDE * row.page.width
        and abs(line.height - measures.body) < 0.06 * measures.body
        and line.bold < 0.5
    )


class Table:
    """Tells which lines of one table open a row of it.

    Lines of a cell stand closer than rows do where the table is set with padding; else
    every line at the table's left edge is a row.
    """

    def __init__(self, rows: Sequence[Row], first: int, measures: Measures) -> None:
        """The table whose lines begin at ``rows[first]``."""
        page = rows[first].page.number if first < len(rows) else 0
        self._low: float | None = None
        self._left = rows[first].line.left if first < len(rows) else 0.0
        spaces: list[float] = []
        low: float | None = None
        for row in rows[first : first + FARTHEST]:
            left_of_it = row.line.left < self._left - 3 and row.line.bold_start
            if row.page.number != page or left_of_it or is_running_text(row, measures):
                break
            if low is not None and row.line.top < low + row.line.height:
                spaces.append((low - row.line.top) / row.line.height)
            low = row.line.bottom if low is None else min(low, row.line.bottom)
            self._left = min(self._left, row.line.left)
        self._padded = any(PADDED < space < 3 for space in spaces)
        self.rows = 0

    def opens_row(self, row: Row) -> bool:
        """Whether ``row`` begins a row of the table; call it for every line in turn."""
        line = row.line
        space = 9.0 if self._low is None else (self._low - line.top) / line.height
        new_page = self._low is not None and line.top > self._low + 5 * line.height
        at_left = line.left <= self._left + 3
        opens = (
            self.rows == 0
            or new_page
            or (at_left and (space > PADDED if self._padded else space > -0.5))
        )
        if opens:
            self.rows += 1
            self._low = line.bottom
            self._left = min(self._left, line.left)
        else:
            self._low = line.bottom if self._low is None else min(self._low, line.bottom)
        return opens


def is_figure_text(rows: Sequence[Row], measures: Measures) -> bool:
    """Whether a block directly before a figure's caption was drawn in the figure."""
    narrow = all(row.edge - row.line.left < 0.45 * row.page.width for row in rows)
    small = all(row.line.height < 0.96 * measures.body for row in rows)
    return narrow and (small or not rows[-1].ended)
