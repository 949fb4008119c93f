"""``corpus/manifest.toml``: what is known of each document besides its pages."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import UsageError

MANIFEST = "manifest.toml"


class Entry(BaseModel):
    """One ``[[document]]`` table; every key but ``file`` may be left out."""

    model_config = ConfigDict(extra="forbid")

    file: str
    designation: str | None = None
    title: str | None = None
    publisher: str | None = None
    edition: date | None = None
    status: Literal["current", "superseded", "rescinded", "draft"] | None = None
    supersedes: list[str] = Field(default_factory=list)
    superseded_by: str | None = None
    marking: str | None = None
    distribution: str | None = None
    url: str | None = Field(default=None, pattern=r"^https?://")


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    document: list[Entry] = Field(default_factory=list)


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Entries by file; empty where there is no manifest.

    Raises UsageError, naming the first mistake, when it cannot be understood.
    """
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        manifest = _Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{path}: {_place(first['loc'])}: {_reason(first)}.") from error
    entries: dict[str, Entry] = {}
    for entry in manifest.document:
        if entry.file in entries:
            raise UsageError(f"{path} describes {entry.file} twice; remove one of the tables.")
        entries[entry.file] = entry
    return entries


def _place(loc: tuple[int | str, ...]) -> str:
    return " ".join(f"no. {part + 1}" if isinstance(part, int) else str(part) for part in loc)


def _reason(error: object) -> str:
    assert isinstance(error, dict)
    if error["type"] == "extra_forbidden":
        known = ", ".join(Entry.model_fields)
        return f"this key is not known; the keys are {known}"
    return str(error["msg"]).lower()
