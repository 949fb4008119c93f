"""The figures of a ``summary.json`` as rows and cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assistant.eval.measures import BY_NAME
from assistant.eval.measures.citing import CITING
from assistant.eval.measures.measure import Measure
from assistant.eval.measures.ranking import RANKING
from assistant.eval.measures.refusing import REFUSING
from assistant.eval.measures.saying import SAYING
from assistant.eval.measures.timing import TIMING

FAMILIES: Final[dict[str, tuple[Measure, ...]]] = {
    "Pages found": RANKING,
    "Citations": CITING,
    "What is said": SAYING,
    "Refusing": REFUSING,
    "Seconds": TIMING,
}
MAIN: Final[tuple[str, ...]] = (
    "page_hit@1",
    "page_hit@10",
    "evidence_recall@10",
    "citation_precision",
    "citation_recall",
    "nugget_recall",
    "abstention_auroc",
    "false_answer_rate",
    "over_refusal_rate",
)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure over the whole run; ``null`` counts the questions it could not score."""

    name: str
    definition: str
    source: str
    better: str
    scale: bool  # from 0 to 1
    value: float | None
    low: float | None
    high: float | None
    n: int
    of: int
    null: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a measure over a group of questions."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Measures (``columns``) over groups of questions."""

    title: str
    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Cell, ...]], ...]


def families(summary: Mapping[str, Any]) -> dict[str, list[MeasureRow]]:
    """Every measure of the summary under what it is about."""
    values: Mapping[str, Mapping[str, Any]] = summary.get("measures", {})
    found = {
        title: [_row(measure.name, values[measure.name]) for measure in mine]
        for title, measures in FAMILIES.items()
        if (mine := [measure for measure in measures if measure.name in values])
    }
    if others := [name for name in values if name not in BY_NAME]:
        found["Measures of another version"] = [_row(name, values[name]) for name in others]
    return found


def breakdown(title: str, groups: Mapping[str, Any], only: Iterable[str] = ()) -> Breakdown:
    """Groups of questions by measure; ``only`` these measures (none: all that have a value)."""
    there = {
        name
        for measures in groups.values()
        for name, value in measures.items()
        if value.get("value") is not None
    }
    columns = tuple(name for name in (tuple(only) or tuple(BY_NAME)) if name in there)
    rows = tuple(
        (group, tuple(_cell(measures.get(name)) for name in columns))
        for group, measures in groups.items()
    )
    return Breakdown(title, columns, rows)


def _row(name: str, value: Mapping[str, Any]) -> MeasureRow:
    measure = BY_NAME.get(name)
    return MeasureRow(
        name=name,
        definition=measure.definition if measure else "",
        source=measure.source if measure else "",
        better=measure.better if measure else "neither",
        scale=measure is not None and measure.form != "amount",
        value=value.get("value"),
        low=value.get("low"),
        high=value.get("high"),
        n=value.get("n", 0),
        of=value.get("of", 0),
        null=value.get("null", 0),
    )


def _cell(value: Mapping[str, Any] | None) -> Cell:
    return Cell(value.get("value"), value.get("n", 0)) if value else Cell(None, 0)
