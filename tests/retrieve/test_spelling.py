from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.index.reader import Index, open_index
from assistant.retrieve.spelling import set_right
from assistant.workspace import Workspace


@pytest.fixture(scope="module")
def index(starter_workspace: Workspace) -> Iterator[Index]:
    opened = open_index(starter_workspace)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("comander", "commander"),  # left out
        ("operrations", "operations"),  # put in
        ("aprroves", "approves"),  # exchanged
        ("tentes", "tenets"),  # swapped
        ("sustianmnet", "sustainment"),  # two errors in a long word
        ("Comander", "Commander"),
    ],
)
def test_a_misspelt_word_is_replaced_by_what_was_meant(
    index: Index, wrong: str, right: str
) -> None:
    assert set_right(f"{wrong}, what of it?", index) == (f"{right}, what of it?", {wrong: right})


def test_every_occurrence_of_every_misspelt_word_is_replaced(index: Index) -> None:
    question, replaced = set_right("Do comander and comander know the tentes?", index)
    assert question == "Do commander and commander know the tenets?"
    assert replaced == {"comander": "commander", "tentes": "tenets"}


@pytest.mark.parametrize(
    "question",
    [
        "What are the tenets of operations?",
        "Who commanded the operation?",  # a form of a word that is used
        "How many submarines does Atlantis have?",  # not "Atlantic"
        "Who is Zzyzxqwv?",
        "Is it COMANDER?",  # an acronym
        "Is it comander-like or a/comander?",  # a part of a name
        "Hwo dcan it?",  # too short to tell
        "",
    ],
)
def test_what_is_right_or_cannot_be_told_is_left(index: Index, question: str) -> None:
    assert set_right(question, index) == (question, {})


def test_a_name_misspelt_within_is_set_right(index: Index) -> None:
    question = "Which exercises are held with Austrailia?"
    assert set_right(question, index)[1] == {"Austrailia": "Australia"}


def test_what_was_set_right_stays(index: Index) -> None:
    question, _ = set_right("Who aproves the tentes of sustainmnet?", index)
    assert set_right(question, index) == (question, {})
