"""From fused scores to the final order, by what the passages are and where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from assistant.types import Document, Passage

# Chosen on the development gold set; docs/design/retrieval.md has the ablation.
NAMED: Final = 1.6  # a passage of a document that the question names
SUPERSEDED: Final = 0.85  # a newer edition is in the corpus
FOOTNOTE: Final = 0.7  # references more often than statements
REFERENCES: Final = 0.6  # lists of publications, which hold every word of a subject
SHORT: Final = 0.8  # too short to say much
SHORT_LENGTH: Final = 120  # characters
NEIGHBOUR: Final = 0.15  # share of the score of the passages directly before and after
_REFERENCES = re.compile(
    r"^(?:other |source )?(?:references|bibliography|sources)\b", re.IGNORECASE
)


def rank_passages(
    fused: Mapping[str, float],
    passages: Mapping[str, Passage],
    documents: Mapping[str, Document],
    named: Collection[str],
) -> list[tuple[Passage, float]]:
    """Passages with their final scores, best first; ties in reading order."""
    scores = {
        id_: score * _factor(passages[id_], documents, named)
        for id_, score in fused.items()
        if id_ in passages
    }
    places = {(passages[id_].document_id, passages[id_].order): id_ for id_ in scores}

    def with_neighbours(id_: str) -> float:
        passage = passages[id_]
        beside = (places.get((passage.document_id, passage.order + step)) for step in (-1, 1))
        return scores[id_] + NEIGHBOUR * sum(scores[other] for other in beside if other)

    ranked = [(passages[id_], with_neighbours(id_)) for id_ in scores]
    return sorted(ranked, key=lambda item: (-item[1], item[0].document_id, item[0].order))


def _factor(passage: Passage, documents: Mapping[str, Document], named: Collection[str]) -> float:
    factor = NAMED if passage.document_id in named else 1.0
    if documents[passage.document_id].status != "current" and passage.document_id not in named:
        factor *= SUPERSEDED
    if passage.kind == "footnote":
        factor *= FOOTNOTE
    if any(_REFERENCES.search(heading) for heading in passage.heading[-2:]):
        factor *= REFERENCES
    if len(passage.text) < SHORT_LENGTH:
        factor *= SHORT
    return factor
