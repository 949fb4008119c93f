"""Figures as they are written: the same in every table."""

from __future__ import annotations

from typing import Final

NONE: Final = "–"
MINUS: Final = "−"

_HUNDRED, _TEN = 100.0, 10.0
_SMALLEST_P: Final = 0.001


def number(value: float | None) -> str:
    """A share or an amount; a dash where there is none."""
    if value is None:
        return NONE
    return f"{value:.{_places(value)}f}".replace("-", MINUS)


def signed(value: float | None) -> str:
    """A difference, with its sign."""
    if value is None:
        return NONE
    return f"{value:+.{_places(value)}f}".replace("-", MINUS) if value else number(0.0)


def spread(low: float | None, high: float | None) -> str:
    """An interval."""
    return NONE if low is None or high is None else f"{number(low)} to {number(high)}"


def signed_spread(bounds: tuple[float, float] | None) -> str:
    """The interval of a difference."""
    return NONE if bounds is None else f"{signed(bounds[0])} to {signed(bounds[1])}"


def probability(p: float | None) -> str:
    """A p value."""
    if p is None:
        return NONE
    return f"< {_SMALLEST_P}" if p < _SMALLEST_P else f"{p:.3f}"


def _places(value: float) -> int:
    size = abs(value)
    return 0 if size >= _HUNDRED else 1 if size >= _TEN else 3
