"""How sure the assistant is that the documents answer the question."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer, each between 0 and 1.

    ``similarity``: highest cosine of a passage with the question. ``coverage``: share of
    the question's words, weighted by rarity, in the passage that the answer rests on and
    its headings. ``quantity``: 0 where the question asks for a figure and none of that sort is
    said, else 1. ``names``: share of the question's names that the passages quoted have, 1
    where it has none. ``weakest``: cosine of the question's least met words with the nearest
    tokens of the passage that meets them best, ``UNREAD`` where none was read again.
    """

    similarity: float
    coverage: float
    quantity: float = 1.0
    names: float = 1.0
    weakest: float = 1.0


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What the evidence that tells near misses apart counts for in the logistic function.

    Similarity and coverage do not: a near miss is as similar to its question, and has more of
    its words, than an answer that says the same in other words.
    """

    intercept: float
    quantity: float
    names: float
    weakest: float


# Class-balanced logistic regression on four gold sets together, 446 questions;
# docs/design/answer-quality.md has what it achieves with documents left out.
SHIPPED: Final = Coefficients(-6.49, 3.94, 2.00, 4.07)
SHIPPED_THRESHOLD: Final = 0.5
BEST: Final = Evidence(1.0, 1.0, 1.0, 1.0, 1.0)
NONE: Final = Evidence(0.0, 0.0, 0.0, 0.0, 0.0)
# ``weakest`` of what was not read again: the median over the answerable questions of those sets.
UNREAD: Final = 0.35

FAR_SIMILARITY: Final = 0.3  # cosine and share of words under both of which nothing is about it
FAR_COVERAGE: Final = 0.5
FAR: Final = 0.05


def confidence(evidence: Evidence, coefficients: Coefficients = SHIPPED) -> float:
    """A number between 0 and 1, larger where an answer is more likely to be there."""
    if evidence.similarity < FAR_SIMILARITY and evidence.coverage < FAR_COVERAGE:
        return FAR  # a question on something else, which no gold set has many of
    score = (
        coefficients.intercept
        + coefficients.quantity * evidence.quantity
        + coefficients.names * evidence.names
        + coefficients.weakest * evidence.weakest
    )
    # The same function in the form that cannot overflow.
    return 0.5 * (1.0 + math.tanh(score / 2.0))
