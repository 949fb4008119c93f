"""`assistant eval`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.eval.gold import load_gold
from assistant.workspace import Workspace
from tests.cli.conftest import Command
from tests.eval.systems import STARTER_GOLD


@pytest.fixture(scope="session")
def judged(starter_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the starter's documents and index and a short gold file."""
    root = tmp_path_factory.mktemp("judged")
    for name in ("corpus", "index", "prompts", "assistant.toml"):
        (root / name).symlink_to(starter_workspace.root / name)
    (root / "eval").mkdir()
    lines = STARTER_GOLD.read_text(encoding="utf-8").splitlines(keepends=True)
    unanswerable = [line for line in lines if '"kind": "unanswerable"' in line]
    (root / "eval" / "gold.jsonl").write_text("".join(lines[:5] + unanswerable[:3]), "utf-8")
    return Workspace(root)


@pytest.fixture
def a_run(judged: Workspace, command: Command, tmp_path: Path) -> Path:
    folder = tmp_path / "a"
    assert command("eval", "run", "-w", judged.root, "--out", folder).exit_code == 0
    return folder


def spoilt(run: Path, folder: Path) -> Path:
    """A copy of ``run`` whose answers were all given to nobody's question."""
    shutil.copytree(run, folder)
    rows = [json.loads(line) for line in (run / "scores.jsonl").read_text().splitlines()]
    for row in rows:
        if row["measure"] == "page_hit@10" and row["value"] is not None:
            row["value"] = 0.0
    (folder / "scores.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


# --- check ------------------------------------------------------------------------------


def test_a_good_gold_file_passes_and_its_documents_are_recorded(
    command: Command, judged: Workspace, tmp_path: Path
) -> None:
    gold = tmp_path / "mine.jsonl"
    gold.write_bytes(judged.gold.read_bytes())
    first = command("eval", "check", gold, "-w", judged.root)
    assert first.exit_code == 0 and "8 questions, nothing wrong" in first.output
    assert "not recorded" in first.output
    second = command("eval", "check", gold, "-w", judged.root, "--record")
    assert second.exit_code == 0 and "not recorded" not in second.output
    files = json.loads((tmp_path / "mine.files.json").read_text())
    assert set(files) == set(load_gold(gold).files)


def test_what_is_wrong_is_listed_line_by_line(
    command: Command, judged: Workspace, tmp_path: Path
) -> None:
    gold = tmp_path / "mine.jsonl"
    lines = judged.gold.read_text(encoding="utf-8").splitlines()
    wrong = json.loads(lines[0])
    wrong["evidence"][0]["printed_page"] = "999"
    gold.write_text("\n".join([json.dumps(wrong), "no json", *lines[1:]]), encoding="utf-8")
    text = command("eval", "check", gold, "-w", judged.root)
    assert text.exit_code == 1
    assert "line 1 (" in text.output and "line 2:" in text.output
    found = json.loads(command("eval", "check", gold, "-w", judged.root, "--json").output)
    assert [problem["line"] for problem in found["problems"]] == [1, 2]
    assert found["questions"] == 8
    recorded = command("eval", "check", gold, "-w", judged.root, "--record")
    assert recorded.exit_code == 1 and not (tmp_path / "mine.files.json").exists()


def test_a_gold_file_that_is_not_there(command: Command, judged: Workspace) -> None:
    result = command("eval", "check", "nowhere.jsonl", "-w", judged.root)
    assert result.exit_code == 2 and "cannot be read" in result.stderr


# --- run, compare, report, accept -------------------------------------------------------


def test_a_run_writes_its_files_and_prints_its_measures(
    command: Command, judged: Workspace, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    result = command("eval", "run", "-w", judged.root, "--out", out)
    assert result.exit_code == 0
    assert "quote_verbatim" in result.output and "8 of 8 questions asked" in result.output
    names = {path.name for path in out.iterdir()}
    assert names >= {"answers.jsonl", "scores.jsonl", "summary.json", "report.html", "summary.md"}
    answers = [json.loads(line) for line in (out / "answers.jsonl").read_text().splitlines()]
    assert {"id", "question", "statements", "citations", "hits", "seconds"} <= set(answers[0])


def test_json_kinds_limit_and_settings(command: Command, judged: Workspace, tmp_path: Path) -> None:
    arguments = ["eval", "run", "-w", judged.root, "--json", "--out"]
    few = json.loads(command(*arguments, tmp_path / "a", "--limit", 2).output)
    assert (few["questions"], few["run"]) == (2, str(tmp_path / "a"))
    kind = ["--kind", "unanswerable", "--set", "answer.threshold=0.99"]
    strict = json.loads(command(*arguments, tmp_path / "b", *kind).output)
    assert strict["questions"] == 3 and strict["answerable"] == 0
    assert strict["measures"]["false_answer_rate"]["value"] == 0
    assert strict["fingerprint"]["threshold"] == 0.99


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "riddle"], "There is no kind riddle"),
        (["--set", "answer.threshold"], "write NAME=VALUE"),
        (["--set", "answer.courage=1"], "There is no setting answer.courage"),
        (["--set", "answer.threshold=high"], "answer.threshold"),
        (["--fail-on-regression"], "--against"),
        (["--against", "nowhere"], "holds no finished run"),
        (["--gold", "nowhere.jsonl"], "cannot be read"),
        (["--graded"], "base_url"),
    ],
)
def test_wrong_use_is_told_before_anything_is_asked(
    command: Command, judged: Workspace, tmp_path: Path, options: list[str], said: str
) -> None:
    out = tmp_path / "run"
    result = command("eval", "run", "-w", judged.root, "--out", out, *options)
    assert result.exit_code == 2 and said in result.stderr
    assert not out.exists()


def test_the_same_state_is_no_regression_and_a_spoilt_run_is(
    command: Command, judged: Workspace, a_run: Path, tmp_path: Path
) -> None:
    again = ["eval", "run", "-w", judged.root, "--out", tmp_path / "b", "--against", a_run]
    result = command(*again, "--fail-on-regression")
    assert result.exit_code == 0 and "No regression." in result.output
    assert (tmp_path / "b" / "compare.html").is_file()
    worse = spoilt(a_run, tmp_path / "c")
    assert command("eval", "compare", a_run, worse).exit_code == 0
    failed = command("eval", "compare", a_run, worse, "--fail-on-regression")
    assert failed.exit_code == 1 and "REGRESSION: page_hit@10" in failed.output
    found: dict[str, Any] = json.loads(command("eval", "compare", a_run, worse, "--json").output)
    assert found["regressed"] and found["measures"]["page_hit@10"]["verdict"] == "regression"
    assert len(found["measures"]["page_hit@10"]["worse"]) >= 4
    page = tmp_path / "page.html"
    markdown = command("eval", "compare", a_run, worse, "--markdown", "--html", page)
    assert "page" in markdown.output and page.is_file()


def test_what_cannot_be_compared(command: Command, a_run: Path, tmp_path: Path) -> None:
    result = command("eval", "compare", a_run, tmp_path)
    assert result.exit_code == 2 and "holds no finished run" in result.stderr


def test_a_report_is_written_again(command: Command, a_run: Path) -> None:
    (a_run / "report.html").unlink()
    assert command("eval", "report", a_run).exit_code == 0
    assert (a_run / "report.html").is_file()
    assert "Evaluation of gold.jsonl" in command("eval", "report", a_run, "--markdown").output


def test_a_run_becomes_the_baseline(
    command: Command, judged: Workspace, a_run: Path, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    root.mkdir()
    (root / "assistant.toml").touch()
    first = command("eval", "accept", a_run, "-w", root)
    assert first.exit_code == 0 and "page_hit@1" in first.output
    assert {path.name for path in (root / "eval/baseline").iterdir()} == {
        "scores.jsonl",
        "summary.json",
    }
    worse = spoilt(a_run, tmp_path / "worse")
    second = command("eval", "accept", worse, "-w", root)
    assert "REGRESSION: page_hit@10" in second.output  # what is accepted is shown
    same = command("eval", "compare", root / "eval/baseline", worse, "--fail-on-regression")
    assert same.exit_code == 0
    summary = json.loads((worse / "summary.json").read_text())
    (worse / "summary.json").write_text(json.dumps({**summary, "failed": {"r001": "no"}}))
    refused = command("eval", "accept", worse, "-w", root)
    assert refused.exit_code == 2 and "failed questions" in refused.stderr


def test_another_systems_answers(
    command: Command, judged: Workspace, a_run: Path, tmp_path: Path
) -> None:
    score = ["eval", "score", a_run / "answers.jsonl", "-w", judged.root, "--system", "theirs"]
    result = command(*score, "--out", tmp_path / "theirs", "--json")
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert found["fingerprint"]["id"] == "theirs"
    assert found["measures"]["quote_verbatim"]["value"] == 1  # read anew in the PDFs


# --- calibrate --------------------------------------------------------------------------


def test_too_few_questions_to_calibrate_on(command: Command, judged: Workspace) -> None:
    result = command("eval", "calibrate", "-w", judged.root)
    assert result.exit_code == 1 and "needs 10" in result.stderr
    assert not (judged.root / "calibration.json").exists()


@pytest.mark.slow
def test_a_threshold_is_chosen_or_refused(
    command: Command, starter_workspace: Workspace, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    root.mkdir()
    for name in ("corpus", "index", "prompts", "eval", "assistant.toml"):
        (root / name).symlink_to(starter_workspace.root / name)
    chosen = command("eval", "calibrate", "-w", root, "--false-answer-rate", 0.9)
    assert chosen.exit_code == 0 and "<- chosen" in chosen.output
    assert json.loads((root / "calibration.json").read_text())["threshold"] > 0
    (root / "calibration.json").unlink()
    none = command("eval", "calibrate", "-w", root, "--false-answer-rate", 0, "--json")
    found = json.loads(none.output)
    assert (found["threshold"] is None) == (none.exit_code == 1) == bool(found["refusal"])
    assert (root / "calibration.json").exists() == (none.exit_code == 0)
