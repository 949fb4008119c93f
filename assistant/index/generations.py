"""Generations of the index: each build is a new folder, made current in one atomic step."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusyError, IndexWriteError

_CURRENT = "CURRENT"
_PREFIX = "generation-"
STORE = "store.sqlite"
CHROMA = "chroma"
SERVER = "chroma-server"  # names the server that holds the generation's collection
CACHE = "vectors.sqlite"


@contextmanager
def build_lock(index: Path) -> Iterator[None]:
    """Hold the only right to build; the operating system frees it when the process dies.

    Raises IndexBusyError when another build holds it, IndexWriteError when the folder
    cannot be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "build.lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusyError(
            "Another build of this index is under way; wait until it has ended."
        ) from error
    except OSError as error:
        raise IndexWriteError(
            f"The index folder {index} cannot be written ({error.strerror}); "
            "make it writable or choose another workspace."
        ) from error
    try:
        yield
    finally:
        lock.release()


def has_current(index: Path) -> bool:
    """Whether the folder says that it holds an index, be it usable or not."""
    return (index / _CURRENT).exists()


def current_generation(index: Path) -> Path | None:
    """Folder of the generation that answers, or None where there is none."""
    try:
        name = (index / _CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = index / name
    return folder if name.startswith(_PREFIX) and (folder / STORE).is_file() else None


def new_generation(index: Path) -> Path:
    """A new empty generation folder that nothing refers to yet."""
    folder = index / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
    folder.mkdir()
    return folder


def make_current(index: Path, generation: Path) -> None:
    """Switch to ``generation`` atomically: a reader sees the old one or the new one."""
    for path in generation.rglob("*"):
        _sync(path)
    _sync(generation)
    pending = index / f"{_CURRENT}.new"
    with pending.open("w", encoding="utf-8") as stream:
        stream.write(generation.name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    pending.replace(index / _CURRENT)
    _sync(index)


def unused_generations(index: Path, keep: Path | None) -> list[Path]:
    """Generations other than the current one and ``keep``: left by a kill, or outlived."""
    kept = {current_generation(index), keep}
    found = sorted(index.glob(f"{_PREFIX}*"))
    return [folder for folder in found if folder.is_dir() and folder not in kept]


def remove_generation(generation: Path) -> None:
    """Delete a generation's folder; what cannot be deleted is left for the next build."""
    shutil.rmtree(generation, ignore_errors=True)


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlast a power cut."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders, and keeps their names safe itself
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
