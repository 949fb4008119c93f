"""Examples as the network reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from transformers import AutoTokenizer

from assistant.answer.claims.crossreader import text_of
from benchmarks.crossreader.material import Example

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
TOKENS = 320  # of statement and passage; longer ones are cut


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Examples as the network reads them.

    ``ids`` and ``segments``: shape (examples, tokens); ``faults`` of the same shape is 1 for tokens
    at fault, -1 for those that do not count; ``wrong`` and ``weights``: shape (examples,).
    """

    ids: npt.NDArray[np.int32]
    segments: npt.NDArray[np.int8]
    faults: npt.NDArray[np.int8]
    wrong: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]

    def tensors(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        """ids, segments, mask, faults, wrong, weights where the network is."""
        ids = torch.from_numpy(self.ids).to(DEVICE).long()
        segments = torch.from_numpy(self.segments).to(DEVICE).long()
        faults = torch.from_numpy(self.faults).to(DEVICE).float()
        wrong, weights = (torch.from_numpy(one).to(DEVICE) for one in (self.wrong, self.weights))
        return ids, segments, (ids != 0).long(), faults, wrong, weights


@cache
def _tokenizer(folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(folder, local_files_only=True)


def batches(examples: Sequence[Example], folder: Path, size: int) -> list[Batch]:
    """Examples of like length together, in their order otherwise."""
    encoded = _tokenizer(folder)(
        [one.statement for one in examples],
        [text_of(one.heading, one.passage) for one in examples],
        truncation="only_second",
        max_length=TOKENS,
        return_offsets_mapping=True,
    )
    lengths = [len(ids) for ids in encoded["input_ids"]]
    order = sorted(range(len(examples)), key=lambda number: lengths[number])
    found = []
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        shape = (len(rows), -(-lengths[rows[-1]] // 8) * 8)
        ids, segments = np.zeros(shape, np.int32), np.zeros(shape, np.int8)
        faults = np.full(shape, -1, np.int8)
        for row, number in enumerate(rows):
            length = lengths[number]
            ids[row, :length] = encoded["input_ids"][number]
            segments[row, :length] = encoded["token_type_ids"][number]
            faults[row, :length] = _faults(
                examples[number], encoded["offset_mapping"][number], segments[row, :length]
            )
        chosen = [examples[number] for number in rows]
        wrong = np.array([one.error is not None for one in chosen], np.float32)
        found.append(
            Batch(ids, segments, faults, wrong, np.array([o.weight for o in chosen], np.float32))
        )
    return found


def _faults(
    example: Example, offsets: Sequence[tuple[int, int]], segments: npt.NDArray[np.int8]
) -> npt.NDArray[np.int8]:
    if example.error and not any(piece.wrong for piece in example.pieces):
        return np.full(len(segments), -1, np.int8)  # something is wrong; what, is not known
    spans, at = [], 0
    for piece in example.pieces:
        if piece.wrong:
            spans.append((at, at + len(piece.text)))
        at += len(piece.text)
    starts, ends = np.array(offsets).T
    marks = np.zeros(len(starts), np.int8)
    for first, last in spans:
        marks[(starts < last) & (ends > first)] = 1
    marks[(segments != 0) | (ends <= starts)] = -1
    return marks
