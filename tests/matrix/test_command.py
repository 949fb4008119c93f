"""The commands ``matrix`` and ``eval matrix``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.cli.matrix import judge_matrix, matrix
from assistant.errors import AssistantError, UsageError
from assistant.matrix import builder
from assistant.matrix.values import Matrix
from assistant.workspace import Workspace


@pytest.fixture
def workspace(
    starter_workspace: Workspace, tmp_path: Path, built: Matrix, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the starter workspace; its matrix, built once, is not built for each command."""
    shutil.copytree(starter_workspace.root, tmp_path / "starter")
    monkeypatch.setattr(builder, "build_matrix", lambda *_: built)
    return tmp_path / "starter"


def run(command: Any, *arguments: object) -> Any:
    """What the command prints as JSON; its errors are raised."""
    texts = [str(argument) for argument in (*arguments, "--json")]
    result = CliRunner().invoke(command, texts, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_edits_of_one_run_hold_in_the_next(workspace: Path) -> None:
    before = run(matrix, "-w", workspace)
    first, second = (cell["id"] for cell in before["rows"][0]["cells"][:2])
    other = before["rows"][7]["cells"][0]["id"]
    edits = ("--remove", 1, first, "--note", 1, second, "look", "--reviewed", 1, second)
    run(matrix, "-w", workspace, *edits, "--add", 2, other)
    after = run(matrix, "-w", workspace)
    cells = {cell["id"]: cell for cell in after["rows"][0]["cells"]}
    assert first not in cells
    assert (cells[second]["note"], cells[second]["reviewed"]) == ("look", True)
    assert after["rows"][1]["cells"][-1]["id"] == other
    assert after["rows"][1]["cells"][-1]["origin"] == "added"
    undo = ("--undo", 1, first, "--undo", 1, second, "--undo", 2, other)
    assert run(matrix, "-w", workspace, *undo)["rows"] == before["rows"]


def test_it_is_read_on_a_terminal(workspace: Path) -> None:
    result = CliRunner().invoke(matrix, ["-w", str(workspace)], catch_exceptions=False)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert sum(line.startswith(f"{n}. ") for n in range(1, 11) for line in lines) == 10
    assert "RR-A641-1 Digest (1 Nov 2026), p. 4" in result.output


def test_it_is_exported(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "matrix.docx"
    result = CliRunner().invoke(matrix, ["-w", str(workspace), "--export", str(out)])
    assert result.exit_code == 0
    assert out.read_bytes().startswith(b"PK")
    with pytest.raises(UsageError, match=r"not as matrix\.pdf"):
        run(matrix, "-w", workspace, "--export", tmp_path / "matrix.pdf")


def test_a_row_that_is_not_there_is_told(workspace: Path) -> None:
    with pytest.raises(AssistantError, match="no recommendation 12"):
        run(matrix, "-w", workspace, "--remove", 12, "x")


def test_the_matrix_is_judged(workspace: Path) -> None:
    key = Path(__file__).resolve().parents[2] / "eval" / "matrix.jsonl"
    judged = run(judge_matrix, "-w", workspace, "--key", key)
    assert judged["present"] == list(range(1, 11))
    assert len(judged["accepted"]) >= 8
    assert judged["cells"] == sum(row["cells"] for row in judged["by_row"].values())
