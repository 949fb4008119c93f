"""Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), weighted by source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def fuse(
    rankings: Mapping[str, Sequence[str]],
    weights: Mapping[str, float],
    constant: float,
) -> list[tuple[str, float]]:
    """(id, score) best first: the sum over sources of weight / (constant + rank).

    Ranks count from 1; ties keep the order in which ids were first seen.
    """
    scores: dict[str, float] = {}
    for source, ranking in rankings.items():
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + weights[source] / (constant + rank)
    return sorted(scores.items(), key=lambda item: -item[1])
