"""Values with bootstrap intervals, and paired tests; the statistics are SciPy's.

A *sample* is what one measure gave over a gold set: values, weights and whether the question
is answerable, arrays of one length, without the questions that could not be scored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, bootstrap, permutation_test, rankdata
from statsmodels.stats.multitest import multipletests

from assistant.eval.measures.measure import Form, Statistic

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

RESAMPLES: Final = 2000
PERMUTATIONS: Final = 4999
LEVEL: Final = 0.95
SEED: Final = 20240501  # the same figures for the same run, whenever they are made


@dataclass(frozen=True, slots=True)
class Sample:
    """One measure over questions; ``weights`` are the ``of`` of the scores."""

    values: Array
    weights: Array
    positive: Flags

    def __len__(self) -> int:
        return len(self.values)

    def take(self, index: npt.NDArray[np.intp]) -> Sample:
        """The questions at ``index``."""
        return Sample(self.values[index], self.weights[index], self.positive[index])


def sample(rows: Sequence[tuple[float, int, bool]]) -> Sample:
    """A sample of (value, of, answerable)."""
    values, weights, positive = zip(*rows, strict=True) if rows else ((), (), ())
    return Sample(
        np.asarray(values, dtype=float),
        np.asarray(weights, dtype=float),
        np.asarray(positive, dtype=bool),
    )


def estimate(data: Sample, statistic: Statistic) -> float | None:
    """The value of a sample; None where there is none (no question, or one class only)."""
    value = _STATISTICS[statistic](data) if len(data) else math.nan
    return None if math.isnan(value) else float(value)


def interval(data: Sample, statistic: Statistic) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval over questions; None where there is no value."""
    value = estimate(data, statistic)
    if value is None:
        return None
    return _interval(data, lambda index: _STATISTICS[statistic](data.take(index)), value)


def difference_interval(a: Sample, b: Sample, statistic: Statistic) -> tuple[float, float] | None:
    """The same for ``b`` less ``a``, of the same questions in the same order."""
    first, second = estimate(a, statistic), estimate(b, statistic)
    if first is None or second is None:
        return None
    if _alike(a, b):
        return 0.0, 0.0
    measured = _STATISTICS[statistic]
    return _interval(
        a, lambda index: measured(b.take(index)) - measured(a.take(index)), second - first
    )


def paired_p(a: Sample, b: Sample, form: Form, statistic: Statistic) -> float | None:
    """The two-sided p of "both systems are alike" from the same questions in the same order.

    McNemar's exact test (a binomial test of the questions that differ) for yes/no measures,
    else a permutation test that exchanges the two systems' results within questions.
    """
    if not len(a):
        return None
    if _alike(a, b):
        return 1.0
    if form == "yes-no":
        gained = int(np.sum(b.values > a.values))
        lost = int(np.sum(b.values < a.values))
        return float(binomtest(gained, gained + lost, 0.5).pvalue) if gained + lost else 1.0
    return _permutation_p(a, b, _STATISTICS[statistic])


def holm(ps: Sequence[float]) -> list[float]:
    """``ps`` corrected for their number by Holm's step-down method."""
    return [float(p) for p in multipletests(ps, method="holm")[1]] if ps else []


def _alike(a: Sample, b: Sample) -> bool:
    return np.array_equal(a.values, b.values) and np.array_equal(a.weights, b.weights)


def _permutation_p(a: Sample, b: Sample, measured: Callable[[Sample], float]) -> float | None:
    both = Sample(
        np.concatenate([a.values, b.values]),
        np.concatenate([a.weights, b.weights]),
        np.concatenate([a.positive, b.positive]),
    )
    places = np.arange(len(a))
    if math.isnan(measured(a)) or math.isnan(measured(b)):
        return None
    if len(a) == 1:  # SciPy refuses it; exchanged, the difference is as large
        return 1.0

    def difference(x: npt.NDArray[np.intp], y: npt.NDArray[np.intp]) -> float:
        return measured(both.take(y)) - measured(both.take(x))

    result = permutation_test(
        (places, places + len(a)),
        difference,
        permutation_type="samples",
        vectorized=False,
        n_resamples=PERMUTATIONS,
        rng=SEED,
    )
    return float(result.pvalue)


def _interval(
    data: Sample, measured: Callable[[npt.NDArray[np.intp]], float], value: float
) -> tuple[float, float]:
    """Resample questions, answerable and other apart, as a gold set is made of both."""
    strata = [np.flatnonzero(data.positive), np.flatnonzero(~data.positive)]
    strata = [stratum for stratum in strata if len(stratum)]
    if max(len(stratum) for stratum in strata) < 2:
        return value, value
    # SciPy resamples no stratum of one; such a question is in every resample.
    fixed = [stratum for stratum in strata if len(stratum) == 1]
    drawn = tuple(stratum for stratum in strata if len(stratum) > 1)

    def of(*chosen: npt.NDArray[Any]) -> float:
        return measured(np.concatenate([*chosen, *fixed]).astype(np.intp))

    result = bootstrap(
        drawn,
        of,
        n_resamples=RESAMPLES,
        vectorized=False,
        method="percentile",
        confidence_level=LEVEL,
        rng=SEED,
    ).confidence_interval
    return float(result.low), float(result.high)


def _mean(data: Sample) -> float:
    # Not np.average, which takes thrice as long: it is resampled a lot.
    total = data.weights.sum()
    return float(data.values @ data.weights / total) if total else math.nan


def _median(data: Sample) -> float:
    return float(np.median(data.values))


def _p95(data: Sample) -> float:
    return float(np.quantile(data.values, 0.95))


def _auroc(data: Sample) -> float:
    if data.positive.all() or not data.positive.any():
        return math.nan
    # The Mann-Whitney form, forty times as fast as one with a curve: it is resampled a lot.
    ranks = rankdata(data.values)[data.positive]
    above = ranks.sum() - len(ranks) * (len(ranks) + 1) / 2
    return float(above / (len(ranks) * (len(data) - len(ranks))))


_STATISTICS: Final[dict[Statistic, Callable[[Sample], float]]] = {
    "mean": _mean,
    "median": _median,
    "p95": _p95,
    "auroc": _auroc,
}
