"""What an exported matrix says, as text that every file can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from assistant.answer.styles import doctrine
from assistant.export.markings import highest_marking
from assistant.export.paper import CHANGED, section
from assistant.export.text import in_lines, one_line, utc_time
from assistant.matrix.values import Cell, Matrix, Row
from assistant.types import Document

NOTHING: Final = "Nothing found that is likely enough to bear on this recommendation."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a passage beside its recommendation; None where there is none."""

    row: Row
    cell: Cell | None


Value = str | int | float

COLUMNS: Final[Mapping[str, Callable[[Line], Value]]] = MappingProxyType(
    {
        "number": lambda line: line.row.number,
        "recommendation": lambda line: in_lines(line.row.text),
        "recommendation_citation": lambda line: recommended_at(line.row),
        "quote": lambda line: in_lines(line.cell.excerpt.quote) if line.cell else NOTHING,
        "citation": lambda line: cited_at(line.cell) if line.cell else "",
        "confidence": lambda line: confidence(line.cell),
        "note": lambda line: in_lines(line.cell.note) if line.cell else "",
        "reviewed": lambda line: "yes" if line.cell and line.cell.reviewed else "",
        "origin": lambda line: line.cell.origin if line.cell else "",
        "changed": lambda line: CHANGED if line.cell and line.cell.changed else "",
        "section": lambda line: section(line.cell.excerpt) if line.cell else "",
        "file": lambda line: one_line(line.cell.excerpt.document.file) if line.cell else "",
        "printed_page": lambda line: one_line(line.cell.excerpt.printed_page) if line.cell else "",
        "pdf_page": lambda line: line.cell.excerpt.pdf_page if line.cell else "",
        "paragraph": lambda line: one_line(line.cell.excerpt.paragraph) if line.cell else "",
        "searched_for": lambda line: in_lines("\n".join(line.cell.matters)) if line.cell else "",
        "id": lambda line: line.cell.excerpt.id if line.cell else "",
    }
)
SOURCES: Final[Mapping[str, Callable[[Document], str]]] = MappingProxyType(
    {
        "designation": lambda document: one_line(document.designation),
        "title": lambda document: one_line(document.title),
        "publisher": lambda document: one_line(document.publisher),
        "edition": lambda document: document.edition.isoformat() if document.edition else "",
        "status": lambda document: document.status,
        "marking": lambda document: one_line(document.marking),
        "distribution": lambda document: one_line(document.distribution),
        "file": lambda document: one_line(document.file),
        "url": lambda document: one_line(document.url),
        "sha256": lambda document: document.sha256,
    }
)


def table(matrix: Matrix) -> list[Line]:
    """A line for each passage, and one for each recommendation without any."""
    return [Line(row, cell) for row in matrix.rows for cell in (row.cells or (None,))]


def title(matrix: Matrix) -> str:
    """What the matrix is of."""
    return f"Matrix of {one_line(matrix.report.designation)}: {one_line(matrix.report.title)}"


def marking(matrix: Matrix) -> str | None:
    """The marking that it must bear, None where no document quoted has one."""
    return highest_marking(one_line(document.marking) for document in matrix.sources)


def about(matrix: Matrix) -> dict[str, str]:
    """When it was made and from what."""
    return {
        "Report": f"{one_line(matrix.report.designation)} ({one_line(matrix.report.file)})",
        "Made": utc_time(matrix.made),
        "Index": one_line(matrix.index),
        "Marking": marking(matrix) or "none",
        "Passages": str(sum(len(row.cells) for row in matrix.rows)),
    }


def recommended_at(row: Row) -> str:
    """Where the recommendation stands."""
    return "; ".join(one_line(doctrine(citation)) for citation in row.citations)


def cited_at(cell: Cell) -> str:
    """Where the passage stands."""
    return one_line(doctrine(cell.excerpt))


def confidence(cell: Cell | None) -> float | str:
    """The confidence, "added" where a planner put the passage there."""
    if cell is None:
        return ""
    return "added" if cell.confidence is None else cell.confidence
