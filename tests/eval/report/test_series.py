from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.eval.report.series import (
    confidences,
    first_rank,
    given,
    judged,
    risk_coverage,
    threshold_of,
)
from tests.eval.report.samples import A, answer, evaluated, every_outcome, gold


def test_risk_is_the_share_of_wrong_answers_so_far() -> None:
    coverage, risk = risk_coverage(np.array([0.2, 0.9, 0.6]), np.array([True, False, True]), 4)
    assert coverage.tolist() == [0.25, 0.5, 0.75]
    assert risk.tolist() == [0.0, 0.5, 2 / 3]


def test_questions_of_one_confidence_are_answered_together() -> None:
    coverage, risk = risk_coverage(np.array([0.5, 0.9, 0.5]), np.array([True, False, False]), 3)
    assert coverage.tolist() == [1 / 3, 1.0]
    assert risk.tolist() == [0.0, 1 / 3]


def test_what_is_drawn(tmp_path: Path) -> None:
    run = every_outcome(tmp_path)
    assert [question.id for question, _ in given(run)][-1] == "silent"  # the failed one is not
    values, answerable = confidences(run)
    assert len(values) == 7 and answerable.sum() == 5
    known, wrong = judged(run)
    assert len(known) == 5 and wrong.sum() == 3  # wrong page, missed and false answer
    assert threshold_of(run) == 0.35


def test_a_run_of_another_system_has_no_threshold(tmp_path: Path) -> None:
    run = evaluated(tmp_path, [gold("q", (A, 1, 1))], [answer("q", (A, 1), confidence=None)])
    run.summary["fingerprint"] = {"id": "other", "system": "other"}
    assert threshold_of(run) is None
    assert len(confidences(run)[0]) == 0


def test_the_rank_of_the_first_gold_page() -> None:
    question = gold("q", (A, 3, 1))
    assert first_rank(question, answer("q", (A, 1), (A, 1), found=[(A, 3)])) == 2
    assert first_rank(question, answer("q", (A, 1))) is None
