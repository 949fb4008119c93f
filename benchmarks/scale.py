"""Measures what a question costs as the index grows.

    python benchmarks/scale.py --index WORKSPACE [--sizes 1000 5000 10000 100000] [--keep DIR]
        [--questions FILE.jsonl] [--count 150]

WORKSPACE holds an index of real documents. It is grown to each size as ``grow.py`` says:
beyond its own size the passages are copies with swapped words and noisy vectors, not real
ones. Each question goes to a process of each size in turn, where ``Assistant.ask`` answers
it; the times are those of its stages:

    encode   the question's vector
    dense    the nearest passages, in Chroma
    lexical  the passages by words, re-ranking included
    read     the best passages read again, word by word
    rank     what else retrieval does: names, fusion, loading and ranking
    answer   choosing, citing and verifying statements

and ``processor`` is the processor time of the whole, on all cores, which other work on the
machine disturbs less.

Prints one Markdown table and ends with status 1 where the 95th percentile of a question at
100,000 passages is more than three times that at 1,000, or a whole answer at 5,000 takes more
than 400 ms at the median or 900 ms at the 95th percentile. With ``--keep`` the grown indexes
stay in DIR and are used again. A million passages take about 10 GB of disk, and half an
hour to an hour to write on two cores.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import psutil
from grow import SEED, grow

from assistant.answer.assistant import Assistant
from assistant.index.embedder import Embedder
from assistant.index.reader import open_index
from assistant.index.vectors import PassageVectors
from assistant.retrieve.interaction import Aligner
from assistant.retrieve.lexical import LexicalRanker
from assistant.retrieve.retriever import Retriever
from assistant.workspace import Workspace

SMALL, LARGE, RATIO = 1_000, 100_000, 3.0  # the target of growth
USUAL, MEDIAN_MS, P95_MS = 5_000, 400, 900  # the target of a whole answer, warm
STAGES = {
    "encode": (Embedder, "embed_question"),
    "dense": (PassageVectors, "nearest"),
    "lexical": (LexicalRanker, "rank"),
    "read": (Aligner, "align"),
    "retrieve": (Retriever, "search"),
    "total": (Assistant, "ask"),
}
SHOWN = ("encode", "dense", "lexical", "read", "rank", "answer", "total", "processor")
Figures = dict[str, Any]


def main() -> None:
    """Grow, ask and print; with ``--ask`` only ask, for one process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="workspace with an index")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 5_000, 10_000, 100_000])
    parser.add_argument("--keep", type=Path, help="folder that keeps the grown indexes")
    parser.add_argument("--questions", type=Path, help='lines of JSON with a "question"')
    parser.add_argument("--count", type=int, default=150, help="questions made of headings")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        ask(Workspace.find(arguments.index))
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = arguments.keep or Path(folder)
        found = measure(Workspace.find(arguments.index), sorted(arguments.sizes), kept, arguments)
    print_table(found)
    ratio = p95_ratio(found)
    sys.exit(1 if (ratio is not None and ratio > RATIO) or is_slow(found) else 0)


def measure(
    source: Workspace, sizes: list[int], folder: Path, arguments: argparse.Namespace
) -> dict[int, Figures]:
    """The figures of each size: all are grown before the first is asked."""
    grown, seconds = {}, {}
    for size in sizes:
        began = time.perf_counter()
        grown[size], written = grow(source, folder / str(size), size)
        seconds[size] = time.perf_counter() - began if written else None
    if arguments.questions:
        lines = arguments.questions.read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines if line]
    else:
        questions = heading_questions(grown[sizes[0]], arguments.count)
    found = ask_in_turn(grown, questions)
    for size, workspace in grown.items():
        found[size]["build"] = seconds[size]
        found[size]["disk"] = sum(p.stat().st_size for p in workspace.index.rglob("*"))
    return found


def ask_in_turn(grown: dict[int, Workspace], questions: list[str]) -> dict[int, Figures]:
    """Each question goes to all sizes in turn, so that other work disturbs them alike."""
    command = [sys.executable, __file__, "--ask", "--index"]
    processes = {
        size: subprocess.Popen(
            [*command, str(workspace.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for size, workspace in grown.items()
    }
    times: dict[int, list[dict[str, float]]] = {size: [] for size in processes}
    # Once before it counts, so that all sizes find what they read in memory.
    for number, question in enumerate([*questions, *questions]):
        for size, process in processes.items():
            ms = exchange(process, question)
            if number >= len(questions):
                times[size].append(ms)
    found = {}
    for size, process in processes.items():
        found[size] = exchange(process, "")
        found[size]["ms"] = {
            stage: np.percentile([ms[stage] for ms in times[size]], (50, 95)).tolist()
            for stage in SHOWN
        }
        process.wait()
    return found


def exchange(process: subprocess.Popen[str], question: str) -> Figures:
    """What the process answers to a line."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return dict(json.loads(process.stdout.readline()))


def ask(workspace: Workspace) -> None:
    """Ask each line of the input and print its times; an empty line ends it with the rest."""
    times: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        for stage, (owner, name) in STAGES.items():
            call = timed(getattr(owner, name), times[stage])
            stack.enter_context(patch.object(owner, name, call))
        assistant = Assistant.open(workspace)
        assistant._embedder.embed_question("load the model")
        model = psutil.Process().memory_info().rss
        first = None
        while question := sys.stdin.readline().strip():
            for values in times.values():
                values.clear()
            busy = time.process_time()
            assistant.ask(question)
            ms = {stage: sum(values) for stage, values in times.items()}
            ms["processor"] = 1000 * (time.process_time() - busy)
            parts = ("encode", "dense", "lexical", "read")
            ms["rank"] = ms["retrieve"] - sum(ms[part] for part in parts)
            ms["answer"] = ms["total"] - ms["retrieve"]
            first = first or ms["total"]
            print(json.dumps(ms), flush=True)
    summary = assistant.summary()
    end = {
        "documents": summary.documents,
        "passages": summary.passages,
        "first": first,
        "model": model,
        "after": psutil.Process().memory_info().rss,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(end), flush=True)


def timed(function: Callable[..., Any], times: list[float]) -> Callable[..., Any]:
    """``function``, the milliseconds of each call noted."""

    def call(*args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            times.append(1000 * (time.perf_counter() - began))

    return call


def heading_questions(workspace: Workspace, count: int) -> list[str]:
    """Questions of a planner's length about headings of the smallest index: all can answer."""
    index = open_index(workspace)
    headings = [p.heading[-1] for p in index.store.passages() if p.heading and p.heading[-1]]
    index.close()
    names = list(dict.fromkeys(headings))
    chosen = np.random.default_rng(SEED).permutation(len(names))[:count]
    return [
        f"What does the document say about {names[place].lower()} and who is responsible for it?"
        for place in chosen
    ]


def p95_ratio(found: dict[int, Figures]) -> float | None:
    """The 95th percentile at the large size over that at the small one, where both are there."""
    if SMALL not in found or LARGE not in found:
        return None
    return float(found[LARGE]["ms"]["total"][1] / found[SMALL]["ms"]["total"][1])


def is_slow(found: dict[int, Figures]) -> bool:
    """Whether a whole answer takes too long at the usual size, where that is there."""
    if USUAL not in found:
        return False
    middle, high = found[USUAL]["ms"]["total"]
    return bool(middle > MEDIAN_MS or high > P95_MS)


def print_table(found: dict[int, Figures]) -> None:
    """One column for each size."""
    rows = {
        "documents": [f"{f['documents']:,}" for f in found.values()],
        **{
            f"{stage}, p50 / p95 in ms": [
                "{:.0f} / {:.0f}".format(*f["ms"][stage]) for f in found.values()
            ]
            for stage in SHOWN
        },
        "first question, cold, in s": [f"{f['first'] / 1000:.1f}" for f in found.values()],
        "memory with the model only, GB": [f"{f['model'] / 1e9:.2f}" for f in found.values()],
        "memory after the questions, GB": [f"{f['after'] / 1e9:.2f}" for f in found.values()],
        "memory at its peak, GB": [f"{f['peak'] / 1e9:.2f}" for f in found.values()],
        "index on disk, GB": [f"{f['disk'] / 1e9:.2f}" for f in found.values()],
        "written in s": [
            "kept" if f["build"] is None else f"{f['build']:.0f}" for f in found.values()
        ],
    }
    print(f"| Passages | {' | '.join(f'{size:,}' for size in found)} |")
    print("|---" * (len(found) + 1) + "|")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
    ratio = p95_ratio(found)
    if ratio is not None:
        print(f"\nTotal p95, {LARGE:,} over {SMALL:,} passages: {ratio:.2f} (target ≤ {RATIO:g})")
    if USUAL in found:
        middle, high = found[USUAL]["ms"]["total"]
        target = f"target ≤ {MEDIAN_MS} and {P95_MS} ms"
        print(
            f"\nTotal at {USUAL:,} passages: median {middle:.0f} ms, p95 {high:.0f} ms ({target})"
        )


if __name__ == "__main__":
    main()
