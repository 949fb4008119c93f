"""Averages what networks learned that went on from the same one.

    .venv/bin/python -m benchmarks.crossreader.average ONE.npz OTHER.npz... --write MEAN.npz

The mean of such weights is often better than each (Wortsman et al., Model soups, ICML 2022).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np


def main() -> None:
    """Writes the mean of the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="+", type=Path)
    parser.add_argument("--write", type=Path, required=True)
    given = parser.parse_args()
    networks = [dict(np.load(path)) for path in given.weights]
    means = {
        name: np.mean([one[name] for one in networks], axis=0, dtype=np.float32).astype("f2")
        for name in networks[0]
    }
    np.savez_compressed(given.write, **means)
    print(f"written: {given.write}")


if __name__ == "__main__":
    main()
