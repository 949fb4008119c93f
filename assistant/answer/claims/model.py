"""From what was measured of a statement to the probability that its evidence supports it.

A logistic regression and boosted trees judge by what is read off the words; a second regression
weighs their log-odds and what the network read (stacking: Wolpert, Neural Networks 5, 1992).
Fitted by benchmarks/fit_support.py.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

FILE = "model.json"


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree in arrays; a node whose ``feature`` is negative is a leaf of ``value``.

    A measure of at most ``threshold`` goes to ``left``.
    """

    feature: Sequence[int]
    threshold: Sequence[float]
    left: Sequence[int]
    right: Sequence[int]
    value: Sequence[float]

    def of(self, measures: Sequence[float]) -> float:
        """The value of the leaf that ``measures`` lead to."""
        node = 0
        while self.feature[node] >= 0:
            small = measures[self.feature[node]] <= self.threshold[node]
            node = self.left[node] if small else self.right[node]
        return self.value[node]


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted model.

    ``names`` are the measures in order, ``weights`` and ``intercept`` the regression on them,
    ``start`` what the trees add to. ``second`` are the weights of the second regression: of the
    log-odds of both (``linear``, ``boosted``), of what the network read, and its ``intercept``.
    From ``threshold`` on, a statement counts as unsupported.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    start: float
    trees: tuple[Tree, ...]
    second: Mapping[str, float]
    threshold: float

    def unsupported(self, measured: Mapping[str, float]) -> float:
        """The estimated probability that the evidence does not support the statement."""
        # Trees were grown on 32-bit numbers that are rounded; so are these.
        measures = [round(measured[name], 4) for name in self.names]
        linear = self.intercept + sum(map(operator.mul, self.weights, measures))
        boosted = self.start + sum(tree.of(measures) for tree in self.trees)
        values = {**measured, "linear": linear, "boosted": boosted, "intercept": 1.0}
        odds = sum(weight * values[name] for name, weight in self.second.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def packaged() -> Model:
    """The model that comes with the package."""
    kept = json.loads((resources.files(__package__) / FILE).read_text(encoding="utf-8"))
    trees = tuple(Tree(**tree) for tree in kept.pop("trees"))
    return Model(
        tuple(kept["names"]),
        tuple(kept["weights"]),
        kept["intercept"],
        kept["start"],
        trees,
        kept["second"],
        kept["threshold"],
    )
