"""Trains the cross-reader, and says how well it tells unsupported statements by itself.

Steps, each of which goes on from the one before; M stands for
``.venv/bin/python -m benchmarks.crossreader benchmarks/pairs/edited/*.txt --rate 1.5e-4``, B for
``--beside benchmarks/pairs/{natural,harder,mixed}/*.jsonl --first 0 --batch 24 --dropout .05``:

    M --rate 1e-3 --write first.npz
    M B --start first.npz --rules .1 --parts 26 --write second.npz
    M B --own benchmarks/pairs/*.jsonl --start second.npz --rules .05 --parts 4 --write third.npz

The first step takes six minutes on a graphics card and most of a day on two cores, the second an
hour on these, the last ten minutes. The packaged weights are a mean (``average.py``, beside this)
of two networks: the second step ended once after 16 parts, once after the others, and the third
began once at the first of these, with 1,520 pairs, and once at the mean of both, with all pairs.

The last step is done once more ``--without 0 --write fold0.npz`` and ``--without 1 --write
fold1.npz``, as often as it is done for the package: benchmarks/fit_support.py needs networks that
have not seen what it judges.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from benchmarks.crossreader.material import ERRORS, Example, fold_of, read, read_pairs
from benchmarks.crossreader.training import Plan, adapted, learned, scores, train


def main() -> None:
    """Trains, reports, and writes if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("material", nargs="+", type=Path)
    parser.add_argument("--own", nargs="+", type=Path, default=[], help="pairs like those in use")
    parser.add_argument("--without", type=int, help="fold of these to leave out, from 0")
    parser.add_argument("--folds", type=int, default=2, help="folds of passages")
    parser.add_argument("--beside", nargs="+", type=Path, default=[], help="pairs to learn from")
    parser.add_argument("--check", nargs="+", type=Path, default=[], help="pairs, not learned from")
    parser.add_argument("--model", type=Path, help="folder of the embedding model")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--parts", type=int, default=144, help="of 4,096 examples")
    parser.add_argument("--first", type=float, default=0.4, help="of them made by rule alone")
    parser.add_argument("--rules", type=float, default=0.25, help="made by rule in the others")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    folder = given.model or _packaged()
    own = read_pairs(given.own)
    plan = Plan(
        tuple(read(given.material)),
        tuple(one for one in own if fold_of(one.passage, given.folds) != given.without),
        tuple(read_pairs(given.beside)),
        folder,
        given.parts,
        given.batch,
        given.first,
        given.rules,
        given.seed,
    )
    checked = [one for one in own if fold_of(one.passage, given.folds) == given.without]
    checked += read_pairs(given.check)
    learned_from = len(plan.written), len(plan.own), len(plan.beside)
    print("written, own, beside:", *learned_from, "to check:", len(checked), flush=True)
    start = dict(np.load(given.start)) if given.start else None
    network = adapted(folder, given.rank, given.dropout, start)

    def report(part: int) -> None:
        if checked:
            _report(checked, scores(network, checked, folder))

    train(network, plan, given.rate, given.workers, report)
    if given.write:
        np.savez_compressed(given.write, **learned(network))
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
