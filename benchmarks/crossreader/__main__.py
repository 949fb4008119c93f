"""Trains the cross-reader, and says how well it tells unsupported statements by itself.

    .venv/bin/python -m benchmarks.crossreader benchmarks/pairs/edited/*.txt \
        --check benchmarks/pairs/*.jsonl --write FIRST.npz
    .venv/bin/python -m benchmarks.crossreader benchmarks/pairs/edited/*.txt \
        --beside benchmarks/pairs/natural/*.jsonl benchmarks/pairs/harder/*.jsonl \
        --start FIRST.npz --first 0 --rules .1 --parts 4 --batch 24 --rate 1.5e-4 --dropout .05 \
        --check benchmarks/pairs/*.jsonl --write assistant/answer/claims/crossreader.npz

The first takes six minutes on a graphics card and most of a day on two cores, the second half an
hour on these. benchmarks/fit_support.py must then fit the judgement anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from benchmarks.crossreader.material import ERRORS, Example, read, read_pairs
from benchmarks.crossreader.training import Plan, adapted, learned, scores, train


def main() -> None:
    """Trains, reports, and writes if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("material", nargs="+", type=Path)
    parser.add_argument("--beside", nargs="+", type=Path, default=[], help="pairs to learn from")
    parser.add_argument("--check", nargs="+", type=Path, default=[], help="pairs, not learned from")
    parser.add_argument("--model", type=Path, help="folder of the embedding model")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--parts", type=int, default=36, help="of 16,384 examples")
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
    plan = Plan(
        tuple(read(given.material)),
        tuple(read_pairs(given.beside)),
        folder,
        given.parts,
        given.batch,
        given.first,
        given.rules,
        given.seed,
    )
    checked = read_pairs(given.check)
    written, beside = len(plan.written), len(plan.beside)
    print(f"{written} written examples, {beside} beside, {len(checked)} to check", flush=True)
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
