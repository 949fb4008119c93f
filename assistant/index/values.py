"""Values of the store as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from assistant.types import Document, Part, Passage, Span


def dump_passage(passage: Passage) -> str:
    """A passage as JSON."""
    value = asdict(passage)
    return json.dumps(value, separators=(",", ":"))


def load_passage(text: str) -> Passage:
    """The passage that ``text`` holds."""
    value = json.loads(text)
    value["heading"] = tuple(value["heading"])
    value["heading_spans"] = _spans(value["heading_spans"])
    value["lead_in"] = _spans(value["lead_in"])
    value["parts"] = tuple(Part(part["kind"], _spans(part["spans"])) for part in value["parts"])
    return Passage(**value)


def _spans(values: Iterable[dict[str, int]]) -> tuple[Span, ...]:
    return tuple(Span(**value) for value in values)


def load_document(text: str) -> Document:
    """The document that ``text`` holds."""
    value = json.loads(text)
    value["edition"] = value["edition"] and date.fromisoformat(value["edition"])
    value["supersedes"] = tuple(value["supersedes"])
    return Document(**value)
