"""Vectors by content, so that the same text is never embedded twice, not even after a kill."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from assistant.index.embedder import Vectors

log = logging.getLogger(__name__)

_CHUNK = 500  # SQLite's safe number of placeholders


class VectorCache:
    """A SQLite file of vectors by (model fingerprint, hash of the text).

    It only saves time: a damaged one is thrown away.
    """

    def __init__(self, path: Path, model: str) -> None:
        self._model = model
        try:
            self._database = _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # no space, no right to write
                raise
            log.warning("the vector cache was damaged (%s) and is made anew", error)
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._database = _open(path)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @staticmethod
    def key(text: str) -> str:
        """Key of ``text``."""
        return hashlib.sha256(text.encode()).hexdigest()

    def missing(self, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` that have no vector yet."""
        wanted = set(keys)
        rows = self._database.execute("SELECT key FROM vectors WHERE model = ?", (self._model,))
        return wanted - {key for (key,) in rows}

    def put(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store ``vectors``, shape (len(keys), dimensions); a kill afterwards loses none."""
        rows = [
            (self._model, key, vector.astype("<f4").tobytes())
            for key, vector in zip(keys, vectors, strict=True)
        ]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def get(self, keys: Sequence[str]) -> Vectors:
        """Vectors of ``keys``, shape (len(keys), dimensions); raises KeyError if one is absent."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            found.update(
                self._database.execute(
                    f"SELECT key, vector FROM vectors WHERE model = ? AND key IN ({marks})",
                    (self._model, *chunk),
                )
            )
        return np.stack([np.frombuffer(found[key], dtype="<f4") for key in keys])

    def keep_only(self, keys: set[str]) -> None:
        """Forget the vectors of texts, and of models, that no index uses any more."""
        with self._database:
            self._database.execute("DELETE FROM vectors WHERE model != ?", (self._model,))
            rows = self._database.execute("SELECT key FROM vectors").fetchall()
            unused = [(key,) for (key,) in rows if key not in keys]
            self._database.executemany("DELETE FROM vectors WHERE key = ?", unused)


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        # Outlasts a kill; only a power cut can lose the last few, which are embedded again.
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS vectors (model TEXT, key TEXT, vector BLOB, "
            "PRIMARY KEY (model, key)) WITHOUT ROWID"
        )
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    except BaseException:
        database.close()
        raise
    return database
