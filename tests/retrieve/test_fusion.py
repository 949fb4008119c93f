from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieve.fusion import fuse

RANKINGS = st.dictionaries(
    st.sampled_from(["dense", "lexical", "other"]),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    min_size=1,
)
WEIGHTS = {"dense": 1.0, "lexical": 1.5, "other": 0.3}


def test_scores_add_up_over_sources() -> None:
    fused = dict(fuse({"dense": ["a", "b"], "lexical": ["b"]}, WEIGHTS, 20))
    assert fused["a"] == pytest.approx(1 / 21)
    assert fused["b"] == pytest.approx(1 / 22 + 1.5 / 21)


def test_equal_scores_keep_the_order_in_which_they_were_seen() -> None:
    fused = fuse({"dense": ["a", "b"], "other": ["b", "a"]}, {"dense": 1, "other": 1}, 20)
    assert [id_ for id_, _ in fused] == ["a", "b"]


@given(RANKINGS, st.floats(min_value=0.1, max_value=1000))
def test_everything_ranked_is_fused_once_best_first(
    rankings: dict[str, list[str]], constant: float
) -> None:
    fused = fuse(rankings, WEIGHTS, constant)
    ids = [id_ for id_, _ in fused]
    scores = [score for _, score in fused]
    assert sorted(ids) == sorted({id_ for ranking in rankings.values() for id_ in ranking})
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.floats(0.1, 100))
def test_one_source_alone_keeps_its_order(ranking: list[str], constant: float) -> None:
    assert [id_ for id_, _ in fuse({"dense": ranking}, WEIGHTS, constant)] == ranking


@given(RANKINGS)
def test_what_is_ahead_everywhere_stays_ahead(rankings: dict[str, list[str]]) -> None:
    order = [id_ for id_, _ in fuse(rankings, WEIGHTS, 20)]
    for a in order:
        for b in order:
            ahead = all(
                a in ranking and (b not in ranking or ranking.index(a) < ranking.index(b))
                for ranking in rankings.values()
            )
            if ahead and a != b:
                assert order.index(a) < order.index(b)
