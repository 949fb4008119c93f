"""One user's matrix, to be edited: every change is kept at once and holds in a rebuilt one."""

from __future__ import annotations

from collections.abc import Callable

from assistant.excerpts.places import Places
from assistant.index.reader import Index
from assistant.matrix.edits import Edit, added, edit_of, edited
from assistant.matrix.recommendations import MatrixError
from assistant.matrix.store import FILE, EditStore
from assistant.matrix.values import Matrix, Row
from assistant.workspace import Workspace


class MatrixDesk:
    """A built matrix and the edits of one ``user`` to it.

    Rows are named by the recommendation's number, passages by the id of their excerpt. Every
    method raises MatrixError where there is no such row or passage.
    """

    def __init__(self, workspace: Workspace, index: Index, user: str, built: Matrix) -> None:
        self._store = EditStore(workspace.root / FILE)
        self._places = Places(index)
        self._user = user
        self._built = built

    @property
    def matrix(self) -> Matrix:
        """The matrix with the user's edits."""
        edits = self._store.edits(self._user, self._built.report.file)
        return edited(self._built, edits, self._places.named)

    def add(self, row: int, name: str) -> None:
        """Put the excerpt with this id into the row; raises DocumentError where there is none."""
        there = any(cell.excerpt.id == name for cell in self._row(row).cells)
        if not there:
            self._save(row, added(self._places.named(name)))

    def remove(self, row: int, name: str) -> None:
        """Take the passage out; it stays away though it is found again."""
        edit = edit_of(self._row(row), name)
        if edit.cell.origin == "added":
            self.undo(row, name)
        else:
            self._save(row, Edit(edit.cell, removed=True))

    def note(self, row: int, name: str, text: str) -> None:
        """Write ``text`` beside the passage, in place of what was there."""
        self._change(row, name, lambda edit: edit.noted(text))

    def review(self, row: int, name: str, reviewed: bool = True) -> None:
        """Mark the passage as reviewed, or not."""
        self._change(row, name, lambda edit: edit.reviewed(reviewed))

    def undo(self, row: int, name: str) -> None:
        """Take back whatever was done to the passage."""
        self._store.forget(self._user, self._built.report.file, self._words(row), name)

    def _change(self, row: int, name: str, change: Callable[[Edit], Edit]) -> None:
        self._save(row, change(edit_of(self._row(row), name)))

    def _save(self, row: int, edit: Edit) -> None:
        self._store.save(self._user, self._built.report.file, self._words(row), edit)

    def _words(self, row: int) -> str:
        return self._row(row).recommendation.text

    def _row(self, number: int) -> Row:
        for row in self.matrix.rows:
            if row.number == number:
                return row
        raise MatrixError(f"There is no recommendation {number}; the report has {self._count}.")

    @property
    def _count(self) -> int:
        return len(self._built.rows)
