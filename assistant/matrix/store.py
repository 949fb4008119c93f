"""Planners' edits in a SQLite file: each user's own, and nobody else's."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from assistant.database import Kept, erasing, owner_key, writing
from assistant.matrix.edits import Edit
from assistant.matrix.recommendations import MatrixError

FILE: Final = "matrix.sqlite"  # in the workspace
MOST_EDITS: Final = 5000  # of one user for one report

_KEPT: Final = Kept(
    "edits of matrices",
    1,
    (
        """CREATE TABLE edits (
            user BLOB NOT NULL,
            report TEXT NOT NULL,
            recommendation TEXT NOT NULL,
            excerpt TEXT NOT NULL,
            edit TEXT NOT NULL,
            PRIMARY KEY (user, report, recommendation, excerpt)
        )""",
    ),
    MatrixError,
)


class EditStore:
    """Keeps and reads edits; may be used by many threads at once.

    ``report`` is the file of the report. A recommendation is known by its words, so that an edit
    never ends beside another one when the report changes. Every method sees only the edits of
    its ``user``. Raises MatrixError where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, user: str, report: str, recommendation: str, edit: Edit) -> None:
        """Keep ``edit`` in place of what was kept for this passage and recommendation."""
        place = (owner_key(user), _whole(report), _whole(recommendation))
        with _KEPT.opened(self._path) as database, writing(database):
            database.execute(
                "INSERT INTO edits (user, report, recommendation, excerpt, edit) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (user, report, recommendation, excerpt) "
                "DO UPDATE SET edit = excluded.edit",
                (*place, _whole(edit.cell.excerpt.id), _encoded(edit)),
            )
            count = "SELECT count(*) FROM edits WHERE user = ? AND report = ?"
            if database.execute(count, place[:2]).fetchone()[0] > MOST_EDITS:
                raise MatrixError(f"A matrix holds at most {MOST_EDITS:,} edits of one user.")

    def forget(self, user: str, report: str, recommendation: str, name: str) -> None:
        """Take back what was done to the passage with this excerpt id, if anything was."""
        if not _KEPT.is_there(self._path):
            return
        with _KEPT.opened(self._path) as database, erasing(database):
            database.execute(
                "DELETE FROM edits WHERE user = ? AND report = ? AND recommendation = ? "
                "AND excerpt = ?",
                (owner_key(user), _whole(report), _whole(recommendation), _whole(name)),
            )

    def edits(self, user: str, report: str) -> dict[str, list[Edit]]:
        """The edits to the matrix of ``report``, by the recommendation's words, oldest first."""
        if not _KEPT.is_there(self._path):
            return {}
        with _KEPT.opened(self._path) as database:
            rows = database.execute(
                "SELECT recommendation, edit FROM edits WHERE user = ? AND report = ? "
                "ORDER BY rowid",
                (owner_key(user), _whole(report)),
            ).fetchall()
        found: dict[str, list[Edit]] = {}
        for recommendation, edit in rows:
            found.setdefault(recommendation, []).append(_decoded(edit))
        return found


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Edit]:
    return TypeAdapter(Edit)


def _encoded(edit: Edit) -> str:
    # Not ``dump_json``, which fails at half a character.
    return _whole(json.dumps(_form().dump_python(edit, mode="json"), ensure_ascii=False))


def _decoded(edit: str) -> Edit:
    try:
        return _form().validate_json(edit)
    except ValidationError as error:
        raise MatrixError(
            f"{FILE} was written by another version of the assistant; move it aside, or use that "
            "version."
        ) from error


def _whole(text: str) -> str:
    """Without half characters, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
