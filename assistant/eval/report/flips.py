"""The questions that two runs judge differently."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from assistant.eval.compare import Comparison, Difference

MAIN: Final = ("citation_precision", "citation_recall", "nugget_recall")

Direction = Literal["worse", "mixed", "better"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one measure gave a question before and after."""

    measure: str
    yes_no: bool
    before: float
    after: float
    better: bool


@dataclass(frozen=True, slots=True)
class Flipped:
    """A question with its changes in the yes/no measures and the main shares."""

    id: str
    changes: tuple[Change, ...]

    @property
    def direction(self) -> Direction:
        """Whether all changes go one way."""
        ways = {change.better for change in self.changes}
        return "mixed" if len(ways) > 1 else "better" if ways == {True} else "worse"

    @property
    def weight(self) -> tuple[bool, float]:
        """By what the list is ordered: a yes that became a no counts more than a share."""
        size = sum(abs(change.after - change.before) for change in self.changes)
        return any(change.yes_no for change in self.changes), size


def flipped(comparison: Comparison) -> dict[Direction, tuple[Flipped, ...]]:
    """The questions that flipped each way, the gravest first; the worse ones first."""
    changes: dict[str, list[Change]] = defaultdict(list)
    for difference in comparison.differences:
        if difference.measure.form == "yes-no" or difference.measure.name in MAIN:
            for id_, change in _changes(difference):
                changes[id_].append(change)
    found = [Flipped(id_, tuple(mine)) for id_, mine in sorted(changes.items())]
    found.sort(key=lambda one: one.weight, reverse=True)
    ways: tuple[Direction, ...] = ("worse", "mixed", "better")
    return {way: tuple(one for one in found if one.direction == way) for way in ways}


def _changes(difference: Difference) -> list[tuple[str, Change]]:
    measure = difference.measure
    return [
        (flip.id, Change(measure.name, measure.form == "yes-no", flip.before, flip.after, better))
        for better, flips in ((True, difference.better), (False, difference.worse))
        for flip in flips
    ]
