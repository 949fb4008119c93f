"""What visitors say of an answer is kept with all that led to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import __version__
from assistant.answer.record import answer_json
from assistant.errors import UsageError
from assistant.eval.feedback import FEEDBACK, MOST_COMMENT, REASONS, Opinion, save_feedback
from assistant.eval.shelf import gold_names
from assistant.types import Answer, Filters
from tests.eval.answers import answered, refused


def save(
    folder: Path, opinion: Opinion, key: str = "k1", answer: Answer | None = None, **filters: Any
) -> bool:
    return save_feedback(folder, key, answer or answered(), Filters(**filters), opinion)


def saved(folder: Path) -> list[dict[str, Any]]:
    text = (folder / FEEDBACK).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_the_whole_context_is_kept(tmp_path: Path) -> None:
    opinion = Opinion("bad", ("wrong citation", "other"), "  no\x07\nsuch page  ")
    assert save(tmp_path, opinion, files=("two.pdf",), statuses=("current",))
    (line,) = saved(tmp_path)
    assert line.pop("saved").endswith("+00:00")
    assert line == {
        "id": "k1",
        "version": __version__,
        "fingerprint": answered().index,
        "verdict": "bad",
        "reasons": ["wrong citation", "other"],
        "comment": "no \nsuch page",
        "question": answered().question,
        "searched": answered().searched,
        "filters": {"files": ["two.pdf"], "statuses": ["current"]},
        "answer": json.loads(json.dumps(answer_json(answered()))),
    }


def test_an_answer_is_judged_once(tmp_path: Path) -> None:
    assert save(tmp_path, Opinion("good"))
    assert not save(tmp_path, Opinion("good")) and not save(tmp_path, Opinion("bad"))
    assert save(tmp_path, Opinion("bad"), key="k2", answer=refused())
    assert [line["verdict"] for line in saved(tmp_path)] == ["good", "bad"]


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_can_be_given(tmp_path: Path, reason: str) -> None:
    assert save(tmp_path, Opinion("bad", (reason,)))


def test_what_makes_no_sense_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no reason of that name"):
        save(tmp_path, Opinion("bad", ("<script>",)))
    with pytest.raises(UsageError, match="at most 2,000"):
        save(tmp_path, Opinion("good", (), "x" * (MOST_COMMENT + 1)))
    assert not (tmp_path / FEEDBACK).exists()


def test_feedback_is_never_taken_for_gold(tmp_path: Path) -> None:
    save(tmp_path, Opinion("good"))
    assert gold_names(tmp_path) == []
