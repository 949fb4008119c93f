"""Answers saved as draft gold questions: what the lines hold, and that none is lost."""

from __future__ import annotations

import errno
import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UsageError
from assistant.eval import lines
from assistant.eval.drafts import DRAFTS, MOST_NOTE, save_draft
from assistant.eval.gold import GoldError, GoldQuestion, load_gold
from assistant.eval.shelf import find_gold, gold_names
from tests.eval.answers import QUESTION, answered, refused


def saved(folder: Path) -> list[dict[str, Any]]:
    text = (folder / DRAFTS).read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_an_answer_becomes_a_gold_question_but_for_one_field(tmp_path: Path) -> None:
    assert save_draft(tmp_path, answered(), "is this all?")
    (line,) = saved(tmp_path)
    draft = line.pop("draft")
    question = GoldQuestion.model_validate_json(json.dumps(line))
    assert question.question == QUESTION and question.answerable
    assert question.answer == "Commanders plan with allies.\nSo do staffs."
    assert [e.model_dump() for e in question.evidence] == [
        {
            "file": "doctrine/one.pdf",
            "pdf_page": 31,
            "printed_page": "19",
            "paragraph": "2-14",
            "quote": "Commanders plan with allies.",
            "group": 1,
        },
        {
            "file": "two.pdf",
            "pdf_page": 31,
            "printed_page": None,
            "paragraph": None,
            "quote": "So do staffs.",
            "group": 2,
        },
    ]
    assert draft.pop("saved").endswith("+00:00")
    assert draft == {
        "fingerprint": answered().index,
        "answered": True,
        "confidence": 0.9,
        "note": "is this all?",
    }


def test_an_abstention_becomes_an_unanswerable_question(tmp_path: Path) -> None:
    save_draft(tmp_path, refused())
    (line,) = saved(tmp_path)
    assert line["kind"] == "unanswerable" and not line["answerable"] and line["evidence"] == []
    assert line["draft"]["answered"] is False


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is interoperability?", "definition"),
        ("Which are the principles?", "list"),
        ("When was it signed?", "number-or-date"),
        ("Who signed it?", "fact"),
    ],
)
def test_the_kind_is_guessed_by_the_wording(tmp_path: Path, question: str, kind: str) -> None:
    save_draft(tmp_path, answered(question))
    assert saved(tmp_path)[0]["kind"] == kind


def test_a_draft_is_saved_once_and_ids_are_unique(tmp_path: Path) -> None:
    assert save_draft(tmp_path, answered()) and not save_draft(tmp_path, answered(), "again")
    assert save_draft(tmp_path, replace(answered(), index="another"))
    assert save_draft(tmp_path, answered("another"))
    ids = [line["id"] for line in saved(tmp_path)]
    assert len(set(ids)) == 3 and all(id_.startswith("draft-") for id_ in ids)


def test_drafts_are_never_taken_for_gold(tmp_path: Path) -> None:
    save_draft(tmp_path, answered())
    with pytest.raises(GoldError, match="draft"):
        load_gold(tmp_path / DRAFTS)
    (tmp_path / "copied.jsonl").write_bytes((tmp_path / DRAFTS).read_bytes())
    assert gold_names(tmp_path) == []
    with pytest.raises(UsageError):
        find_gold(tmp_path, DRAFTS)
    line = saved(tmp_path)[0]
    del line["draft"]
    (tmp_path / "gold.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert gold_names(tmp_path) == ["gold.jsonl"], "without its mark a draft is gold"


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=save_draft, args=(tmp_path, answered(f"question {number}")))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({line["question"] for line in saved(tmp_path)}) == 20


@pytest.mark.parametrize(
    "text", ["a\u2028b\u2029c\x85d", "a\nb\r\nc", "\ud800 half", "\x00\x1b[31m"]
)
def test_no_text_breaks_the_lines(tmp_path: Path, text: str) -> None:
    save_draft(tmp_path, answered(), text)
    save_draft(tmp_path, refused(), text)
    first, _ = saved(tmp_path)
    assert not set(first["draft"]["note"]) & {"\x00", "\x1b", "\r", "\ud800"}


def test_a_note_has_a_limit(tmp_path: Path) -> None:
    save_draft(tmp_path, answered(), "x" * MOST_NOTE)
    with pytest.raises(UsageError, match=r"2,001 characters; write at most 2,000"):
        save_draft(tmp_path, refused(), "x" * (MOST_NOTE + 1))
    assert len(saved(tmp_path)) == 1


def test_what_an_editor_left_is_kept(tmp_path: Path) -> None:
    (tmp_path / DRAFTS).write_text('{"id": "mine"}\nnot json', encoding="utf-8")
    assert save_draft(tmp_path, answered())
    kept = (tmp_path / DRAFTS).read_text(encoding="utf-8").splitlines()
    assert kept[:2] == ['{"id": "mine"}', "not json"] and len(kept) == 3


def test_a_full_disk_is_one_sentence_and_leaves_the_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_draft(tmp_path, answered())
    before = (tmp_path / DRAFTS).read_bytes()
    write = os.write

    def full(file: int, content: bytes) -> int:
        if len(content) > 50:
            return write(file, bytes(content)[:50])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lines.os, "write", full)
    with pytest.raises(UsageError, match=r"^Nothing was saved: drafts\.jsonl .*No space left"):
        save_draft(tmp_path, refused())
    assert (tmp_path / DRAFTS).read_bytes() == before


def test_a_place_that_is_no_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "eval").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="Nothing was saved"):
        save_draft(tmp_path / "eval", answered())
