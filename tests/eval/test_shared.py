"""The development gold over real documents: it is right, and a run on it ends and is sound."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.eval.check import check_gold
from assistant.eval.evaluate import evaluate
from assistant.eval.gold import load_gold
from assistant.index.builder import build_index
from assistant.index.generations import CACHE
from assistant.index.reader import open_index
from assistant.workspace import Workspace, create_workspace

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def dev_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    shared_corpus: Path,
    shared_gold: Path,
) -> Workspace:
    """The documents of the development gold, indexed; vectors are kept from run to run."""
    workspace = create_workspace(tmp_path_factory.mktemp("dev") / "workspace", empty=True)
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


def test_the_development_gold_is_right(dev_workspace: Workspace, shared_gold: Path) -> None:
    index = open_index(dev_workspace)
    checked = check_gold(shared_gold / "dev.jsonl", index)
    assert [str(problem) for problem in checked.problems] == []
    assert checked.questions >= 100
    assert len(index.documents) == 17
    index.close()


def test_a_run_on_it_ends_and_every_quote_stands(
    tmp_path: Path, dev_workspace: Workspace, shared_gold: Path
) -> None:
    gold = load_gold(shared_gold / "dev.jsonl")
    assistant = Assistant.open(dev_workspace)
    evaluated = evaluate(dev_workspace, assistant, gold, gold.questions, tmp_path / "run")
    summary = evaluated.summary
    assert summary["asked"] == summary["questions"] == len(gold.questions)
    assert summary["failed"] == {}
    assert summary["measures"]["quote_verbatim"]["value"] == 1.0
    assert summary["measures"]["statement_cited"]["value"] == 1.0
    for name, measure in summary["measures"].items():
        assert measure["n"] + measure["null"] == len(gold.questions), name
        assert measure["low"] <= measure["value"] <= measure["high"], name
