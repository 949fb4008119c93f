from __future__ import annotations

import pytest

from assistant.eval.report.numbers import number, probability, signed, signed_spread, spread


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0.000"),
        (0.6744, "0.674"),
        (1.0, "1.000"),
        (12.345, "12.3"),
        (150.39, "150"),
        (-0.5, "−0.500"),
    ],
)
def test_numbers(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_differences_have_a_sign() -> None:
    assert [signed(value) for value in (0.25, -0.25, 0.0, None)] == [
        "+0.250",
        "−0.250",
        "0.000",
        "–",
    ]
    assert signed_spread((-0.1, 0.2)) == "−0.100 to +0.200"
    assert signed_spread(None) == "–"


def test_intervals() -> None:
    assert spread(0.1, 0.2) == "0.100 to 0.200"
    assert spread(None, None) == "–"


def test_probabilities() -> None:
    assert [probability(p) for p in (None, 1.0, 0.04, 0.0002)] == ["–", "1.000", "0.040", "< 0.001"]
