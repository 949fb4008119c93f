"""Running the command, in this process and in one of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.main import cli
from assistant.index.embedder import Embedder
from assistant.workspace import Workspace

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The real model, loaded once."""
    return Embedder()


@pytest.fixture
def command(model: Embedder, monkeypatch: pytest.MonkeyPatch) -> Command:
    """``command("ask", "why?")`` runs the command in this process."""

    def shared(name: str = "", batch_size: int = 8) -> Embedder:
        return Embedder(name, batch_size) if name else model

    for module in ("index.builder", "index.reader", "answer.assistant"):
        monkeypatch.setattr(f"assistant.{module}.Embedder", shared)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments])

    return run


def run_process(
    *arguments: object, stdin: int | None = subprocess.DEVNULL, **variables: str
) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", *map(str, arguments)],
        stdin=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        env={**os.environ, **variables},
        check=False,
        timeout=300,
    )


@pytest.fixture
def starter(starter_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the indexed starter workspace, to be changed."""
    shutil.copytree(starter_workspace.root, tmp_path / "starter")
    return Workspace(tmp_path / "starter")
