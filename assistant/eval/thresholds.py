"""What a threshold costs: unanswerable questions answered, answerable ones refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import binomtest

from assistant.answer.calibration import Rate
from assistant.eval.statistics import LEVEL, Array, Flags

GRID: Final = tuple(round(step / 100, 2) for step in range(1, 100))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A threshold, with its errors: ``false_answers`` and ``over_refusals``."""

    threshold: float
    false_answers: Rate
    over_refusals: Rate


def candidates(confidences: Array, answerable: Flags) -> tuple[Candidate, ...]:
    """Every threshold of ``GRID`` with both error rates."""
    return tuple(
        Candidate(threshold, *error_rates(confidences >= threshold, answerable))
        for threshold in GRID
    )


def error_rates(answered: Flags, answerable: Flags) -> tuple[Rate, Rate]:
    """False answers and over-refusals where the questions of ``answered`` are answered."""
    return (
        _rate(int(np.sum(answered & ~answerable)), int(np.sum(~answerable))),
        _rate(int(np.sum(~answered & answerable)), int(np.sum(answerable))),
    )


def choose(found: Sequence[Candidate], bound: float) -> Candidate | None:
    """The one that refuses least among those that keep false answers at ``bound`` or below.

    None where there is none; one that refuses everything is no choice.
    """
    kept = [c for c in found if c.false_answers.value <= bound and c.over_refusals.value < 1]
    return min(
        kept,
        key=lambda c: (c.over_refusals.value, c.false_answers.value, c.threshold),
        default=None,
    )


def _rate(hits: int, of: int) -> Rate:
    """A share with its 95 % interval after Wilson."""
    bounds = binomtest(hits, of).proportion_ci(confidence_level=LEVEL, method="wilson")
    return Rate(value=hits / of, low=float(bounds.low), high=float(bounds.high), of=of)
