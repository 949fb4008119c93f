"""Making a workspace."""

from __future__ import annotations

from pathlib import Path

from assistant.workspace import Workspace
from tests.cli.conftest import Command


def test_a_workspace_with_the_starter_corpus(command: Command, tmp_path: Path) -> None:
    result = command("init", tmp_path / "new")
    assert result.exit_code == 0 and "Made a workspace" in result.stdout
    assert len(list((tmp_path / "new" / "corpus").glob("*.pdf"))) >= 4
    assert (tmp_path / "new" / "corpus" / "manifest.toml").is_file()
    assert Workspace.find(tmp_path / "new").settings.web.host == "127.0.0.1"


def test_an_empty_workspace_has_no_documents_and_no_gold(command: Command, tmp_path: Path) -> None:
    result = command("init", tmp_path / "new", "--empty")
    assert result.exit_code == 0 and "Put PDFs into" in result.stdout
    files = {p.relative_to(tmp_path / "new").as_posix() for p in (tmp_path / "new").rglob("*.*")}
    assert "assistant.toml" in files
    assert all(name == "assistant.toml" or name.startswith("prompts/") for name in files)


def test_a_workspace_is_never_overwritten(command: Command, tmp_path: Path) -> None:
    command("init", tmp_path, "--empty")
    (tmp_path / "assistant.toml").write_text("# mine\n")
    result = command("init", tmp_path)
    assert result.exit_code == 2 and "already is a workspace" in result.stderr
    assert (tmp_path / "assistant.toml").read_text() == "# mine\n"


def test_a_folder_that_holds_documents_is_left_alone(command: Command, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine.pdf").write_bytes(b"%PDF")
    result = command("init", tmp_path)
    assert result.exit_code == 2 and "not empty" in result.stderr
    assert not (tmp_path / "assistant.toml").exists()


def test_a_place_that_cannot_be_written_is_told(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = command("init", tmp_path / "file" / "workspace")
    assert result.exit_code == 2 and "cannot be written" in result.stderr
    assert result.stderr.count("\n") == 1
