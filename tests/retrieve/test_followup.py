"""Follow-ups worded by rules, with the real embedding model to tell what is of the same sort."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.embedder import Embedder
from assistant.retrieve.followup import ABOUT, MOST_WORDS, standalone, stands_alone

JAPAN = "What does the RAND report say about Japan?"
TENETS = "What are the tenets of multidomain operations?"

Similarity = Callable[[str, Sequence[str]], Sequence[float]]


@pytest.fixture(scope="module")
def cosines() -> Similarity:
    embedder = Embedder()

    def similarity(text: str, others: Sequence[str]) -> list[float]:
        vectors: dict[int, np.ndarray] = {}
        for positions, found in embedder.embed_batches([text, *others]):
            vectors |= dict(zip(positions, found, strict=True))
        return [float(vectors[0] @ vectors[place]) for place in range(1, len(others) + 1)]

    return similarity


def unlike(_: str, others: Sequence[str]) -> list[float]:
    """Nothing is of the same sort as anything."""
    return [0.0] * len(others)


def talk(similarity: Similarity, *questions: str) -> list[str]:
    """The questions of a conversation as they stand alone."""
    found: list[str] = []
    for question in questions:
        found.append(standalone(question, found, similarity) or question)
    return found


# --- What stands alone -------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        TENETS,
        JAPAN,
        "What does the RAND report recommend?",
        "Is it true that an alliance is a formal agreement?",
        "Was it possible to cross the river in winter?",
        "What is it that distinguishes a coalition from an alliance?",
        "How is it that coalitions form in peace?",
        "Does it matter whether the host nation agrees?",
        "How long does it take to bridge a river?",
        "What does it mean to converge effects?",
        "Is there a definition of sustainment in ADP 3-0?",
        "Are there any limits on security cooperation?",
        "Why is there a need to assess partners?",
        "What should a commander do when there is no time to plan?",
        "Who approves a security cooperation plan?",
        "Who wrote the RAND report on Japan?",
        "Who approved the budget of the command?",
        "Who is responsible for that plan?",
        "Which documents are superseded?",
        "Which officer signs the memorandum?",
        "What is in paragraph 2-14 of ADP 3-0?",
        "What happens in the first phase of an operation?",
        "What is the second tenet of multidomain operations?",
        "Who is the commander that approves the plan?",
        "Give me the definition of operational depth",
        "List the purposes of security cooperation.",
        "How do divisions fight in LSCO?",
        "Should commanders share information with partners?",
        "thanks. What are the tenets of operations?",
        "ok, what is the role of the department's comptroller?",
        "New topic: who approves it?",
        "On another subject: why?",
        "tenets of multidomain operations for divisions and corps commanders in large-scale combat",
    ],
)
def test_a_question_that_says_all_stands_alone(question: str) -> None:
    assert stands_alone(question)
    assert standalone(question, [JAPAN], unlike) is None


@pytest.mark.parametrize(
    "question",
    [
        "What about Australia?",
        "And for Japan?",
        "and the comptroller?",
        "How about in the reserve?",
        "Same for Australia",
        "As for training?",
        "But why is the plan approved by the secretary?",
        "So what does the commander do in defense?",
        "Then who signs the memorandum of agreement?",
        "Who approves it?",
        "How long does it take?",
        "Who is responsible for that?",
        "What does that mean?",
        "Does this apply to contractors?",
        "Where is that written?",
        "What does it say about depth?",
        "Is it true?",
        "Is that true?",
        "Is it so in Japan?",
        "Does he decide alone?",
        "And when does she have to report?",
        "How are those measured?",
        "Which of these is the most important tenet?",
        "What are they?",
        "Who approves them then?",
        "What are their responsibilities in planning?",
        "What about the latter?",
        "What are the other tenets?",
        "Which ones?",
        "Are there others?",
        "Are there any more?",
        "Is there one for Japan?",
        "How many are there?",
        "Are there exceptions?",
        "What is the second one?",
        "What is the first?",
        "The third?",
        "What else does the agency do?",
        "Who else?",
        "Why?",
        "When?",
        "By whom?",
        "Since when?",
        "In which paragraph?",
        "Explain that.",
        "List them all",
        "Tell me more.",
        "Give an example",
        "Can you explain further?",
        "In one sentence please",
        "Thanks! And what about training?",
        "ok, and Japan?",
        "What is the difference?",
    ],
)
def test_a_question_that_points_back_does_not_stand_alone(question: str) -> None:
    assert not stands_alone(question)
    assert standalone(question, [TENETS], unlike) not in (None, question)


@pytest.mark.parametrize("question", ["Why?", "What about Australia?", "Who approves it?"])
def test_a_first_question_is_left_as_it_is(question: str) -> None:
    assert standalone(question, [], unlike) is None


# --- Another thing in the place of one ---------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "question", "expected"),
    [
        (JAPAN, "What about Australia?", "What does the RAND report say about Australia?"),
        (JAPAN, "And Australia?", "What does the RAND report say about Australia?"),
        (JAPAN, "ok, and for Australia?", "What does the RAND report say about Australia?"),
        (JAPAN, "Same for Australia", "What does the RAND report say about Australia?"),
        ("Is there a base in Japan?", "And in Australia?", "Is there a base in Australia?"),
        ("Is there a base in Japan?", "How about Germany?", "Is there a base in Germany?"),
        (
            "What is the difference between an alliance and a coalition?",
            "and a partnership?",
            "What is the difference between a partnership and a coalition?",
        ),
        ("Who approves a treaty?", "And an agreement?", "Who approves an agreement?"),
        ("Who approves the treaty?", "And the agreement?", "Who approves the agreement?"),
        ("Who approves treaties?", "And agreements?", "Who approves agreements?"),
    ],
)  # fmt: skip
def test_what_is_of_the_same_sort_takes_its_place(
    cosines: Similarity, asked: str, question: str, expected: str
) -> None:
    assert standalone(question, [asked], cosines) == expected


def test_one_place_after_the_other(cosines: Similarity) -> None:
    assert talk(cosines, JAPAN, "What about Australia?", "And Germany?")[1:] == [
        "What does the RAND report say about Australia?",
        "What does the RAND report say about Germany?",
    ]


def test_what_was_carried_stays_behind_a_changed_question(cosines: Similarity) -> None:
    asked = f"What is said of it in Japan{ABOUT}the RAND report"
    assert standalone("And in Australia?", [asked], cosines) == (
        f"What is said of it in Australia{ABOUT}the RAND report"
    )


def test_what_is_of_another_sort_stands_before_what_it_is_about(cosines: Similarity) -> None:
    assert standalone("What about bridges?", [JAPAN], cosines) == (
        f"What about bridges{ABOUT}the RAND report say about Japan"
    )


# --- What earlier questions are about ----------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        (TENETS, "the tenets of multidomain operations"),
        ("Give me the definition of depth.", "the definition of depth"),
        ("List the purposes of security cooperation", "the purposes of security cooperation"),
        ("How many brigades are there in a division?", "brigades are there in a division"),
        ("Is there a limit on training?", "a limit on training"),
        ("And please describe operational depth!", "operational depth"),
    ],
)
def test_the_matter_of_the_last_question_is_carried(asked: str, about: str) -> None:
    assert standalone("Why is that?", [asked], unlike) == f"Why is that{ABOUT}{about}"


def test_matters_of_several_turns_are_carried() -> None:
    *_, last = talk(unlike, TENETS, "Who explains them in the manual?", "When was it published?")
    asked, _, about = last.partition(ABOUT)
    assert asked == "When was it published"
    assert about.split("; ")[-1] == "the tenets of multidomain operations"
    assert "manual" in about


def test_politeness_is_left_out() -> None:
    assert standalone("Ok, thanks. Why is that?", ["Define depth"], unlike) == (
        f"Why is that{ABOUT}depth"
    )


WORDS = "engineer medical signal armor cyber space water transport rescue police".split()


def test_what_is_carried_stays_short() -> None:
    turns = [f"And what do {word} units need for it in the {word} phase of war?" for word in WORDS]
    for said in talk(unlike, TENETS, *turns)[1:]:
        assert len(said.partition(ABOUT)[2].split()) <= MOST_WORDS
        assert said.count(ABOUT) == 1


@pytest.mark.parametrize("question", ["Who approves it?", "Why?", "What about Australia?", "And?"])
def test_asking_again_changes_nothing(cosines: Similarity, question: str) -> None:
    first, second, third = talk(cosines, JAPAN, question, question)
    assert second == third != first


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=60))
def test_any_talk_is_worded(earlier: list[str], question: str) -> None:
    said = standalone(question, earlier, unlike)
    assert said is None or said.count(ABOUT) <= 1 + question.count(ABOUT)
    assert (said is None) == (not earlier or stands_alone(question))
