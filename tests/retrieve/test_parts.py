from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieve.parts import Part, independent, question_parts

# Words of which joints, comparisons and conditions are made, so that random text has some.
WORDS = (
    "who what when if and or the a difference between from compare with versus differ how is does "
    "explain zone sector depth commander , . ? ; : - \n it say"
).split(" ")
QUESTIONS = st.text(max_size=120) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join)


def parts(question: str) -> list[str]:
    return [part.of(question).strip() for part in question_parts(question)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Which document is the main vehicle, and who owns it?",
            ["Which document is the main vehicle", "who owns it?"],
        ),
        (
            "Who approves the plan and when must it be sent?",
            ["Who approves the plan", "when must it be sent?"],
        ),
        (
            "What is a crossing site? How long does smoke hide it?",
            ["What is a crossing site?", "How long does smoke hide it?"],
        ),
        (
            "What does FM 3-0.1 say, and who wrote it?",  # a point inside a name ends nothing
            ["What does FM 3-0.1 say", "who wrote it?"],
        ),
        (
            "List the tenets. Who decides?",
            ["List the tenets.", "Who decides?"],
        ),
    ],
)
def test_each_clause_that_asks_is_a_part(question: str, expected: list[str]) -> None:
    assert parts(question) == expected
    assert not any(part.compared for part in question_parts(question))


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What is the difference between a zone and a sector?", ["zone", "sector"]),
        ("How does depth differ from endurance?", ["depth", "endurance"]),
        ("Compare depth with endurance.", ["depth", "endurance"]),
        ("Deep operations vs. close operations", ["Deep operations", "close operations"]),
        ("Is a raft the same as a ferry?", ["raft", "ferry"]),
        ("What separates a zone from a sector?", ["zone", "sector"]),
        ("zone or sector: which one fits?", ["zone", "sector"]),
    ],
)
def test_two_things_that_are_compared_are_the_parts(question: str, things: list[str]) -> None:
    assert parts(question) == things
    assert all(part.compared for part in question_parts(question))


@pytest.mark.parametrize(
    "question",
    [
        "What are the tenets?",
        "How are depth and endurance used?",
        "If a unit is lost, what must the commander do?",
        "The brigade is short of fuel. What must the commander do?",
        "Tenets?",
        "",
    ],
)
def test_a_question_that_asks_one_thing_is_whole(question: str) -> None:
    assert question_parts(question) == (Part(0, len(question)),)


@given(QUESTIONS)
def test_parts_lie_inside_the_question_in_order_and_apart(question: str) -> None:
    found = question_parts(question)
    assert found
    assert all(0 <= part.start <= part.end <= len(question) for part in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert len(found) > 1 or found == (Part(0, len(question)),)


def test_parts_that_say_what_they_are_about_can_be_searched_for_alone() -> None:
    question = "What is a crossing site? How long does smoke hide the bridge?"
    assert independent(question, question_parts(question)) == [
        "What is a crossing site?",
        "How long does smoke hide the bridge?",
    ]


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        (
            "Which document is the main vehicle, and who owns it?",
            "Which document is the main vehicle",
        ),
        ("Who approves the plan, and why?", None),
        ("Who signs the loan register, and who decides?", "Who signs the loan register"),
    ],
)
def test_a_part_that_leans_on_another_is_not_searched_for_alone(
    question: str, alone: str | None
) -> None:
    assert independent(question, question_parts(question)) == ([alone] if alone else [])


@pytest.mark.parametrize("question", ["What are the tenets?", "Compare depth with endurance.", ""])
def test_one_thing_and_a_comparison_have_no_independent_parts(question: str) -> None:
    assert independent(question, question_parts(question)) == []


@given(QUESTIONS)
def test_independent_parts_are_words_of_the_question(question: str) -> None:
    assert all(
        part and part in question for part in independent(question, question_parts(question))
    )
