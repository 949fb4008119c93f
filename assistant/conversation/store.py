"""Users' conversations in a SQLite file: each user's own, and nobody else's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from assistant.conversation.names import LONGEST_NAME, tidied, whole
from assistant.conversation.turns import Conversation, Listed, Turn
from assistant.database import Kept, erasing, owner_key, writing
from assistant.errors import AssistantError

MOST_CONVERSATIONS: Final = (
    500  # of one user: more than anyone looks through, and the list is quick
)
MOST_TURNS: Final = 200  # of one conversation: some megabytes, which still open in a moment


class ConversationError(AssistantError):
    """A conversation could not be kept, found, named or read."""


_KEPT: Final = Kept(
    "conversations",
    1,
    (
        """CREATE TABLE conversations (
            user BLOB NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            begun TEXT NOT NULL,
            changed TEXT NOT NULL,
            turns INTEGER NOT NULL,
            PRIMARY KEY (user, id)
        )""",
        """CREATE TABLE turns (
            user BLOB NOT NULL,
            conversation TEXT NOT NULL,
            position INTEGER NOT NULL,
            turn TEXT NOT NULL,
            PRIMARY KEY (user, conversation, position),
            FOREIGN KEY (user, conversation) REFERENCES conversations (user, id) ON DELETE CASCADE
        )""",
    ),
    ConversationError,
)
_GONE: Final = "This conversation is no longer there."


class ConversationStore:
    """Keeps, lists, renames and deletes conversations; may be used by many threads at once.

    Every method sees only the conversations of its ``user``. The file is made by the first
    conversation that is saved. Raises ConversationError where it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, user: str, conversation: Conversation) -> None:
        """Keep ``conversation`` in place of what was kept of it; its latest turns, if too many."""
        finished = [turn for turn in conversation.turns if not turn.pending][-MOST_TURNS:]
        encoded = [_encoded(turn) for turn in finished]
        owner, key = owner_key(user), whole(conversation.id)
        row = (
            *(owner, key, whole(conversation.name)),
            *(_stamp(conversation.begun), _stamp(conversation.changed), len(encoded)),
        )
        with _KEPT.opened(self._path) as database, writing(database):
            database.execute(
                "INSERT INTO conversations (user, id, name, begun, changed, turns) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user, id) DO UPDATE SET "
                "name = excluded.name, begun = excluded.begun, changed = excluded.changed, "
                "turns = excluded.turns",
                row,
            )
            _put_turns(database, owner, key, encoded)
            database.execute(
                "DELETE FROM conversations WHERE user = :user AND id IN (SELECT id FROM "
                "conversations WHERE user = :user ORDER BY changed DESC, id LIMIT -1 OFFSET :most)",
                {"user": owner, "most": MOST_CONVERSATIONS},
            )

    def listed(self, user: str) -> list[Listed]:
        """The user's conversations, the one that changed last first."""
        if not _KEPT.is_there(self._path):
            return []
        with _KEPT.opened(self._path) as database:
            rows = database.execute(
                "SELECT id, name, changed, turns FROM conversations WHERE user = ? "
                "ORDER BY changed DESC, id",
                (owner_key(user),),
            ).fetchall()
        return [Listed(key, name, _time(changed), turns) for key, name, changed, turns in rows]

    def load(self, user: str, id: str) -> Conversation:
        """One conversation with its turns."""
        self._must_exist()
        place = (owner_key(user), whole(id))
        with _KEPT.opened(self._path) as database:
            database.execute("BEGIN")  # both queries see the same state
            row = database.execute(
                "SELECT id, name, begun, changed FROM conversations WHERE user = ? AND id = ?",
                place,
            ).fetchone()
            turns = database.execute(
                "SELECT turn FROM turns WHERE user = ? AND conversation = ? ORDER BY position",
                place,
            ).fetchall()
        if row is None:
            raise ConversationError(_GONE)
        key, name, begun, changed = row
        decoded = tuple(_decoded(name, turn) for (turn,) in turns)
        return Conversation(key, name, _time(begun), _time(changed), decoded)

    def rename(self, user: str, id: str, name: str) -> None:
        """Call a conversation ``name``; its place in the list stays."""
        wanted = tidied(name)
        if not wanted:
            raise ConversationError("Give the conversation a name of at least one letter.")
        if len(wanted) > LONGEST_NAME:
            raise ConversationError(
                f"The name has {len(wanted)} characters; write at most {LONGEST_NAME}."
            )
        self._must_exist()
        with _KEPT.opened(self._path) as database, writing(database):
            changed = database.execute(
                "UPDATE conversations SET name = ? WHERE user = ? AND id = ?",
                (wanted, owner_key(user), whole(id)),
            ).rowcount
        if not changed:
            raise ConversationError(_GONE)

    def delete(self, user: str, id: str) -> None:
        """Delete a conversation so that its text is no longer in the file."""
        if not _KEPT.is_there(self._path):
            return
        with _KEPT.opened(self._path) as database, erasing(database):
            database.execute(
                "DELETE FROM conversations WHERE user = ? AND id = ?",
                (owner_key(user), whole(id)),
            )

    def _must_exist(self) -> None:
        if not _KEPT.is_there(self._path):
            raise ConversationError(_GONE)


def _put_turns(
    database: sqlite3.Connection, owner: bytes, key: str, encoded: Sequence[str]
) -> None:
    """Replace the turns, writing only those that differ from what is there."""
    database.execute(
        "DELETE FROM turns WHERE user = ? AND conversation = ? AND position >= ?",
        (owner, key, len(encoded)),
    )
    database.executemany(
        "INSERT INTO turns (user, conversation, position, turn) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (user, conversation, position) DO UPDATE SET turn = excluded.turn "
        "WHERE turn != excluded.turn",
        [(owner, key, position, turn) for position, turn in enumerate(encoded)],
    )


def _stamp(time: datetime) -> str:
    """A time as text that sorts as times do; one without a zone is UTC already."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Turn]:
    return TypeAdapter(Turn)


def _encoded(turn: Turn) -> str:
    # Not ``dump_json``, which fails at half a character.
    return whole(json.dumps(_form().dump_python(turn, mode="json"), ensure_ascii=False))


def _decoded(name: str, turn: str) -> Turn:
    try:
        return _form().validate_json(turn)
    except ValidationError as error:
        raise ConversationError(
            f"\u201c{name}\u201d was kept by another version of the assistant and cannot be "
            "opened; delete it, or open it with that version."
        ) from error
