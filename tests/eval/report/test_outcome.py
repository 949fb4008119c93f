from __future__ import annotations

from pathlib import Path

import pytest

from assistant.eval.report.outcome import MEANINGS, OUTCOMES, TONES, outcome_of
from tests.eval.report.samples import A, B, answer, every_outcome, gold

EXPECTED = {
    "right": "all right",
    "partly": "partly",
    "wrong": "wrong page",
    "missed": "missed",
    "refused": "over-refusal",
    "false": "false answer",
    "silent": "right refusal",
    "failed": "failed",
}


@pytest.mark.parametrize("id_", EXPECTED)
def test_each_outcome(id_: str, tmp_path: Path) -> None:
    run = every_outcome(tmp_path)
    question = next(question for question in run.questions if question.id == id_)
    assert outcome_of(question, run.answers[id_]) == EXPECTED[id_]


def test_what_was_not_asked_failed() -> None:
    assert outcome_of(gold("q", (A, 1, 1)), None) == "failed"


def test_interchangeable_pages_need_one_citation() -> None:
    question = gold("q", (A, 1, 1), (B, 2, 1))
    assert outcome_of(question, answer("q", (B, 2))) == "all right"
    assert outcome_of(question, answer("q", (A, 1), (B, 2))) == "all right"


def test_another_page_beside_is_not_all_right() -> None:
    assert outcome_of(gold("q", (A, 1, 1)), answer("q", (A, 1), (A, 2))) == "partly"


def test_half_the_evidence_is_not_all_right() -> None:
    assert outcome_of(gold("q", (A, 1, 1), (B, 2, 2)), answer("q", (A, 1))) == "partly"


def test_every_outcome_is_explained() -> None:
    assert list(MEANINGS) == list(TONES) == list(OUTCOMES)
    assert set(EXPECTED.values()) == set(OUTCOMES)
