"""What holds for every measure."""

from __future__ import annotations

import pytest

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures import BY_NAME, MEASURES, score_question
from assistant.eval.record import AnswerRecord
from tests.eval.measures import test_citing as citing
from tests.eval.measures import test_ranking as ranking
from tests.eval.measures import test_refusing as refusing
from tests.eval.measures import test_saying as saying
from tests.eval.measures import test_timing as timing
from tests.eval.measures.cases import NOTHING_THERE, P1, Null, answer, citation
from tests.eval.measures.cases import citing as citing_answer

CASES = [case for module in (citing, ranking, refusing, saying, timing) for case in module.CASES]


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(MEASURES)


def test_every_measure_has_cases_with_a_value_and_with_none() -> None:
    assert {case.measure for case in CASES} == BY_NAME.keys()
    assert {case.measure for case in CASES if isinstance(case.expected, Null)} == BY_NAME.keys()
    assert {c.measure for c in CASES if not isinstance(c.expected, Null)} == BY_NAME.keys()


FULL = citing_answer(
    citation(1, P1),
    confidence=0.5,
    seconds={"retrieve": 1, "total": 2},
    hits=[{"file": "gold.pdf", "pdf_page": 1}],
)


@pytest.mark.parametrize("question", [ranking.ONE, NOTHING_THERE])
@pytest.mark.parametrize(
    ("record", "why"),
    [
        (None, "it was not asked"),
        (answer(error="The disk is gone."), "The disk is gone."),
        (FULL.model_copy(update={"error": "It broke."}), "It broke."),
    ],
)
def test_a_failed_question_is_null_with_its_reason(
    question: GoldQuestion, record: AnswerRecord | None, why: str
) -> None:
    scores = score_question(question, record)
    assert scores.keys() == BY_NAME.keys()
    assert {(score.value, score.of, score.why) for score in scores.values()} == {(None, 0, why)}


@pytest.mark.parametrize("record", [FULL, answer(), answer(abstained=True)])
@pytest.mark.parametrize("question", [ranking.ONE, NOTHING_THERE])
def test_a_null_has_a_reason_and_a_value_none(question: GoldQuestion, record: AnswerRecord) -> None:
    for name, score in score_question(question, record).items():
        assert (score.value is None) == bool(score.why), name
        assert score.value is None or score.of > 0, name


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_what_judges_has_a_side_and_what_has_no_side_does_not_judge(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure.definition and measure.source
    assert measure.margin is None or measure.better != "neither"
    assert measure.margin is None or 0 <= measure.margin < 0.1
