"""Seconds: what was noted, and that they judge no run."""

from __future__ import annotations

import pytest

from assistant.eval.measures import BY_NAME
from assistant.eval.measures.timing import TIMING
from tests.eval.measures.cases import (
    NOTHING_THERE,
    P1,
    Case,
    Null,
    answer,
    check,
    groups,
    parametrize,
    refusing,
)

ONE = groups((P1,))
NOTED = {"retrieve": 0.25, "answer": 0.5, "total": 0.75}

CASES = [
    case
    for short in ("p50", "p95")
    for case in (
        Case("noted", f"seconds_retrieve_{short}", ONE, answer(seconds=NOTED), 0.25),
        Case("noted", f"seconds_total_{short}", ONE, answer(seconds=NOTED), 0.75),
        Case("refused", f"seconds_total_{short}", ONE, refusing(seconds=NOTED), 0.75),
        Case("unanswerable", f"seconds_total_{short}", NOTHING_THERE, answer(seconds=NOTED), 0.75),
        Case("none at all", f"seconds_total_{short}", ONE, answer(seconds={"total": 0}), 0.0),
        Case(
            "not noted",
            f"seconds_retrieve_{short}",
            ONE,
            answer(seconds={"total": 1}),
            Null("no seconds of retrieve"),
        ),
        Case("not noted", f"seconds_total_{short}", ONE, answer(), Null("no seconds of total")),
    )
]


@parametrize(CASES)
def test_timing(case: Case) -> None:
    check(case)


def test_seconds_are_reported_only() -> None:
    assert all(measure.margin is None for measure in TIMING)


@pytest.mark.parametrize(("name", "statistic"), [("p50", "median"), ("p95", "p95")])
def test_the_name_says_which_statistic(name: str, statistic: str) -> None:
    for stage in ("retrieve", "total"):
        assert BY_NAME[f"seconds_{stage}_{name}"].statistic == statistic
