"""What a run was made with: it changes with all that can change an answer, and else stays."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.eval import fingerprint
from assistant.eval.fingerprint import run_fingerprint
from assistant.index.reader import IndexSummary
from assistant.workspace import Workspace, create_workspace

SUMMARY = IndexSummary("0123", datetime(2026, 1, 2, tzinfo=UTC), 4, 60, 700, "a-model")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace", empty=True)


def made(workspace: Workspace, summary: IndexSummary = SUMMARY) -> str:
    return str(run_fingerprint(Workspace(workspace.root), summary, 0.5)["id"])


def write_settings(workspace: Workspace, text: str) -> None:
    (workspace.root / "assistant.toml").write_text(text, encoding="utf-8")


def test_it_stays(workspace: Workspace, tmp_path: Path) -> None:
    before = made(workspace)
    assert made(workspace) == before
    assert made(create_workspace(tmp_path / "other", empty=True)) == before
    (workspace.evaluation / "gold.jsonl").write_text("{}\n", encoding="utf-8")
    (workspace.prompts / "notes.md").write_text("no prompt\n", encoding="utf-8")
    later = replace(SUMMARY, built=datetime(2026, 3, 4, tzinfo=UTC))
    assert made(workspace, later) == before


def test_the_way_settings_are_written_does_not_matter(workspace: Workspace) -> None:
    write_settings(workspace, "[answer]\nthreshold = 0.4\n[retrieve]\npassages = 9\n")
    before = made(workspace)
    write_settings(workspace, "# tuned\n[retrieve]\npassages = 9\n\n[answer]\nthreshold=0.40\n")
    assert made(workspace) == before


@pytest.mark.parametrize(
    "text",
    [
        "[answer]\nthreshold = 0.4\n",
        "[answer]\nmax_statements = 4\n",
        "[retrieve]\npassages = 9\n",
        "[retrieve]\nlexical_weight = 1.25\n",
        '[index]\nembedding_model = "other"\n',
    ],
)
def test_it_changes_with_settings(workspace: Workspace, text: str) -> None:
    write_settings(workspace, "")
    before = made(workspace)
    write_settings(workspace, text)
    assert made(workspace) != before


def test_it_changes_with_index_and_model(workspace: Workspace) -> None:
    before = made(workspace)
    assert made(workspace, replace(SUMMARY, fingerprint="4567")) != before
    assert made(workspace, replace(SUMMARY, model="another")) != before


def test_it_changes_with_every_prompt(workspace: Workspace) -> None:
    seen = {made(workspace)}
    for name in ("a.txt", "one/system.txt", "two/system.txt"):
        path = workspace.prompts / name
        path.parent.mkdir(exist_ok=True)
        for text in ("Answer.", "Answer briefly."):
            path.write_text(text, encoding="utf-8")
            seen.add(made(workspace))
    assert len(seen) == 7
    path.unlink()
    assert made(workspace) in seen


def test_it_changes_with_code(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    shutil.copytree(Path(fingerprint.__file__).parents[1] / "answer", package / "answer")
    before = made(workspace)
    monkeypatch.setattr(fingerprint, "_PACKAGE", package)
    seen = {before, made(workspace)}
    module = package / "answer" / "extract.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    seen.add(made(workspace))
    (package / "answer" / "picture.png").write_bytes(b"no code")
    (package / "answer" / "__pycache__").mkdir(exist_ok=True)
    (package / "answer" / "__pycache__" / "extract.cpython-311.pyc").write_bytes(b"no code")
    seen.add(made(workspace))
    module.rename(package / "answer" / "renamed.py")
    seen.add(made(workspace))
    assert len(seen) == 4


def test_its_parts_are_told(workspace: Workspace) -> None:
    parts = run_fingerprint(workspace, SUMMARY, 0.5)
    assert parts.keys() >= {"id", "index", "settings", "prompts", "models", "version", "code"}
    assert parts["index"] == "0123"
    assert parts["models"]["embedding"] == "a-model"
    assert parts["settings"].keys() == {"index", "retrieve", "answer"}
