"""An evaluation in the background: begun, watched, stopped, resumed, and what goes wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from assistant.answer.assistant import Assistant
from assistant.config import override
from assistant.errors import IndexMissingError, UsageError
from assistant.eval.job import BUSY, FAILED, EvaluationJob, JobState, Order
from assistant.eval.run import answered
from assistant.eval.shelf import find_run, gold_names, shelved_runs
from tests.conftest import ROOT
from tests.web.fakes import FakeAssistant
from tests.web.samples import library


def gold_line(number: int, **known: Any) -> str:
    line = {"id": f"q{number}", "question": f"Why {number}?", "kind": "unanswerable"}
    return json.dumps({**line, "answerable": False, **known}) + "\n"


def write_gold(folder: Path, numbers: Iterable[int], name: str = "gold.jsonl") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(map(gold_line, numbers)), encoding="utf-8")


@pytest.fixture
def fake(tmp_path: Path) -> FakeAssistant:
    files = {path.name: path for path in sorted((ROOT / "corpus").glob("*.pdf"))[:1]}
    made = library(tmp_path / "corpus", files)
    write_gold(made.workspace.evaluation, range(6))
    return made


@pytest.fixture
def job(fake: FakeAssistant) -> EvaluationJob:
    return EvaluationJob(fake)


def until(job: EvaluationJob, reached: Callable[[JobState], bool]) -> JobState:
    for _ in range(600):
        state = job.state()
        if reached(state):
            return state
        time.sleep(0.02)
    raise AssertionError(f"never reached: {job.state()}")


def test_a_run_is_made_and_found_again(job: EvaluationJob, fake: FakeAssistant) -> None:
    assert job.state().phase == "idle"
    job.start(Order("gold.jsonl", limit=4))
    state = job.wait(60)
    assert (state.phase, state.done, state.total, state.error) == ("finished", 4, 4, None)
    (run,) = shelved_runs(fake.workspace.evaluation)
    assert run.name == state.run and run.finished and run.answered == 4 and run.has_answers
    assert run.gold == "gold.jsonl" and run.measures["false_answer_rate"] == 0


def test_it_is_watched_and_does_not_block(job: EvaluationJob, fake: FakeAssistant) -> None:
    fake.delay = 0.1
    began = time.monotonic()
    job.start(Order("gold.jsonl"))
    assert time.monotonic() - began < 0.5 and job.state().active
    some = until(job, lambda state: 0 < state.done < 6)
    assert some.phase == "running" and some.seconds > 0 and some.run is None
    assert job.wait(60).phase == "finished"


def test_only_one_runs_at_a_time(job: EvaluationJob, fake: FakeAssistant) -> None:
    fake.delay = 0.1
    job.start(Order("gold.jsonl"))
    with pytest.raises(UsageError, match=BUSY):
        job.start(Order("gold.jsonl"))
    assert job.wait(60).phase == "finished"
    job.start(Order("gold.jsonl", limit=1))
    assert job.wait(60).phase == "finished"


def test_a_stop_keeps_what_was_answered_and_is_taken_up(
    job: EvaluationJob, fake: FakeAssistant
) -> None:
    fake.delay = 0.15
    job.start(Order("gold.jsonl"))
    until(job, lambda state: state.done >= 2)
    job.stop()
    assert job.state().phase in ("stopping", "stopped")
    state = job.wait(60)
    assert state.phase == "stopped" and 2 <= state.done < 6 and state.error is None
    (run,) = shelved_runs(fake.workspace.evaluation)
    assert not run.finished and run.answered == state.done == len(answered(run.folder))
    asked = len(fake.asked)
    fake.delay = 0
    job.start(Order("gold.jsonl"))
    assert job.wait(60).phase == "finished"
    assert len(fake.asked) - asked == 6 - state.done, "no question was asked twice"
    assert [run.finished for run in shelved_runs(fake.workspace.evaluation)] == [True]


def test_a_stop_without_a_run_does_nothing(job: EvaluationJob) -> None:
    job.stop()
    assert job.state().phase == "idle"


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (Order(""), "no gold set of that name"),
        (Order("../gold.jsonl"), "no gold set of that name"),
        (Order("/etc/passwd"), "no gold set of that name"),
        (Order("drafts.jsonl"), "no gold set of that name"),
        (Order("gold.jsonl", kinds=("nonsense",)), "no such kind"),
        (Order("gold.jsonl", kinds=("fact",)), "no question of kind fact"),
        (Order("gold.jsonl", limit=-1), "must be 0"),
        (Order("gold.jsonl", settings={"answer.threshold": 2}), "1 at most"),
        (Order("gold.jsonl", settings={"answer.threshold": -1}), "answer.threshold"),
        (Order("gold.jsonl", settings={"answer.max_statements": 1.5}), "answer.max_statements"),
        (Order("gold.jsonl", settings={"answer.max_statements": "many"}), "max_statements"),
        (Order("gold.jsonl", settings={"retrieve.passages": 10**9}), "200 at most"),
        (Order("gold.jsonl", settings={"index.chroma_url": "http://x"}), "cannot be set here"),
        (Order("broken.jsonl"), "line 2"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    job: EvaluationJob, fake: FakeAssistant, order: Order, sentence: str
) -> None:
    broken = fake.workspace.evaluation / "broken.jsonl"
    broken.write_text(gold_line(1) + "{}\n", encoding="utf-8")
    (fake.workspace.evaluation / "drafts.jsonl").write_text(gold_line(1), encoding="utf-8")
    with pytest.raises(UsageError, match=sentence) as raised:
        job.start(order)
    assert str(fake.workspace.root) not in str(raised.value)
    assert job.state().phase == "idle" and fake.asked == []


def test_other_settings_share_index_and_model(starter: Assistant) -> None:
    settings = starter.workspace.settings
    question = "What are the four research questions?"
    other = starter.with_settings(override(settings, {"answer.threshold": 1}))
    assert other._current().index is starter._current().index
    assert other._embedder is starter._embedder
    assert other.ask(question).abstained and not starter.ask(question).abstained
    assert other.workspace.settings.answer.threshold == 1
    assert other.workspace.root == starter.workspace.root


def test_settings_reach_the_assistant(
    job: EvaluationJob, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        FakeAssistant, "with_settings", lambda self, settings: seen.append(settings) or self
    )
    changes = {"answer.threshold": 0.6, "answer.max_statements": 2.0, "retrieve.passages": 9}
    job.start(Order("gold.jsonl", limit=1, settings=changes))
    assert job.wait(60).phase == "finished"
    (settings,) = seen
    assert (settings.answer.threshold, settings.answer.max_statements) == (0.6, 2)
    assert settings.retrieve.passages == 9


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (IndexMissingError("There is no index yet."), "There is no index yet."),
        (RuntimeError("secret detail"), FAILED),
        (OSError(28, "No space left on device"), "The run cannot be written (No space left"),
    ],
)
def test_a_failure_is_one_sentence_and_the_next_run_works(
    job: EvaluationJob,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    sentence: str,
) -> None:
    def broken(self: FakeAssistant, settings: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(FakeAssistant, "with_settings", broken)
        job.start(Order("gold.jsonl"))
        state = job.wait(60)
    assert state.phase == "failed" and str(state.error).startswith(sentence)
    job.start(Order("gold.jsonl", limit=1))
    assert job.wait(60).phase == "finished"


def test_the_shelf_lists_what_is_gold_and_what_is_a_run(
    job: EvaluationJob, fake: FakeAssistant
) -> None:
    folder = fake.workspace.evaluation
    write_gold(folder, [1], "another.jsonl")
    (folder / "feedback.jsonl").write_text("{}\n", encoding="utf-8")
    (folder / "notes.jsonl").write_text("no gold\n", encoding="utf-8")
    for name, content in {"empty": None, "list": "[]", "other": '{"questions": 1}'}.items():
        (folder / "runs" / name).mkdir(parents=True)
        if content:
            (folder / "runs" / name / "run.json").write_text(content, encoding="utf-8")
    assert gold_names(folder) == ["gold.jsonl", "another.jsonl"]
    assert shelved_runs(folder) == []
    job.start(Order("another.jsonl"))
    name = str(job.wait(60).run)
    assert find_run(folder, name).gold == "another.jsonl"
    for unknown in ("", ".", "..", "../runs/" + name, "empty", "list", name + "/", "baseline"):
        with pytest.raises(UsageError, match="no run of that name"):
            find_run(folder, unknown)
