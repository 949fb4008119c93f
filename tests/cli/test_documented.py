"""The commands that the documents show do what they say, run one after the other."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from assistant.workspace import Workspace
from tests.cli.conftest import Command

DOCS = Path(__file__).resolve().parents[2] / "docs"


def commands(name: str) -> list[str]:
    """The indented lines of a document that call the assistant."""
    lines = (DOCS / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    assistant ")]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("exports.md", ["out.docx", "out.txt"]),
        pytest.param("matrix.md", ["matrix.docx"], marks=pytest.mark.slow),
    ],
)
def test_every_command_of_a_document_works(
    command: Command,
    starter_workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    files: list[str],
) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(starter_workspace.root, root)
    monkeypatch.chdir(root)
    shown = commands(name)
    assert len(shown) >= 2
    for line in shown:
        result = command(*shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}: {result.output}"
        assert result.output.strip()
    assert all((root / file).stat().st_size > 500 for file in files)
