"""What is measured of a statement beside its evidence, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from assistant.answer.claims import coverage, edits, facts, polarity, roles, scope
from assistant.answer.claims.align import Alignment
from assistant.answer.claims.pairs import Pair, pairs_of

Features = Mapping[str, float]
_PARTS: Final[Sequence[Callable[[Alignment, Sequence[Pair], Sequence[int]], Features]]] = (
    coverage.measured,
    edits.measured,
    facts.measured,
    polarity.measured,
    roles.measured,
    scope.measured,
)


def features(alignment: Alignment, chosen: Sequence[int]) -> dict[str, float]:
    """All features of a statement whose words the ``chosen`` sentences meet best."""
    pairs = pairs_of(alignment)
    found: dict[str, float] = {}
    for part in _PARTS:
        found.update(part(alignment, pairs, chosen))
    return {name: float(np.nan_to_num(value)) for name, value in found.items()}
