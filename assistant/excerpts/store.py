"""Users' named selections of excerpts in a SQLite file: each user's own, and nobody else's."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from assistant.database import Kept, erasing, owner_key, writing
from assistant.errors import AssistantError
from assistant.excerpts.selection import Selection

MOST_SELECTIONS: Final = 500  # of one user
MOST_EXCERPTS: Final = 2000  # of one selection; a paper with more is read by nobody
LONGEST_NAME: Final = 120


class SelectionError(AssistantError):
    """A selection could not be kept, found, named or read."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A selection as it stands in a list."""

    id: str
    name: str
    changed: datetime
    excerpts: int


_KEPT: Final = Kept(
    "selections",
    1,
    (
        """CREATE TABLE selections (
            user BLOB NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            changed TEXT NOT NULL,
            excerpts INTEGER NOT NULL,
            selection TEXT NOT NULL,
            PRIMARY KEY (user, id)
        )""",
    ),
    SelectionError,
)
_GONE: Final = "This selection is no longer there."


class SelectionStore:
    """Keeps, lists, opens and deletes selections; may be used by many threads at once.

    Every method sees only the selections of its ``user``. The file is made by the first one that
    is saved. Raises SelectionError where it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, user: str, id: str, selection: Selection) -> None:
        """Keep ``selection`` in place of what was kept under this id."""
        name = " ".join(selection.name.split())
        if not name or len(name) > LONGEST_NAME:
            raise SelectionError(f"Give the selection a name of 1 to {LONGEST_NAME} characters.")
        if len(selection.items) > MOST_EXCERPTS:
            raise SelectionError(
                f"A selection holds at most {MOST_EXCERPTS:,} excerpts; begin another one."
            )
        owner, now = owner_key(user), datetime.now(UTC).isoformat(timespec="microseconds")
        kept_as = _encoded(replace(selection, name=name))
        row = (owner, _whole(id), _whole(name), now, len(selection.items), kept_as)
        with _KEPT.opened(self._path) as database, writing(database):
            database.execute(
                "INSERT INTO selections (user, id, name, changed, excerpts, selection) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user, id) DO UPDATE SET "
                "name = excluded.name, changed = excluded.changed, "
                "excerpts = excluded.excerpts, selection = excluded.selection",
                row,
            )
            kept = database.execute(
                "SELECT count(*) FROM selections WHERE user = ?", (owner,)
            ).fetchone()[0]
            if kept > MOST_SELECTIONS:
                raise SelectionError(
                    f"There are {MOST_SELECTIONS} selections already; delete one first."
                )

    def listed(self, user: str) -> list[Listed]:
        """The user's selections, the one that changed last first."""
        if not _KEPT.is_there(self._path):
            return []
        with _KEPT.opened(self._path) as database:
            rows = database.execute(
                "SELECT id, name, changed, excerpts FROM selections WHERE user = ? "
                "ORDER BY changed DESC, id",
                (owner_key(user),),
            ).fetchall()
        return [Listed(id, name, datetime.fromisoformat(at), n) for id, name, at, n in rows]

    def load(self, user: str, id: str) -> Selection:
        """One selection as it was saved; ``refreshed`` says what became of its excerpts."""
        row = None
        if _KEPT.is_there(self._path):
            with _KEPT.opened(self._path) as database:
                row = database.execute(
                    "SELECT name, selection FROM selections WHERE user = ? AND id = ?",
                    (owner_key(user), _whole(id)),
                ).fetchone()
        if row is None:
            raise SelectionError(_GONE)
        name, selection = row
        try:
            return _form().validate_json(selection)
        except ValidationError as error:
            raise SelectionError(
                f"“{name}” was kept by another version of the assistant and cannot be opened; "
                "delete it, or open it with that version."
            ) from error

    def delete(self, user: str, id: str) -> None:
        """Delete a selection so that its text is no longer in the file."""
        if not _KEPT.is_there(self._path):
            return
        with _KEPT.opened(self._path) as database, erasing(database):
            database.execute(
                "DELETE FROM selections WHERE user = ? AND id = ?", (owner_key(user), _whole(id))
            )


def new_selection(name: str, index: str) -> Selection:
    """An empty selection."""
    return Selection(name, (), index, datetime.now(UTC))


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Selection]:
    return TypeAdapter(Selection)


def _encoded(selection: Selection) -> str:
    # Not ``dump_json``, which fails at half a character.
    return _whole(json.dumps(_form().dump_python(selection, mode="json"), ensure_ascii=False))


def _whole(text: str) -> str:
    """Without half characters, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
