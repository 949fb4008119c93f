"""Fewer resamples: what is tested here is how figures are shown."""

from __future__ import annotations

import pytest

from assistant.eval import statistics


@pytest.fixture(autouse=True)
def quick_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "RESAMPLES", 50)
    monkeypatch.setattr(statistics, "PERMUTATIONS", 49)
