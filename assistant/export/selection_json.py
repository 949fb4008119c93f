"""A selection as JSON from which the very same selection can be made again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from assistant.excerpts.selection import Selection
from assistant.export.paper import Entry, Paper

FORMAT: Final = "doctrine-assistant-excerpts"
VERSION: Final = 1  # goes up when a field changes its meaning or goes


def selection_json(paper: Paper, selection: Selection) -> bytes:
    """``selection``, of which ``paper`` was made, as JSON in ASCII with all texts as they are."""
    value = {
        "format": FORMAT,
        "version": VERSION,
        "name": selection.name,
        "marking": paper.marking,
        "made": selection.made,
        "index": selection.index,
        "style": paper.style,
        "excerpts": [_excerpt(entry) for entry in paper.entries],
        "sources": [asdict(document) for document in paper.sources],
    }
    # In ASCII, so that half of a surrogate pair is no obstacle and comes back as it was.
    return (json.dumps(value, indent=1, default=_plain) + "\n").encode("ascii")


def _excerpt(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "citation": entry.citation,
        "note": entry.note,
        "changed": entry.changed,
        **asdict(entry.excerpt),
    }


def _plain(value: object) -> str:
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
