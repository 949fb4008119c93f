"""The written key of the matrix: which places bear on a recommendation, and what it makes of one.

What is judged is the matrix as ``assistant matrix --json`` writes it, so that another
system's is judged the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError

Corpus = Literal["starter", "reference"]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportPage(_Line):
    """The page on which the recommendations stand."""

    file: str
    pdf_page: int = Field(ge=1)


class Place(_Line):
    """A place that bears on a recommendation: any quote of the paragraph on that page.

    Where ``paragraph`` is None the whole page counts. ``says`` is a word that the quote must hold,
    whatever its case, where a page or a paragraph holds other matters too.
    """

    file: str
    pdf_page: int = Field(ge=1)
    paragraph: str | None
    why: str
    says: str = ""

    def accepts(self, cell: Mapping[str, Any]) -> bool:
        """Whether a cell quotes this place; a paragraph includes those below it."""
        label, wanted = cell["paragraph"] or "", self.paragraph or ""
        return (
            cell["file"] == self.file
            and self.pdf_page in cell["pages"]
            and (not wanted or label == wanted or label.startswith(f"{wanted}."))
            and self.says.lower() in cell["quote"].lower()
        )


class KeyRow(_Line):
    """The places that a planner would accept beside one recommendation."""

    id: str
    corpus: Corpus
    recommendation: int = Field(ge=1)
    report: ReportPage
    accepts: tuple[Place, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class MatrixScore:
    """What the key makes of a matrix.

    ``present`` are the recommendations of the key that stand in the matrix, in its order and
    cited from the report's page; ``accepted`` those beside which at least one passage is accepted.
    ``by_row`` has (accepted cells, cells) for each recommendation of the key.
    """

    present: tuple[int, ...]
    accepted: tuple[int, ...]
    by_row: Mapping[int, tuple[int, int]]

    @property
    def rows(self) -> int:
        """How many recommendations the key has."""
        return len(self.by_row)

    @property
    def cells(self) -> int:
        """How many passages stand in the matrix."""
        return sum(cells for _, cells in self.by_row.values())

    @property
    def precision(self) -> float:
        """Share of the passages that the key accepts, 0 where there are none."""
        accepted = sum(accepted for accepted, _ in self.by_row.values())
        return accepted / self.cells if self.cells else 0.0


def read_key(path: Path, corpus: Corpus) -> tuple[KeyRow, ...]:
    """The rows for one corpus; raises AssistantError where a line is not one of a key."""
    rows: list[KeyRow] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"The key {path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(KeyRow.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise AssistantError(f"{path}, line {number}: {where}: {first['msg']}.") from error
    chosen = tuple(row for row in rows if row.corpus == corpus)
    if not chosen:
        raise AssistantError(f"The key {path} has no line for the corpus “{corpus}”.")
    return chosen


def score_matrix(matrix: Mapping[str, Any], key: Sequence[KeyRow]) -> MatrixScore:
    """How a matrix, as it is written in JSON, stands against the key."""
    rows = {row["number"]: row for row in matrix["rows"]}
    present: list[int] = []
    by_row: dict[int, tuple[int, int]] = {}
    for wanted in key:
        row = rows.get(wanted.recommendation, {"citations": [], "cells": []})
        if any(_is_page(citation, wanted.report) for citation in row["citations"]):
            present.append(wanted.recommendation)
        good = sum(any(p.accepts(cell) for p in wanted.accepts) for cell in row["cells"])
        by_row[wanted.recommendation] = (good, len(row["cells"]))
    accepted = tuple(number for number, (good, _) in by_row.items() if good)
    return MatrixScore(tuple(present), accepted, by_row)


def _is_page(citation: Mapping[str, Any], page: ReportPage) -> bool:
    return bool(citation["file"] == page.file and citation["pdf_page"] == page.pdf_page)
