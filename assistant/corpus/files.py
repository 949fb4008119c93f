"""Which files the corpus holds."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DocumentError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A PDF below the corpus folder; ``name`` is its path there with forward slashes."""

    name: str
    path: Path
    sha256: str


def list_pdfs(folder: Path) -> list[Path]:
    """Every ``*.pdf`` below ``folder`` in a fixed order; folders and links are followed once."""
    found: list[Path] = []
    seen: set[Path] = set()
    for root, folders, files in os.walk(folder, followlinks=True):
        real = Path(root).resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        found.extend(Path(root) / name for name in files if name.lower().endswith(".pdf"))
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def identify(folder: Path, path: Path) -> SourceFile:
    """Name and content hash of ``path``; raises DocumentError when it cannot be read."""
    name = path.relative_to(folder).as_posix()
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        shown = name.encode("utf-8", "replace").decode()
        raise DocumentError(
            f"{shown} has a name that is not valid Unicode; rename the file."
        ) from error
    try:
        if path.exists() and not path.is_file():
            raise DocumentError(f"{name} is not a file; remove it.")  # a pipe would block
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DocumentError(f"{name} cannot be read ({error.strerror}).") from error
    return SourceFile(name, path, digest)
