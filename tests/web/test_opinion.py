"""What the row under an answer saves, without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.conversation.turns import Turn
from assistant.errors import UsageError
from assistant.types import Filters
from assistant.web import opinion
from assistant.web.opinion import FAILED, NO_ANSWER, OpinionRow
from tests.eval.answers import answered, refused


@pytest.fixture
def row(tmp_path: Path) -> OpinionRow:
    with gr.Blocks():
        return OpinionRow(tmp_path, gr.State(()))


def turns(*answers: Any) -> tuple[Turn, ...]:
    return tuple(
        Turn(number, answer.question, answer=answer, filters=Filters(files=("a.pdf",)))
        for number, answer in enumerate(answers, 1)
    )


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_opinion_is_on_the_latest_answer(row: OpinionRow, tmp_path: Path) -> None:
    form, said = row.send("bad", ["incomplete"], "more", turns(answered(), refused()))
    assert form["visible"] is False and "Thank you" in said
    (line,) = lines(tmp_path / "feedback.jsonl")
    assert line["question"] == refused().question and line["reasons"] == ["incomplete"]
    assert line["filters"]["files"] == ["a.pdf"]


def test_sending_twice_saves_once(row: OpinionRow, tmp_path: Path) -> None:
    asked = turns(answered())
    row.send("good", None, None, asked)
    _, said = row.send("good", None, None, asked)
    assert "noted already" in said and len(lines(tmp_path / "feedback.jsonl")) == 1
    row.send("draft", None, None, asked)
    _, said = row.send("draft", None, None, asked)
    assert "saved already" in said and len(lines(tmp_path / "drafts.jsonl")) == 1


def test_two_visitors_may_judge_the_same_answer(row: OpinionRow, tmp_path: Path) -> None:
    for _ in range(2):
        row.send("good", None, None, turns(answered()))
    assert len(lines(tmp_path / "feedback.jsonl")) == 2


def test_there_is_nothing_to_judge_before_an_answer(row: OpinionRow, tmp_path: Path) -> None:
    for asked in ((), (Turn(1, "Why?"),), (Turn(1, "Why?", error="No."),)):
        assert NO_ANSWER in row.send("good", None, None, asked)[1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(UsageError("<b> is full."), "&lt;b&gt; is full."), (RuntimeError("secret"), FAILED)],
)
def test_what_goes_wrong_is_one_sentence(
    row: OpinionRow, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def broken(*_: Any) -> bool:
        raise error

    monkeypatch.setattr(opinion, "save_feedback", broken)
    _, said = row.send("good", None, None, turns(answered()))
    assert sentence in said.replace("&#x27;", "'") and 'role="alert"' in said


def test_a_text_that_is_too_long_is_one_sentence(row: OpinionRow, tmp_path: Path) -> None:
    _, said = row.send("bad", None, "x" * 100_000, turns(answered()))
    assert "at most 2,000" in said and not (tmp_path / "feedback.jsonl").exists()
