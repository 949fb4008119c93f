"""The support check as a whole: what is supported, what is not, and what may never happen."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer.claims.crossreader import CrossReader, Verdict
from assistant.answer.claims.reasons import ELSEWHERE
from assistant.answer.support import Evidence, SupportJudge
from assistant.corpus.sentences import sentence_ranges
from assistant.index.embedder import Embedder

CROSSING = (
    "The crossing area engineer advises on the condition of rafts and bridges and may close a"
    " crossing site for up to 30 minutes for repairs. A longer closure must be approved by the"
    " crossing area commander."
)
FUEL = (
    "The sustainment brigade keeps 3 days of supply of bulk fuel. Captured fuel is not used before"
    " a petroleum laboratory has tested it."
)
LEAVE = (
    "Emergency leave is charged to the member's balance; it is normally granted for up to 30 days."
)


def evidence(text: str, *heading: str) -> Evidence:
    return Evidence(text, tuple(sentence_ranges(text)), heading)


PASSAGES = (evidence(CROSSING, "River Crossing"), evidence(FUEL, "Supply"), evidence(LEAVE))


@pytest.fixture(scope="module")
def judge() -> SupportJudge:
    return SupportJudge(Embedder(), {"TEL": "training and equipment list"})


@pytest.mark.parametrize(
    ("statement", "carrier"),
    [
        ("The sustainment brigade keeps three days of supply of bulk fuel.", (1, 0)),
        ("A petroleum laboratory tests captured fuel before it is used.", (1, 1)),
        ("Captured fuel is not used until a petroleum laboratory has tested it.", (1, 1)),
        ("Emergency leave is normally granted for not more than thirty days.", (2, 0)),
    ],
)
def test_the_same_in_other_words_is_supported(
    judge: SupportJudge, statement: str, carrier: tuple[int, int]
) -> None:
    found = judge.judge(statement, PASSAGES)
    assert found.supported
    assert carrier in found.used


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("The sustainment brigade keeps 45 days of supply of bulk fuel.", "the number 45"),
        ("The brigade must report to NATO by 5 March 2031.", "not in the cited text"),
        ("The museum opens its doors at weekends.", "the cited text does not say this"),
    ],
)
def test_what_is_not_there_is_not_supported(
    judge: SupportJudge, statement: str, problem: str
) -> None:
    found = judge.judge(statement, PASSAGES)
    assert found.problem is not None
    assert problem in found.problem


@pytest.mark.parametrize("text", [CROSSING, FUEL, LEAVE])
def test_a_sentence_of_the_evidence_is_supported_by_itself(judge: SupportJudge, text: str) -> None:
    number = [one.text for one in PASSAGES].index(text)
    for place, (start, end) in enumerate(sentence_ranges(text)):
        found = judge.judge(text[start:end], PASSAGES)
        assert found.supported
        assert found.used == ((number, place),)


def test_two_passages_together_carry_a_statement(judge: SupportJudge) -> None:
    statement = (
        "The crossing area engineer may close a site for up to 30 minutes, and the sustainment"
        " brigade keeps 3 days of bulk fuel."
    )
    assert {number for number, _ in judge.judge(statement, PASSAGES).used} >= {0, 1}


def test_the_order_of_the_evidence_does_not_matter(judge: SupportJudge) -> None:
    statement = "A crossing site may be closed for half an hour by the crossing area engineer."
    first = judge.judge(statement, PASSAGES)
    for order in permutations(range(3)):
        found = judge.judge(statement, [PASSAGES[number] for number in order])
        assert found.score == pytest.approx(first.score)
        assert found.problem == first.problem
        assert {(order[number], place) for number, place in found.used} == set(first.used)


def test_nothing_is_supported_by_nothing(judge: SupportJudge) -> None:
    assert judge.judge("Fuel is issued daily.", []).problem == "no text is cited"
    assert not judge.judge("", PASSAGES).supported
    assert not judge.judge("Fuel is issued daily.", [Evidence("", ())]).supported


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(statement=st.text(max_size=120), text=st.text(max_size=200))
def test_odd_text_is_judged_all_the_same(judge: SupportJudge, statement: str, text: str) -> None:
    passages = [evidence(text, "Heading"), PASSAGES[1]]
    found = judge.judge(statement, passages)
    assert 0 <= found.score <= 1
    for number, place in found.used:
        assert place < len(passages[number].sentences)


def test_long_text_is_read_to_its_end(judge: SupportJudge) -> None:
    text = " ".join([*(f"Depot {n} stores tents and stoves." for n in range(120)), FUEL])
    found = judge.judge(
        "Captured fuel is not used before a petroleum laboratory has tested it.", [evidence(text)]
    )
    assert found.supported
    assert any(
        text[slice(*evidence(text).sentences[p])].startswith("Captured") for _, p in found.used
    )


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (
            "The agenda may not be changed after that meeting except with both heads' consent.",
            "The agenda may be changed after that meeting only with both heads' consent.",
        ),
        (
            "Representation funds may be used for one meal per visit, not above $85 a head.",
            "Representation funds may be used for one meal per visit, no more than $85 a head.",
        ),
    ],
)
def test_no_rule_objects_to_the_same_limit_in_other_words(
    judge: SupportJudge, text: str, statement: str
) -> None:
    assert not judge.settled(statement, [evidence(text)])


def test_a_flagged_statement_says_which_words_are_wrong(judge: SupportJudge) -> None:
    statement = "Emergency leave is charged to the commander's balance."
    assert "commander" in (judge.judge(statement, [evidence(LEAVE)]).problem or "")


@pytest.mark.parametrize("network", [-9.0, 9.0])
def test_a_statement_on_something_else_is_not_supported_whatever_is_read(network: float) -> None:
    class Sure(CrossReader):
        def read(self, statement: str, text: str) -> Verdict:
            return Verdict(network, np.zeros((0, 2), np.int64), np.zeros(0, np.float32))

    judge = SupportJudge(Embedder(), reader=Sure())
    statement = "Each question is answered below in other words."
    found = judge.judge(statement, [evidence(CROSSING, "River Crossing")])
    assert found.problem == ELSEWHERE and judge.settled(statement, [evidence(CROSSING)])
