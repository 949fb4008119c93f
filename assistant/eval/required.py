"""Bounds that a run must keep: the least that measures may come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import UsageError
from assistant.eval.measures import MEASURES


def bounds_of(texts: Sequence[str]) -> dict[str, float]:
    """Bounds written like ``statement_cited=1``; raises UsageError."""
    known = {measure.name for measure in MEASURES}
    found = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if name not in known:
            raise UsageError(f"There is no measure {name}; docs/evaluation.md lists them.")
        try:
            found[name] = float(value)
        except ValueError as error:
            raise UsageError(
                f"--require {text}: write NAME=VALUE, such as statement_cited=1."
            ) from error
    return found


def missed(bounds: Mapping[str, float], summary: Mapping[str, Any]) -> list[str]:
    """In words, each bound that the run does not keep; a measure without a value keeps none."""
    found = []
    for name, bound in bounds.items():
        value = summary["measures"][name]["value"]
        if value is None or value < bound:
            shown = "no value" if value is None else f"{value:.3f}"
            found.append(f"{name} is {shown}, and must be at least {bound:g}.")
    return found
