from __future__ import annotations

import numpy as np
import pytest

from assistant.index.embedder import Embedder
from assistant.retrieve.interaction import Aligner, Alignment
from assistant.retrieve.parts import Part, question_parts
from assistant.types import Part as Block
from assistant.types import Passage

SITE = "A crossing site is a stretch of bank where a unit can bridge a river."
SMOKE = "Smoke hides the bridge from aircraft for ninety minutes."
HALL = "The training hall opens at seven and closes at nineteen hours on working days."
QUESTION = "When does the training hall open?"


def passage(id_: str, text: str, *heading: str) -> Passage:
    return Passage(id_, "paper", heading, None, "paragraph", (Block("text", ()),), text)


PASSAGES = [
    passage("site", SITE),
    passage("smoke", SMOKE),
    passage("hall", HALL),
    passage("two", f"{SMOKE} {HALL}"),
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="module")
def aligner(embedder: Embedder) -> Aligner:
    return Aligner(embedder)


@pytest.fixture(scope="module")
def found(aligner: Aligner) -> dict[str, Alignment]:
    return aligner.align(QUESTION, PASSAGES)


def test_scores_are_mean_cosines_and_the_weakest_words_lie_below(
    found: dict[str, Alignment],
) -> None:
    assert list(found) == ["site", "smoke", "hall", "two"]
    for alignment in found.values():
        assert -1 <= alignment.score <= 1.001
        assert -1 <= alignment.weakest <= alignment.score
        assert alignment.similarities.shape == (len(alignment.words), len(alignment.offsets))


def test_a_passage_that_answers_scores_above_one_that_does_not(
    found: dict[str, Alignment],
) -> None:
    assert found["hall"].score > max(found["site"].score, found["smoke"].score)
    assert found["hall"].weakest > max(found["site"].weakest, found["smoke"].weakest)


def test_a_text_meets_itself_wholly(aligner: Aligner) -> None:
    assert aligner.align(SITE, PASSAGES)["site"].score == pytest.approx(1, abs=1e-3)


def test_lines_are_scored_by_their_own_tokens(found: dict[str, Alignment]) -> None:
    two = found["two"]
    assert two.score_of([HALL]) > two.score_of([SMOKE])
    assert two.score_of([SMOKE, HALL]) == pytest.approx(two.score)
    assert two.score_of([HALL]) <= two.score  # fewer tokens are no nearer


@pytest.mark.parametrize("lines", [[], [""], ["is not there"]])
def test_lines_that_are_not_there_leave_the_whole_passage(
    found: dict[str, Alignment], lines: list[str]
) -> None:
    assert found["two"].score_of(lines) == found["two"].score


def test_words_outside_the_part_count_little(aligner: Aligner) -> None:
    question = "What is a crossing site, and when does the training hall open?"
    site, hall = question_parts(question)
    alignment = aligner.align(question, PASSAGES)["hall"]
    assert alignment.score_of([HALL], hall) > alignment.score_of([HALL])
    assert alignment.score_of([HALL]) > alignment.score_of([HALL], site)
    whole = Part(0, len(question))
    assert alignment.score_of([HALL], whole) == pytest.approx(alignment.score)


def test_muted_words_count_little(aligner: Aligner) -> None:
    question = "What does the smoke manual say of the training hall?"
    plain = aligner.align(question, PASSAGES)["hall"].score
    assert aligner.align(question, PASSAGES, {"smoke", "manual"})["hall"].score > plain


def test_the_innermost_headings_are_read_with_a_passage(aligner: Aligner) -> None:
    text = "It opens at seven."
    bare, headed = passage("bare", text), passage("headed", text, "Hours", "Training hall")
    far = passage("far", text, "Training hall", "Hours", "Weekdays")
    scores = aligner.align(QUESTION, [bare, headed, far])
    assert scores["headed"].score > scores["bare"].score
    assert scores["headed"].score > scores["far"].score
    inside = scores["headed"].offsets[:, 0] >= 0
    assert scores["headed"].offsets[inside, 1].max() == len(text)


def test_passages_that_are_kept_give_the_same(
    embedder: Embedder, found: dict[str, Alignment]
) -> None:
    fresh = Aligner(embedder)
    fresh.align(QUESTION, PASSAGES[:2])
    mixed = fresh.align(QUESTION, PASSAGES[::-1])
    again = fresh.align(QUESTION, PASSAGES)
    for id_, alignment in found.items():
        assert mixed[id_].score == pytest.approx(alignment.score, abs=1e-3)
        assert np.array_equal(again[id_].similarities, mixed[id_].similarities)


def test_no_passages_and_no_words_are_no_failure(aligner: Aligner) -> None:
    assert aligner.align(QUESTION, []) == {}
    for alignment in aligner.align("", PASSAGES).values():
        assert (alignment.score, alignment.weakest, alignment.score_of([SITE])) == (0, 0, 0)
    empty = aligner.align(QUESTION, [passage("empty", "")])["empty"]
    assert (empty.score, empty.weakest) == (0, 0)
