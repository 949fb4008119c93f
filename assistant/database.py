"""SQLite files of what users keep: how one is made, opened and complained about."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.errors import AssistantError

PATIENCE: Final = 5.0  # seconds to wait for another writer, far longer than one needs
_IN_USE: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNUSABLE: Final = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A sort of file: what is kept in it, how it is laid out, and the error that tells of it.

    ``what`` is a plural ("conversations"). ``schema`` makes the tables of ``version``.
    """

    what: str
    version: int
    schema: tuple[str, ...]
    error: type[AssistantError]

    @contextmanager
    def opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        """A connection for one operation, made for it and closed after it.

        A connection of their own keeps threads apart without a lock, and a file that was restored
        or moved away meanwhile is noticed. What goes wrong inside becomes an ``error``.
        """
        try:
            _make(path)
            with closing(self._connected(path)) as database:
                yield database
        except (sqlite3.Error, OSError) as error:
            raise self.error(self._sentence(path, error)) from error

    def is_there(self, path: Path) -> bool:
        """Whether anything was kept yet."""
        try:
            return path.exists()
        except OSError as error:  # the folder may not be looked into
            raise self.error(self._sentence(path, error)) from error

    def _connected(self, path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            database.execute("PRAGMA foreign_keys = ON")
            # What a user deletes is gone: otherwise SQLite only marks its pages as free, and the
            # questions and answers could be read in the file until something else overwrites them.
            database.execute("PRAGMA secure_delete = ON")
            if _version(database) != self.version:
                self._create(path, database)
        except BaseException:
            database.close()
            raise
        return database

    def _create(self, path: Path, database: sqlite3.Connection) -> None:
        # Readers then do not wait for a writer. Some file systems cannot; and where others are
        # making the file just now, they see to it.
        with suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode = WAL")
        with writing(database):
            version = _version(database)  # again: another thread may have been faster
            if version == self.version:
                return
            if version or database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise self.error(
                    f"{path} was written by another version or program; move it aside, or use the "
                    "version of the assistant that wrote it."
                )
            for statement in self.schema:
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {self.version}")

    def _sentence(self, path: Path, error: sqlite3.Error | OSError) -> str:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _IN_USE:
            return f"The {self.what} in {path} are in use by others; try again in a moment."
        if isinstance(error, OSError) or code in _UNUSABLE:
            return (
                f"The {self.what} in {path} cannot be opened or written ({reason}); see that this "
                "account may write there and that the disk has room."
            )
        return (
            f"The {self.what} in {path} are damaged ({reason}); put back a copy of the file, or "
            "move it aside to begin anew."
        )


@contextmanager
def erasing(database: sqlite3.Connection) -> Iterator[None]:
    """One transaction, after which what it deleted is no longer in the file or beside it."""
    with writing(database):
        yield
    # The log of changes still holds the pages as they were; this empties it.
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def owner_key(user: str) -> bytes:
    """The user's name as it is: two that differ only in half a character stay two."""
    return user.encode("utf-8", "surrogatepass")


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """One transaction, which waits for other writers at its beginning only."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _make(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made before SQLite would, which makes files that others may read.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])
