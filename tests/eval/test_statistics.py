"""Values, intervals and tests, against hand calculations and what others compute."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap, permutation_test
from sklearn.metrics import roc_auc_score

from assistant.eval.measures.measure import Statistic
from assistant.eval.statistics import (
    Sample,
    difference_interval,
    estimate,
    holm,
    interval,
    paired_p,
    sample,
)

STATISTICS: tuple[Statistic, ...] = ("mean", "median", "p95", "auroc")


def of(*values: float, weights: list[int] | None = None, positive: int | None = None) -> Sample:
    """``positive``: how many of the first are answerable; all without it."""
    weights = weights or [1] * len(values)
    count = len(values) if positive is None else positive
    return sample([(v, w, n < count) for n, (v, w) in enumerate(zip(values, weights, strict=True))])


def yes_no(both: int, lost: int, gained: int, neither: int) -> tuple[Sample, Sample]:
    """Two systems by how many questions each got right."""
    before = [1] * both + [1] * lost + [0] * gained + [0] * neither
    after = [1] * both + [0] * lost + [1] * gained + [0] * neither
    return of(*before), of(*after)


# --- Values -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "statistic", "expected"),
    [
        (of(1, 0, 0.5), "mean", 0.5),
        (of(1, 0, weights=[3, 1]), "mean", 0.75),
        (of(1, 0.5, 0, weights=[1, 2, 5]), "mean", 0.25),
        (of(3, 1, 2), "median", 2),
        (of(4, 1, 2, 3), "median", 2.5),
        (of(*range(101)), "p95", 95),
        (of(0, 10), "p95", 9.5),
        (of(0.9, 0.8, 0.1, positive=2), "auroc", 1),
        (of(0.1, 0.2, 0.9, positive=2), "auroc", 0),
        (of(0.5, 0.5, positive=1), "auroc", 0.5),
        (of(0.9, 0.3, 0.5, positive=2), "auroc", 0.5),
        (of(0.9, 0.5, 0.5, 0.1, positive=2), "auroc", 3.5 / 4),
        *((of(0.7), statistic, 0.7) for statistic in ("mean", "median", "p95")),
    ],
)
def test_values_by_hand(data: Sample, statistic: Statistic, expected: float) -> None:
    assert estimate(data, statistic) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_of_nothing_there_is_no_value_interval_or_p(statistic: Statistic) -> None:
    assert estimate(of(), statistic) is None
    assert interval(of(), statistic) is None
    assert difference_interval(of(), of(), statistic) is None
    for form in ("yes-no", "share", "amount"):
        assert paired_p(of(), of(), form, statistic) is None


@pytest.mark.parametrize("positive", [0, 3])
def test_of_one_class_there_is_no_area(positive: int) -> None:
    data, other = of(0.1, 0.2, 0.3, positive=positive), of(0.3, 0.2, 0.2, positive=positive)
    assert estimate(data, "auroc") is None
    assert interval(data, "auroc") is None
    assert difference_interval(data, other, "auroc") is None
    assert paired_p(data, other, "share", "auroc") is None


CONFIDENCES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9, 1.0])


@given(
    st.lists(CONFIDENCES, min_size=1, max_size=30), st.lists(CONFIDENCES, min_size=1, max_size=30)
)
def test_the_area_is_the_one_of_scikit_learn(right: list[float], wrong: list[float]) -> None:
    data = of(*right, *wrong, positive=len(right))
    expected = roc_auc_score([1] * len(right) + [0] * len(wrong), right + wrong)
    assert estimate(data, "auroc") == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 9)), min_size=1, max_size=30))
def test_a_weighted_mean_is_that_of_all_things_pooled(rows: list[tuple[float, int]]) -> None:
    data = sample([(value, weight, True) for value, weight in rows])
    pooled = [value for value, weight in rows for _ in range(weight)]
    assert estimate(data, "mean") == pytest.approx(np.mean(pooled), abs=1e-9)


# --- Intervals --------------------------------------------------------------------------


@pytest.mark.parametrize("statistic", STATISTICS)
def test_an_interval_of_equals_is_a_point(statistic: Statistic) -> None:
    data = of(*[0.4] * 10, positive=5)
    value = estimate(data, statistic)
    assert interval(data, statistic) == pytest.approx((value, value), abs=1e-12)


@pytest.mark.parametrize(
    ("data", "statistic"),
    [
        (of(0.3), "mean"),
        (of(0.3, positive=0), "mean"),
        (of(0.3, 0.8, positive=1), "mean"),
        (of(0.3, 0.8, positive=1), "auroc"),
    ],
)
def test_one_question_of_a_class_has_no_spread(data: Sample, statistic: Statistic) -> None:
    value = estimate(data, statistic)
    assert interval(data, statistic) == (value, value)


def test_one_question_beside_many_is_in_every_resample() -> None:
    low, high = interval(of(1, 0, 0, 1, 0, 1, positive=1), "mean") or (0, 0)
    assert low >= 1 / 6 and high <= 1
    assert low < 4 / 6 - 0.3 < high


def test_an_interval_is_the_one_of_scipy_for_one_class() -> None:
    values = np.random.default_rng(1).random(40)
    ours = interval(of(*values), "mean")
    theirs = bootstrap(
        (values,), np.mean, method="percentile", n_resamples=20000, rng=2
    ).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_an_interval_is_as_wide_as_the_binomial_says() -> None:
    low, high = interval(of(*[1] * 60, *[0] * 40), "mean") or (0, 0)
    spread = 1.96 * (0.6 * 0.4 / 100) ** 0.5
    assert (low, high) == pytest.approx((0.6 - spread, 0.6 + spread), abs=0.015)


def test_classes_are_resampled_apart() -> None:
    """Where a class is all alike, nothing spreads, however the classes differ."""
    assert interval(of(1, 1, 1, 0, 0, 0, 0, positive=3), "mean") == pytest.approx((3 / 7, 3 / 7))


def test_the_same_figures_every_time() -> None:
    data = of(*np.random.default_rng(3).random(30), positive=20)
    for statistic in STATISTICS:
        assert interval(data, statistic) == interval(data, statistic)


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.eval.statistics.RESAMPLES", 200)
    monkeypatch.setattr("assistant.eval.statistics.PERMUTATIONS", 199)


VALUES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(1, 4), st.booleans()),
    min_size=1,
    max_size=25,
)


@pytest.mark.usefixtures("few_resamples")
class TestProperties:
    @settings(max_examples=40, deadline=None)
    @given(VALUES, st.sampled_from(STATISTICS))
    def test_an_interval_lies_within_the_values(
        self, rows: list[tuple[float, int, bool]], statistic: Statistic
    ) -> None:
        data = sample(rows)
        value = estimate(data, statistic)
        bounds = interval(data, statistic)
        assert (value is None) == (bounds is None)
        if value is not None and bounds is not None:
            assert bounds[0] <= bounds[1]
            least, most = (0, 1) if statistic == "auroc" else (data.values.min(), data.values.max())
            assert least - 1e-9 <= bounds[0] and bounds[1] <= most + 1e-9

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.floats(0, 1), min_size=20, max_size=40))
    def test_an_interval_holds_its_value(self, values: list[float]) -> None:
        data = of(*values)
        low, high = interval(data, "mean") or (0, 0)
        assert low - 1e-9 <= (estimate(data, "mean") or 0) <= high + 1e-9

    @settings(max_examples=40, deadline=None)
    @given(VALUES, st.sampled_from(STATISTICS))
    def test_a_system_does_not_differ_from_itself(
        self, rows: list[tuple[float, int, bool]], statistic: Statistic
    ) -> None:
        data = sample(rows)
        assert paired_p(data, data, "share", statistic) == 1
        assert paired_p(data, data, "yes-no", statistic) == 1
        bounds = difference_interval(data, data, statistic)
        assert bounds == (None if estimate(data, statistic) is None else (0, 0))

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
    def test_p_is_a_probability_and_knows_no_order(self, pairs: list[tuple[float, float]]) -> None:
        a, b = of(*(x for x, _ in pairs)), of(*(y for _, y in pairs))
        forth, back = paired_p(a, b, "share", "mean"), paired_p(b, a, "share", "mean")
        assert forth is not None and 0 < forth <= 1
        if len(pairs) < 8:  # all exchanges are tried, so the two are the same to the digit
            assert forth == pytest.approx(back)

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 30), st.integers(0, 30))
    def test_mcnemar_looks_at_what_differs_alone(
        self, lost: int, gained: int, both: int, neither: int
    ) -> None:
        if lost + gained:
            a, b = yes_no(both, lost, gained, neither)
            c, d = yes_no(0, lost, gained, 0)
            assert paired_p(a, b, "yes-no", "mean") == paired_p(c, d, "yes-no", "mean")
            assert paired_p(a, b, "yes-no", "mean") == paired_p(b, a, "yes-no", "mean")

    @settings(max_examples=15, deadline=None)  # statsmodels collects garbage at each call
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
    def test_holm_never_lowers_and_keeps_the_order(self, ps: list[float]) -> None:
        corrected = holm(ps)
        assert all(after >= before - 1e-12 for before, after in zip(ps, corrected, strict=True))
        assert all(
            after <= min(1, p * len(ps)) + 1e-12 for p, after in zip(ps, corrected, strict=True)
        )
        order = np.argsort(ps, kind="stable")
        assert all(np.diff(np.asarray(corrected)[order]) >= -1e-12)


# --- Tests ------------------------------------------------------------------------------


def mcnemar(b: int, c: int) -> float:
    """Two-sided, of a fair coin: both tails as unlikely as what was seen."""
    n, least = b + c, min(b, c)
    return min(1.0, 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n)


@pytest.mark.parametrize(
    ("lost", "gained", "expected"),
    [
        (1, 6, 16 / 128),
        (6, 1, 16 / 128),
        (0, 6, 2 / 64),
        (0, 5, 2 / 32),
        (0, 1, 1.0),
        (1, 1, 1.0),
        (3, 3, 1.0),
        (2, 8, 112 / 1024),
        (10, 0, 2 / 1024),
    ],
)
def test_mcnemar_by_hand(lost: int, gained: int, expected: float) -> None:
    a, b = yes_no(20, lost, gained, 5)
    assert paired_p(a, b, "yes-no", "mean") == pytest.approx(expected, abs=1e-12)
    assert expected == pytest.approx(mcnemar(lost, gained))


def test_yes_no_with_nothing_that_differs_but_weights() -> None:
    assert paired_p(of(1, 0, weights=[1, 2]), of(1, 0, weights=[2, 1]), "yes-no", "mean") == 1


def test_a_permutation_test_by_hand() -> None:
    """Five gains of the same size: of 32 exchanges only the one and its mirror go as far."""
    a, b = of(0.1, 0.2, 0.3, 0.4, 0.5), of(0.2, 0.3, 0.4, 0.5, 0.6)
    assert paired_p(a, b, "share", "mean") == pytest.approx(2 / 32)
    assert paired_p(of(0.1, 0.5), of(0.5, 0.1), "share", "mean") == 1
    assert paired_p(of(0.1), of(0.9), "share", "mean") == 1


def test_a_permutation_test_is_the_one_of_scipy() -> None:
    random = np.random.default_rng(5)
    a, b = random.random(40), random.random(40) + 0.12
    theirs = permutation_test(
        (a, b), lambda x, y: np.mean(y - x), permutation_type="samples", n_resamples=9999, rng=6
    ).pvalue
    assert paired_p(of(*a), of(*b), "share", "mean") == pytest.approx(theirs, abs=0.015)


def test_the_area_is_tested_by_exchanging_confidences() -> None:
    right = of(*np.linspace(0.5, 0.9, 15), *np.linspace(0.1, 0.4, 15), positive=15)
    noise = of(*np.random.default_rng(7).random(30), positive=15)
    assert (paired_p(right, noise, "share", "auroc") or 1) < 0.01
    low, high = difference_interval(right, noise, "auroc") or (0, 0)
    assert low < (estimate(noise, "auroc") or 0) - 1 < high < 0


def test_weights_are_exchanged_with_their_values() -> None:
    """The whole run is one question with a thousand quotes: nothing can be said of chance."""
    a = of(1, 1, 1, weights=[1000, 1, 1])
    b = of(0, 1, 1, weights=[1000, 1, 1])
    assert paired_p(a, b, "share", "mean") == 1


def test_the_interval_of_a_difference_is_over_the_same_questions() -> None:
    a = of(*np.random.default_rng(8).random(50))
    b = Sample(a.values + 0.1, a.weights, a.positive)
    assert difference_interval(a, b, "mean") == pytest.approx((0.1, 0.1), abs=1e-9)


# --- Holm -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ps", "expected"),
    [
        ([], []),
        ([0.03], [0.03]),
        # 0.005 times 4, 0.01 times 3, 0.03 times 2, and 0.04 is not below what came before it.
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.01, 0.02, 0.03], [0.03, 0.04, 0.04]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.02, 0.02], [0.04, 0.04]),
    ],
)
def test_holm_by_hand(ps: list[float], expected: list[float]) -> None:
    assert holm(ps) == pytest.approx(expected, abs=1e-12)
