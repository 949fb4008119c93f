"""In a few words, what is wrong with a statement that its evidence does not support."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from assistant.answer.claims.align import Alignment
from assistant.answer.claims.pairs import pairs_of
from assistant.answer.claims.words import CLASSES, NEGATION, plain

ELSEWHERE: Final = "the cited text does not say this"
OTHER: Final = 0.62  # mean similarity below which it is about something else
_DENIAL: Final = re.compile(
    r"\b(?:(?:must|may|shall|can|could|should|will|would|do|does|did|is|are|was|were|need|has|have)"
    r"\s+(?:not|never)|cannot|never|nobody|neither|none|no|not|without)\b",
    re.IGNORECASE,
)


def reason(alignment: Alignment, measured: Mapping[str, float], at_fault: str | None) -> str:
    """The likeliest fault of an unsupported statement that no rule settled, the surest first.

    ``at_fault`` are the words at which the network points.
    """
    if name := _absent_name(alignment):
        return f"{name} is not named in the cited text"
    if measured["date_missing"]:
        return "the cited text does not give this date"
    if measured["mean"] < OTHER:
        return ELSEWHERE
    if at_fault:
        return f"“{at_fault}” is not what the cited text says here"
    return _turned(alignment, measured) or _wider(alignment, measured) or _moved(measured)


def _absent_name(alignment: Alignment) -> str | None:
    text, words = alignment.statement.text, alignment.statement.words
    for actor in alignment.statement.actors:
        rows = [row for row in range(actor.first, actor.last + 1) if words[row].content]
        if actor.named and rows and not alignment.same[rows].any():
            return text[words[actor.first].start : words[actor.last].end]
    return None


def _turned(alignment: Alignment, measured: Mapping[str, float]) -> str | None:
    """Where one side denies what the other affirms."""
    if measured["head_affirmed"] or measured["negative_only_there"]:
        for pair in pairs_of(alignment):
            if denial := _DENIAL.search(plain(pair.evidence)):
                return f"the cited text says “{denial.group().lower()}”"
    if (measured["head_denied"] or measured["negative_only_here"]) and (
        denial := NEGATION.search(plain(alignment.statement.text))
    ):
        return f"the cited text does not say “{denial.group().lower()}”"
    if measured["opposite"]:
        return "the cited text says the opposite of a word here"
    return None


def _wider(alignment: Alignment, measured: Mapping[str, float]) -> str | None:
    """Where a statement says more than its evidence."""
    text = alignment.statement.text
    for name in ("none", "all", "only", "duty"):
        if measured[f"+{name}"] and (found := CLASSES[name].search(text)):
            return f"the cited text does not say “{found.group().lower()}”"
    if measured["-except"]:
        return "the cited text makes an exception"
    return None


def _moved(measured: Mapping[str, float]) -> str:
    if measured["actor_swapped"] or measured["rival_nearer"] or measured["actors_left"]:
        return "the cited text says this of another"
    return ELSEWHERE
