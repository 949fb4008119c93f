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
    said, else 1.
    """

    similarity: float
    coverage: float
    quantity: float = 1.0


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What each piece of evidence counts for in the logistic function."""

    intercept: float
    similarity: float
    coverage: float
    quantity: float


# Class-balanced logistic regression on the development and the starter gold set together, 296
# questions. docs/design/answering.md has what it achieves with documents left out.
SHIPPED: Final = Coefficients(-5.63, 3.49, 0.60, 3.84)
SHIPPED_THRESHOLD: Final = 0.5
BEST: Final = Evidence(1.0, 1.0, 1.0)


def confidence(evidence: Evidence, coefficients: Coefficients = SHIPPED) -> float:
    """A number between 0 and 1, larger where an answer is more likely to be there."""
    score = (
        coefficients.intercept
        + coefficients.similarity * evidence.similarity
        + coefficients.coverage * evidence.coverage
        + coefficients.quantity * evidence.quantity
    )
    # The same function in the form that cannot overflow.
    return 0.5 * (1.0 + math.tanh(score / 2.0))
