"""The development gold over real documents: it is right, and a run on it ends and is sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.eval.check import check_gold
from assistant.eval.evaluate import evaluate
from assistant.eval.gold import load_gold
from assistant.index.reader import open_index
from assistant.workspace import Workspace

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(1800)]


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
