"""Learning: the network, the steps, and what is kept of what was learned."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.answer.claims.network import Network, load
from benchmarks.crossreader.batches import DEVICE, Batch, batches
from benchmarks.crossreader.material import Example
from benchmarks.crossreader.mixture import PART, Mixture

FAULT = 3.0  # weight of a token at fault beside one that is not
HEADS = 4.0  # how much faster the heads learn, up to FASTEST
FASTEST = 1e-3
WARM, LEAST = 0.05, 0.005  # share of the steps in which the rate rises; the share it falls to
KEPT = ("word_embeddings", "position")  # parameters that stay as they are


def learning(folder: Path, dropout: float, start: Path | None = None) -> Network:
    """The network with all but its word vectors free to learn, from ``start`` where it is given."""
    network = Network(folder, dropout)
    if start:
        with np.load(start) as weights:
            network.load_state_dict(load(folder, dict(weights)).state_dict())
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(not any(part in name for part in KEPT))
    return network.to(DEVICE)


def learned(network: Network, folder: Path, rank: int) -> dict[str, npt.NDArray[np.float16]]:
    """What was learned, as assistant.answer.claims.network.load reads it.

    Of what was added to a matrix the part of that rank that is nearest to it (Eckart and Young,
    1936); it takes a quarter of the room.
    """
    before = dict(Network(folder).named_parameters())
    after = {name: value.detach().cpu() for name, value in network.named_parameters()}
    found: dict[str, Tensor] = {}
    for name, _, _ in network.matrices():
        path = f"encoder.encoder.layer.{name}.weight"
        left, sizes, right = torch.linalg.svd(after.pop(path) - before[path], full_matrices=False)
        root = sizes[:rank].sqrt()
        found[f"{name}.a"] = root[:, None] * right[:rank]
        found[f"{name}.b"] = left[:, :rank] * root
    found |= {name: one for name, one in after.items() if not any(k in name for k in KEPT)}
    return {name: one.detach().numpy().astype("f2") for name, one in found.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """``parts`` of PART examples each of a mixture, in batches of ``size``."""

    mixture: Mixture
    folder: Path
    parts: int
    size: int

    def part(self, number: int) -> list[Batch]:
        """The batches of one part."""
        examples = self.mixture.part(number, self.parts)
        found = []
        for start in range(0, len(examples), 12 * self.size):  # of like length, and not always
            found += batches(examples[start : start + 12 * self.size], self.folder, self.size)
        random.Random(number).shuffle(found)  # they come by length
        return found


def _parts(plan: Plan, workers: int) -> Iterator[list[Batch]]:
    """The parts one after the other, some made ready ahead."""
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin, initargs=(plan,)
    ) as pool:
        ahead: list[Future[list[Batch]]] = []
        for number in range(plan.parts):
            ahead.append(pool.submit(_part, number))
            if len(ahead) > 2 * workers:
                yield ahead.pop(0).result()
        for future in ahead:
            yield future.result()


_PLANS: list[Plan] = []  # of a worker, which is given its plan once


def _begin(plan: Plan) -> None:
    torch.set_num_threads(1)
    _PLANS.append(plan)


def _part(number: int) -> list[Batch]:
    return _PLANS[0].part(number)


def train(
    network: Network, plan: Plan, rate: float, workers: int, report: Callable[[int], None]
) -> None:
    """Learns by the plan; ``report`` is called with the number of a part now and then."""
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [*network.token.parameters(), *network.pair.parameters()]
    rates = rate, max(rate, min(FASTEST, HEADS * rate))
    optimizer = torch.optim.AdamW([{"params": encoder}, {"params": heads}], weight_decay=0.01)
    steps, started, step = plan.parts * PART / plan.size, time.monotonic(), 0
    for number, part in enumerate(_parts(plan, workers), 1):
        losses = torch.zeros(2, device=DEVICE)
        network.train()
        for batch in part:
            share = step / steps
            factor = min(1.0, (share + 1e-3) / WARM, max(LEAST, 1.0 - share))
            for group, most in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = most * factor
            both = _losses(network, batch)
            both.sum().backward()
            nn.utils.clip_grad_norm_([*encoder, *heads], 1.0)
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
