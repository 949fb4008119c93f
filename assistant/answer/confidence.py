"""How sure the assistant is that the documents answer the question."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

# Class-balanced logistic regression on the 148 questions of the development gold set (AUROC
# .72 in five-fold cross-validation, repeated ten times). docs/design/answering.md has more.
_INTERCEPT: Final = -4.76
_SIMILARITY: Final = 6.69
_COVERAGE: Final = 1.53


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer, each between 0 and 1.

    ``similarity``: highest cosine of a passage with the question. ``coverage``: share of
    the question's words, weighted by rarity, in the passage that the answer rests on and
    its headings.
    """

    similarity: float
    coverage: float


def confidence(evidence: Evidence) -> float:
    """A number between 0 and 1, larger where an answer is more likely to be there."""
    score = _INTERCEPT + _SIMILARITY * evidence.similarity + _COVERAGE * evidence.coverage
    return 1.0 / (1.0 + math.exp(-score))
