"""The matrix: a row for each recommendation, and beside it the passages that bear on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from assistant.types import Citation, Document, Excerpt, Statement

Origin = Literal["found", "added"]

_LABEL: Final = re.compile(r"^(?:•\s*)?(?:\(?\d{1,2}[.)]\s+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A passage beside a recommendation.

    ``confidence``, between 0 and 1, is how likely it bears on it; None where a planner
    ``added`` it. ``matters`` are what was searched for when it was found. ``note`` and
    ``reviewed`` are the planner's; ``changed`` says that the index no longer has the text there.
    """

    excerpt: Excerpt
    confidence: float | None
    matters: tuple[str, ...] = ()
    note: str = ""
    origin: Origin = "found"
    reviewed: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A recommendation, numbered from 1 as in the report, where it stands, and its passages.

    Without ``cells`` nothing was found that is likely enough to bear on it.
    """

    number: int
    recommendation: Statement
    citations: tuple[Citation, ...]
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """What is recommended, without bullet and number."""
        return bare(self.recommendation.text)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows in the report's order; ``made`` is in UTC, ``index`` what was searched."""

    report: Document
    rows: tuple[Row, ...]
    index: str
    made: datetime

    @property
    def sources(self) -> tuple[Document, ...]:
        """The report, and the documents quoted in the order in which they first are."""
        quoted = (cell.excerpt.document for row in self.rows for cell in row.cells)
        return tuple(dict.fromkeys((self.report, *quoted)))


def bare(item: str) -> str:
    """An item of a list without the bullet and the number printed before it."""
    return _LABEL.sub("", item)
