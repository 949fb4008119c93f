"""The one word that a grading model is to reply; everything else is no verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

_FENCED = re.compile(r"\A```(?:json)?\s*(.*?)\s*```\Z", re.DOTALL)


def read_verdict(reply: str, words: Collection[str]) -> str | None:
    """The verdict in ``reply``, or None.

    The whole reply must be one of ``words``, or a JSON object (or one in a code fence) whose
    field ``verdict`` is; a word in the midst of other text may come out of what was judged.
    """
    text = reply.strip()
    if fenced := _FENCED.match(text):
        text = fenced[1]
    said = _field(text) if text.startswith("{") else text.removesuffix(".")
    word = said.strip().lower() if isinstance(said, str) else ""
    return word if word in words else None


def _field(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once).get("verdict")
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name that is there twice contradicts itself."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)
