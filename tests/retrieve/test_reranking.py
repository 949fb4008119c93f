from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.index.embedder import model_folder
from assistant.retrieve.reranking import OLDER, CrossReader, reranked
from assistant.types import Part, Passage


def passage(id_: str, owner: str = "new", text: str = "The hall opens at seven.") -> Passage:
    return Passage(id_, owner, ("Hours",), None, "paragraph", (Part("text", ()),), text)


A, B, C, D = (passage(id_) for id_ in "abcd")


def ids(scored: list[tuple[Passage, float]]) -> list[str]:
    return [passage.id for passage, _ in scored]


def test_what_reading_again_says_outweighs_the_first_order() -> None:
    assert ids(reranked([(A, 0.9), (B, 0.8)], {"a": 0.2, "b": 0.9})) == ["b", "a"]


def test_where_reading_again_says_the_same_the_first_order_stays() -> None:
    assert ids(reranked([(A, 0.9), (B, 0.8), (C, 0.8)], dict.fromkeys("abc", 0.5))) == list("abc")


def test_passages_that_were_not_read_again_stay_behind_in_their_order() -> None:
    scored = [(A, 0.9), (B, 0.8), (C, 0.7), (D, 0.6)]
    assert ids(reranked(scored, {"a": 0.0, "b": 0.1})) == ["b", "a", "c", "d"]
    assert ids(reranked(scored, {"d": 0.0})) == ["d", "a", "b", "c"]
    assert ids(reranked(scored, {})) == ["a", "b", "c", "d"]


def test_an_older_edition_stands_back_where_another_says_the_same() -> None:
    old = passage("old", "older")
    scored, again = [(old, 0.5), (A, 0.5)], {"old": 0.6, "a": 0.6}
    assert ids(reranked(scored, again)) == ["old", "a"]
    (first, score), (second, less) = reranked(scored, again, {"older"})
    assert (first, second) == (A, old)
    assert score - less == pytest.approx(OLDER)


def test_an_older_edition_that_says_more_stays_first() -> None:
    old = passage("old", "older")
    assert ids(reranked([(A, 0.5), (old, 0.5)], {"a": 0.1, "old": 0.9}, {"older"})) == ["old", "a"]


def test_nothing_found_and_scores_of_nought_are_no_failure() -> None:
    assert reranked([], {}) == []
    assert reranked([(A, 0.0)], {"a": 0.0}, {"new"}) == [(A, 0.0)]


@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.floats(0, 1)),
)
def test_nothing_is_lost_and_scores_stay_between_0_and_1(
    scores: list[float], again: dict[str, float]
) -> None:
    found = reranked(list(zip([A, B, C, D], scores, strict=True)), again, {"new"})
    assert sorted(ids(found)) == list("abcd")
    assert all(0 <= score <= 1.001 for _, score in found)


# --- A cross-encoder --------------------------------------------------------------------


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one small layer that has learnt nothing."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross-encoder")
    tokenizer = AutoTokenizer.from_pretrained(model_folder(""))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=1,
    )
    torch.manual_seed(0)
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_a_cross_encoder_scores_each_passage_between_0_and_1(cross_encoder: Path) -> None:
    reader = CrossReader(str(cross_encoder))
    passages = [A, passage("long", text="smoke hides the bridge " * 400), passage("empty", text="")]
    scores = reader.scores("When does the hall open?", passages)
    assert list(scores) == ["a", "long", "empty"]
    assert all(0 < score < 1 for score in scores.values())
    assert scores["long"] != scores["a"]
    again = reader.scores("When does the hall open?", passages[::-1])
    assert again == pytest.approx(scores, abs=1e-5)


def test_a_model_that_is_not_on_this_machine_is_refused_by_its_setting() -> None:
    with pytest.raises(UsageError, match=r"'nobody/nothing'.*\[retrieve\] cross_encoder"):
        CrossReader("nobody/nothing")
