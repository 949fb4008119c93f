"""The beginnings of the best passages found, for a reader who asks why an answer went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from assistant.eval.record import read_raw
from assistant.eval.run import ANSWERS

_PASSAGES: Final = 3
_CHARACTERS: Final = 280


def passage_starts(folder: Path) -> dict[str, tuple[str, ...]]:
    """By question the first characters of its best passages; nothing where none are kept."""
    path = folder / ANSWERS
    if not path.is_file():
        return {}
    return {id_: _starts(answer.get("hits")) for id_, answer in read_raw(path).items()}


def _starts(hits: Any) -> tuple[str, ...]:
    if not isinstance(hits, list):
        return ()
    return tuple(_start(str(hit.get("text") or "")) for hit in hits[:_PASSAGES])


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1].rstrip() + "…"
