"""Measures of refusals and confidence, against what was worked out by hand."""

from __future__ import annotations

import pytest

from assistant.eval.measures import BY_NAME
from tests.eval.measures.cases import (
    ANSWERABLE,
    NOTHING_THERE,
    P1,
    UNANSWERABLE,
    Case,
    Null,
    answer,
    check,
    citation,
    citing,
    groups,
    parametrize,
    refusing,
)

ONE = groups((P1,))
SAID = citing(citation(1))

CASES = [
    Case("its confidence", "abstention_auroc", ONE, answer(confidence=0.25), 0.25),
    Case("none at all", "abstention_auroc", ONE, answer(confidence=0), 0.0),
    Case("refused", "abstention_auroc", ONE, refusing(confidence=0.25), 0.25),
    Case("unanswerable", "abstention_auroc", NOTHING_THERE, answer(confidence=0.5), 0.5),
    Case("unstated", "abstention_auroc", ONE, SAID, Null("states no confidence")),
    Case("answered", "false_answer_rate", NOTHING_THERE, SAID, 1.0),
    Case("refused", "false_answer_rate", NOTHING_THERE, refusing(), 0.0),
    Case("answerable", "false_answer_rate", ONE, SAID, ANSWERABLE),
    Case("answerable, refused", "false_answer_rate", ONE, refusing(), ANSWERABLE),
    Case("refused", "over_refusal_rate", ONE, refusing(), 1.0),
    Case("answered", "over_refusal_rate", ONE, SAID, 0.0),
    Case("unanswerable", "over_refusal_rate", NOTHING_THERE, refusing(), UNANSWERABLE),
    Case("unanswerable, answered", "over_refusal_rate", NOTHING_THERE, SAID, UNANSWERABLE),
]


@parametrize(CASES)
def test_refusing(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("name", ["false_answer_rate", "over_refusal_rate"])
def test_fewer_is_better(name: str) -> None:
    assert BY_NAME[name].better == "lower"
