"""The best passages read again: word by word, or by a cross-encoder where one is configured."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from assistant.imports import big_import
from assistant.index.embedder import model_folder
from assistant.retrieve.interaction import as_read
from assistant.types import Passage

# Chosen on four gold sets; docs/design/answer-quality.md has the figures.
READ_AGAIN: Final = 2.0  # weight of what reading again says against the share of the best score
OLDER: Final = 0.03  # less for a passage of an edition that is not in force
LONGEST: Final = 512  # tokens of question and passage that a cross-encoder reads at most


def cross_encoder(folder: Path) -> Any:
    """The sentence-transformers ``CrossEncoder`` in ``folder``, which asks no hub for anything."""
    with big_import("sentence_transformers"):
        from sentence_transformers import CrossEncoder  # noqa: PLC0415
    return CrossEncoder(str(folder), device="cpu", local_files_only=True, max_length=LONGEST)


class CrossReader:
    """A sentence-transformers ``CrossEncoder`` on this machine; loaded when first needed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._folder = model_folder(name, "[retrieve] cross_encoder")

    @cached_property
    def _model(self) -> Any:
        return cross_encoder(self._folder)

    def scores(self, question: str, passages: Sequence[Passage]) -> dict[str, float]:
        """How well each passage answers, from 0 to 1, by its id."""
        from torch.nn import Sigmoid  # noqa: PLC0415 - seconds to import

        pairs = [(question, as_read(p)) for p in passages]
        values = self._model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        return {p.id: float(value) for p, value in zip(passages, values, strict=True)}


def reranked(
    scored: Sequence[tuple[Passage, float]],
    again: Mapping[str, float],
    older: Collection[str] = (),
) -> list[tuple[Passage, float]]:
    """``scored`` in the order that reading ``again`` the first of them gives; scores up to 1.

    Passages that were not read again keep their order behind those that were; those of the
    documents ``older``, which are not in force, stand back where another says the same.
    """
    if not scored:
        return []
    best = max(score for _, score in scored) or 1.0

    def total(passage: Passage, score: float) -> float:
        read = score / best + READ_AGAIN * again.get(passage.id, 0.0)
        return max(0.0, read / (1 + READ_AGAIN) - (OLDER if passage.document_id in older else 0.0))

    new = [(passage, total(passage, score)) for passage, score in scored]
    return sorted(new, key=lambda item: (item[0].id not in again, -item[1]))
