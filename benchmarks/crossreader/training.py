"""Learning: the adapted network, what a batch is, and the steps."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoTokenizer

from assistant.answer.claims.crossreader import text_of
from assistant.answer.claims.network import Network, Weights
from benchmarks.crossreader.changes import made
from benchmarks.crossreader.disguise import Disguise
from benchmarks.crossreader.material import Example

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
TOKENS = 320  # of statement and passage; longer ones are cut
PART = 4096  # examples made ready at a time
OWN, BESIDE = 0.42, 0.23  # of the examples not made by rule, where there are such pairs
FAULT = 3.0  # weight of a token at fault beside one that is not
SCALE = 2.0  # of the additions, as is usual
WARM, LEAST = 0.05, 0.01  # share of the steps in which the rate rises; the share it falls to


class Added(nn.Module):
    """A matrix that stays, and the low-rank addition that is learned."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, states: Tensor) -> Tensor:
        added = functional.linear(functional.linear(states, self.a), self.b)
        result: Tensor = self.base(states) + added * SCALE
        return result


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


def adapted(folder: Path, rank: int, dropout: float, start: Weights | None = None) -> Network:
    """The network in which only the additions, norms, biases and heads are learned.

    It goes on from ``start``, weights of the same rank, where they are given.
    """
    network = Network(folder, dropout)
    for name, parameter in network.encoder.named_parameters():
        parameter.requires_grad_("LayerNorm" in name or name.endswith(".bias"))
    for _, holder, last in list(network.matrices()):
        setattr(holder, last, Added(getattr(holder, last), rank))
    if start:
        for name, parameter in _learned(network):
            scale = SCALE if name.endswith(".b") else 1.0
            parameter.data.copy_(torch.from_numpy(start[name].astype(np.float32) / scale))
    return network.to(DEVICE)


def learned(network: Network) -> dict[str, npt.NDArray[np.float16]]:
    """What was learned, as assistant.answer.claims.network.load reads it."""
    return {
        name: (value * (SCALE if name.endswith(".b") else 1.0)).detach().cpu().numpy().astype("f2")
        for name, value in _learned(network)
    }


def _learned(network: Network) -> Iterator[tuple[str, nn.Parameter]]:
    for name, holder, last in network.matrices():
        added = getattr(holder, last)
        yield f"{name}.a", added.a
        yield f"{name}.b", added.b
    for name, parameter in network.named_parameters():
        if parameter.requires_grad and not name.endswith((".a", ".b")):
            yield name.replace(".base.", "."), parameter


@cache
def _tokenizer(folder: Path) -> AutoTokenizer:
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


@dataclass(frozen=True, slots=True)
class Plan:
    """What to learn from and how long.

    ``parts`` of PART examples each, in batches of ``size``. The share ``first`` of them are of
    examples made by rule from the ``written`` ones alone, in the others ``rules`` is their share;
    ``own`` pairs, which are like those in use, and pairs ``beside`` are learned from as well.
    """

    written: tuple[Example, ...]
    own: tuple[Example, ...]
    beside: tuple[Example, ...]
    folder: Path
    parts: int
    size: int
    first: float
    rules: float
    seed: int

    def part(self, number: int) -> list[Batch]:
        """The batches of one part, in random order."""
        rng = random.Random(self.seed * 100_003 + number)
        ruled = PART if number < self.first * self.parts else int(self.rules * PART)
        chosen = rng.sample(self.written, min(len(self.written), ruled // 3))
        examples = made(chosen, rng)
        rng.shuffle(examples)
        examples = examples[:ruled]
        for share, pairs in ((OWN, self.own), (BESIDE, self.beside)):
            if pairs:
                examples += rng.choices(pairs, k=int(share * (PART - ruled)))
        examples += rng.choices(self.written, k=PART - len(examples))
        disguise = Disguise(self.written)
        found = batches([disguise.on(one, rng) for one in examples], self.folder, self.size)
        rng.shuffle(found)
        return found


def _parts(plan: Plan, workers: int) -> Iterator[list[Batch]]:
    """The parts one after the other, some made ready ahead."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        ahead: list[Future[list[Batch]]] = []
        for number in range(plan.parts):
            ahead.append(pool.submit(_part, plan, number))
            if len(ahead) > 2 * workers:
                yield ahead.pop(0).result()
        for future in ahead:
            yield future.result()


def _part(plan: Plan, number: int) -> list[Batch]:
    return plan.part(number)


def train(
    network: Network, plan: Plan, rate: float, workers: int, report: Callable[[int], None]
) -> None:
    """Learns by the plan; ``report`` is called with the number of a part now and then."""
    parameters = [one for one in network.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    steps, started, step = plan.parts * PART / plan.size, time.monotonic(), 0
    for number, part in enumerate(_parts(plan, workers), 1):
        losses = torch.zeros(2, device=DEVICE)
        network.train()
        for batch in part:
            share = step / steps
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (share + 1e-4) / WARM, max(LEAST, 1.0 - share))
            both = _losses(network, batch)
            both.sum().backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses += both.detach()
            step += 1
        if number % max(1, plan.parts // 10) == 0 or number == plan.parts:
            whole, tokens = (losses / len(part)).tolist()
            taken = f"{time.monotonic() - started:.0f} s"
            print(f"part {number}: loss {whole:.3f}, of tokens {tokens:.3f}, {taken}", flush=True)
            report(number)


def _losses(network: Network, batch: Batch) -> Tensor:
    ids, segments, mask, faults, wrong, weights = batch.tensors()
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        whole, tokens = network(ids, segments, mask)
    entropy = functional.binary_cross_entropy_with_logits
    first = (entropy(whole.float(), wrong, reduction="none") * weights).sum() / weights.sum()
    known = faults >= 0
    heavier = torch.tensor(FAULT, device=DEVICE)
    second = entropy(tokens.float()[known], faults[known], pos_weight=heavier)
    return torch.stack([first, second])


def scores(network: Network, examples: Sequence[Example], folder: Path) -> npt.NDArray[np.float64]:
    """The log-odds of being unsupported of each example."""
    numbered = [
        Example(one.pieces, one.heading, one.passage, one.error, float(number))
        for number, one in enumerate(examples)
    ]
    found = np.zeros(len(examples))
    network.eval()
    with torch.inference_mode(), torch.autocast(DEVICE, dtype=torch.bfloat16):
        for batch in batches(numbered, folder, 256 if DEVICE == "cuda" else 32):
            ids, segments, mask, *_ = batch.tensors()
            found[batch.weights.astype(int)] = network(ids, segments, mask)[0].float().cpu().numpy()
    return found
