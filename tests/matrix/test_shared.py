"""The matrix of the real report over real doctrine and policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.eval.matrix_gold import read_key, score_matrix
from assistant.index.reader import open_index
from assistant.matrix.builder import build_matrix
from assistant.matrix.record import matrix_record
from assistant.workspace import Workspace

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(1800)]

EVAL = Path(__file__).resolve().parents[2] / "eval"


@pytest.mark.parametrize("key", ["matrix.jsonl", "matrix_second.jsonl"])
def test_eight_of_ten_recommendations_have_an_accepted_passage(
    dev_workspace: Workspace, key: str
) -> None:
    index = open_index(dev_workspace)
    matrix = build_matrix(dev_workspace, index)
    assert matrix.report.file == "report/RAND_RRA641-1_report_extract.pdf"
    score = score_matrix(matrix_record(matrix), read_key(EVAL / key, "reference"))
    assert score.present == tuple(range(1, 11))
    assert len(score.accepted) >= 8
    assert score.precision >= 0.4
    quoted = {cell.excerpt.document for row in matrix.rows for cell in row.cells}
    assert not any(document.file.startswith("report/") for document in quoted)
    index.close()
