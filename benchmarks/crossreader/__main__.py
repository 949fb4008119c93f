"""Trains the cross-reader, and says how well it tells unsupported statements by itself.

In two stages, of which the second goes on from the first; M stands for ``.venv/bin/python -m
benchmarks.crossreader P/edited/*.txt --beside P/{natural,harder,mixed}``, P for benchmarks/pairs:

    M --parts 330 --batch 512 --rate 3e-4 --write first.npz
    M --own P/*.jsonl --start first.npz --parts 48 --batch 256 --rate 1.5e-4
        --dropout .05 --write packaged.npz

On a graphics card that takes four minutes and two; on two cores it would take a night. The second
stage is done once more ``--without 0 --write fold0.npz``, ``--without 1`` and ``--without 2``:
benchmarks/fit_support.py needs networks that have not seen what it judges. The packaged weights
began their first stage with those of an earlier version (``--start``), which gave .942 instead of
.927 of the area under the curve after it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from benchmarks.crossreader.material import ERRORS, Example, fold_of, read, read_pairs
from benchmarks.crossreader.mixture import BESIDE, Mixture
from benchmarks.crossreader.training import Plan, learned, learning, scores, train


def main() -> None:
    """Trains, reports, and writes if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("material", nargs="+", type=Path)
    parser.add_argument("--own", nargs="+", type=Path, default=[], help="pairs like those in use")
    parser.add_argument("--without", type=int, help="fold of their writers to leave out, from 0")
    parser.add_argument(
        "--beside", nargs="+", type=Path, default=[], help="folders of other pairs to learn from"
    )
    parser.add_argument("--check", nargs="+", type=Path, default=[], help="pairs, not learned from")
    parser.add_argument("--model", type=Path, help="folder of the embedding model")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--parts", type=int, default=330, help="of 4,096 examples")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--rank", type=int, default=128, help="of what is kept")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    folder = given.model or _packaged()
    without = given.without
    left = [path for path in given.own if without is not None and fold_of(path) == without]
    own = tuple(read_pairs([path for path in given.own if path not in left]))
    checked = read_pairs([*left, *given.check])
    if unknown := [one for one in given.beside if one.name not in BESIDE]:
        parser.error(f"{unknown[0]} is none of {', '.join(BESIDE)}")
    beside = {one.name: tuple(read_pairs(sorted(one.glob("*.jsonl")))) for one in given.beside}
    mixture = Mixture(tuple(read(given.material)), own, beside, given.seed)
    plan = Plan(mixture, folder, given.parts, given.batch)
    learned_from = len(mixture.written), len(own), sum(map(len, beside.values()))
    print("written, own, beside:", *learned_from, "to check:", len(checked), flush=True)
    network = learning(folder, given.dropout, given.start)

    def report(part: int) -> None:
        if checked:
            _report(checked, scores(network, checked, folder))

    train(network, plan, given.rate, given.workers, report)
    if given.write:
        np.savez_compressed(given.write, **learned(network, folder, given.rank))
        print(f"written: {given.write}")


def _packaged() -> Path:
    from assistant.index.embedder import model_folder  # noqa: PLC0415 - not where --model is given

    return model_folder("")


def _report(examples: Sequence[Example], found: np.ndarray) -> None:
    errors = np.array([one.error or "" for one in examples])
    true = errors == ""
    parts = [f"all {roc_auc_score(~true, found):.3f}"]
    for error in (*ERRORS, "elsewhere"):
        chosen = true | (errors == error)
        if (errors == error).any():
            parts.append(f"{error} {roc_auc_score(~true[chosen], found[chosen]):.3f}")
    print(f"  area under the curve: {', '.join(parts)}", flush=True)


if __name__ == "__main__":
    main()
