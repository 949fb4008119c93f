"""What a planner changed in a matrix, and the matrix with those changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.errors import DocumentError
from assistant.matrix.recommendations import MatrixError
from assistant.matrix.values import Cell, Matrix, Row
from assistant.types import Excerpt

LONGEST_NOTE: Final = 4000  # characters

Read = Callable[[str], Excerpt]  # the excerpt of an id; raises DocumentError where there is none


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell as the planner wants it; ``removed``: not at all."""

    cell: Cell
    removed: bool = False

    def noted(self, note: str) -> Edit:
        """With ``note`` beside the passage; raises MatrixError where it is far too long."""
        text = note.strip()
        if len(text) > LONGEST_NOTE:
            raise MatrixError(
                f"The note has {len(text):,} characters; write at most {LONGEST_NOTE:,}."
            )
        return replace(self, cell=replace(self.cell, note=text))

    def reviewed(self, reviewed: bool = True) -> Edit:
        """Marked as looked at, or not."""
        return replace(self, cell=replace(self.cell, reviewed=reviewed))


def added(excerpt: Excerpt) -> Edit:
    """``excerpt`` as a cell that the planner puts beside a recommendation."""
    return Edit(Cell(replace(excerpt, score=1.0), None, origin="added"))


def edit_of(row: Row, name: str) -> Edit:
    """The cell with this excerpt id as it stands in the row; raises MatrixError where none is."""
    for cell in row.cells:
        if cell.excerpt.id == name:
            return Edit(cell)
    raise MatrixError(f"There is no passage {name} beside recommendation {row.number}.")


def edited(matrix: Matrix, edits: Mapping[str, Sequence[Edit]], read: Read) -> Matrix:
    """``matrix`` with the ``edits`` to it, by the recommendation's words.

    What was removed stays away, though it is found again. What was added, noted or reviewed
    stays, though it is found no more; where the index no longer has its text at its place, it
    stays as it was taken and is marked as ``changed``.
    """
    rows = (_row(row, edits.get(row.recommendation.text, ()), read) for row in matrix.rows)
    return replace(matrix, rows=tuple(rows))


def _row(row: Row, edits: Sequence[Edit], read: Read) -> Row:
    by_id = {edit.cell.excerpt.id: edit for edit in edits}
    cells: list[Cell] = []
    for cell in row.cells:
        edit = by_id.pop(cell.excerpt.id, None)
        if edit is None:
            cells.append(cell)
        elif not edit.removed:
            cells.append(replace(cell, note=edit.cell.note, reviewed=edit.cell.reviewed))
    cells += [_fresh(edit.cell, read) for edit in by_id.values() if not edit.removed]
    return replace(row, cells=tuple(cells))


def _fresh(cell: Cell, read: Read) -> Cell:
    """The cell as the index has it now, or as it was, marked as changed."""
    try:
        now = read(cell.excerpt.id)
    except DocumentError:
        return replace(cell, changed=True)
    same = now.quote == cell.excerpt.quote
    if not same or now.document.sha256 != cell.excerpt.document.sha256:
        return replace(cell, changed=True)
    return replace(cell, excerpt=replace(now, score=cell.excerpt.score), changed=False)
