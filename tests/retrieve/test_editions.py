from __future__ import annotations

from datetime import date

import pytest

from assistant.retrieve.editions import in_force
from assistant.types import Document, Status


def document(id_: str, year: int, status: Status = "current") -> Document:
    return Document(id_, f"{id_}.pdf", "0", "FM 9", id_, edition=date(year, 5, 1), status=status)


NEW, OLD, OTHER = document("new", 2026), document("old", 2019, "superseded"), document("x", 2021)


@pytest.mark.parametrize(
    "question",
    [
        "Under the digest now in force, what are the principles?",
        "Current edition please: which characteristics?",
        "In today's framework, which forces are needed?",
        "How is it defined in the 1 May 2026 edition?",
        "What does the LATEST publication say?",
    ],
)
def test_a_question_for_what_is_in_force_leaves_superseded_editions_out(question: str) -> None:
    assert in_force(question, [NEW, OLD, OTHER]) == [NEW, OTHER]


@pytest.mark.parametrize(
    "question",
    [
        "What are the principles?",
        "What did the 2019 edition say, and what has taken its place now?",
        "How does the current edition differ from the previous one?",
        "What was replaced in the current edition?",
        "What did the superseded edition say?",
        "How many were there in 2026?",
    ],
)
def test_other_questions_leave_everything(question: str) -> None:
    assert in_force(question, [NEW, OLD, OTHER]) == [NEW, OLD, OTHER]


def test_where_all_or_none_are_superseded_nothing_is_left_out() -> None:
    assert in_force("the current edition?", [OLD]) == [OLD]
    assert in_force("the current edition?", [NEW, OTHER]) == [NEW, OTHER]
    assert in_force("the current edition?", []) == []
