"""The matrix of the real report over real doctrine and policy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.eval.matrix_gold import read_key, score_matrix
from assistant.index.builder import build_index
from assistant.index.generations import CACHE
from assistant.index.reader import open_index
from assistant.matrix.builder import build_matrix
from assistant.matrix.record import matrix_record
from assistant.workspace import Workspace, create_workspace

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(1800)]

EVAL = Path(__file__).resolve().parents[2] / "eval"


@pytest.fixture(scope="module")
def reference(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    shared_corpus: Path,
    shared_gold: Path,
) -> Workspace:
    """The documents of the development gold, indexed; vectors are kept from run to run."""
    workspace = create_workspace(tmp_path_factory.mktemp("reference") / "workspace", empty=True)
    for name in (shared_gold / "dev.corpus.txt").read_text(encoding="utf-8").split():
        (workspace.corpus / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shared_corpus / name, workspace.corpus / name)
    kept = request.config.cache.mkdir("assistant") / f"dev-{CACHE}"
    workspace.index.mkdir()
    if kept.is_file():
        shutil.copyfile(kept, workspace.index / CACHE)
    build_index(workspace)
    shutil.copyfile(workspace.index / CACHE, kept)
    return workspace


@pytest.mark.parametrize("key", ["matrix.jsonl", "matrix_second.jsonl"])
def test_eight_of_ten_recommendations_have_an_accepted_passage(
    reference: Workspace, key: str
) -> None:
    index = open_index(reference)
    matrix = build_matrix(reference, index)
    assert matrix.report.file == "report/RAND_RRA641-1_report_extract.pdf"
    score = score_matrix(matrix_record(matrix), read_key(EVAL / key, "reference"))
    assert score.present == tuple(range(1, 11))
    assert len(score.accepted) >= 8
    assert score.precision >= 0.4
    quoted = {cell.excerpt.document for row in matrix.rows for cell in row.cells}
    assert not any(document.file.startswith("report/") for document in quoted)
    index.close()
