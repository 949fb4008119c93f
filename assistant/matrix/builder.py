"""Building the matrix of a report from an index."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from assistant.index.reader import Index
from assistant.matrix.finder import CellFinder
from assistant.matrix.recommendations import ReportReader, same_work
from assistant.matrix.terms import Terms
from assistant.matrix.values import Matrix, Row
from assistant.workspace import Workspace

MOST: Final = 5  # passages beside a recommendation, where nothing else is asked for


def build_matrix(
    workspace: Workspace, index: Index, report: str | None = None, most: int = MOST
) -> Matrix:
    """The matrix of ``report``, a file of the corpus, with at most ``most`` passages in a row.

    Editions that are not in force are not searched, nor is the report itself. Raises what
    ``ReportReader.read`` raises, and AssistantError where the workspace's terms cannot be read.
    """
    found = ReportReader(index).read(report)
    documents = list(index.documents.values())
    own = same_work(found.document, documents)
    files = [d.file for d in documents if d.id not in own and d.status in ("current", "draft")]
    finder = CellFinder(index, workspace.settings.retrieve, Terms.read(workspace.root))
    texts = [recommendation.text for recommendation in found.recommendations]
    rows = tuple(
        Row(r.number, r.statement, r.citations, finder.find(r.text, texts, files, most))
        for r in found.recommendations
    )
    return Matrix(found.document, rows, index.summary.fingerprint, datetime.now(UTC))
