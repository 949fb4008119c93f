"""Measures the cost of indexing and of a question, as ratios in one run.

    python benchmarks/speed.py --corpus DIR --index WORKSPACE [--rounds 3] [--questions 30]

Ingest: the whole of ``build_index`` over the PDFs of DIR, with no vector kept from before,
against ``SentenceTransformer.encode`` with its own defaults on the texts that were embedded.
Both in this process, in turn, with the model loaded before the clock starts; beside the
wall time stands the ratio of processor time, which other work on the machine disturbs less.
Question:
``Assistant.ask`` on the index of WORKSPACE against the encoding of that question alone.
Help: the wall time of ``assistant --help``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

from sentence_transformers import SentenceTransformer

from assistant.answer.assistant import Assistant
from assistant.index.builder import build_index
from assistant.index.embedder import Embedder, Vectors, model_folder
from assistant.index.reader import open_index
from assistant.workspace import Workspace, create_workspace

INGEST, QUESTION, QUESTION_MS, HELP_SECONDS = 1.2, 3.0, 100.0, 0.5  # the targets


class RecordingEmbedder(Embedder):
    """Remembers what the build embedded."""

    texts: Sequence[str] = ()

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        self.texts = texts
        return super().embed_batches(texts)


def main() -> None:
    """Measure what the arguments name and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, help="folder of PDFs to index")
    parser.add_argument("--index", type=Path, help="workspace with an index to ask")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=30)
    arguments = parser.parse_args()
    print("| What | Measured | Against | Ratio | Target |\n|---|---|---|---|---|")
    if arguments.corpus:
        measure_ingest(arguments.corpus, arguments.rounds)
    if arguments.index:
        measure_question(Workspace.find(arguments.index), arguments.questions)
    measure_help()


def measure_ingest(corpus: Path, rounds: int) -> None:
    """Index the corpus and encode its passages, ``rounds`` times in turn."""
    embedder = RecordingEmbedder()
    embedder.embed_question("load the model")
    model = SentenceTransformer(str(model_folder("")), device="cpu")
    model.encode(["load the model"])
    build_seconds, encode_seconds, busy_ratios = [], [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("assistant.index.builder.Embedder", lambda *_: embedder),
    ):
        workspace = create_workspace(Path(folder) / "workspace", empty=True)
        shutil.copytree(corpus, workspace.corpus, dirs_exist_ok=True)
        for _ in range(rounds):
            shutil.rmtree(workspace.index, ignore_errors=True)
            began = _busy()
            build_seconds.append(_seconds(lambda: build_index(workspace)))
            built = _busy()
            encode_seconds.append(_seconds(lambda: model.encode(list(embedder.texts))))
            busy_ratios.append((built - began) / (_busy() - built))
    ratios = [build / encode for build, encode in zip(build_seconds, encode_seconds, strict=True)]
    print(
        f"| Index {len(embedder.texts):,} passages | {statistics.median(build_seconds):.1f} s "
        f"| encode: {statistics.median(encode_seconds):.1f} s "
        f"| {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) "
        f"| ≤ {INGEST:g} |",
        flush=True,
    )
    print(f"| the same, processor time | | | {statistics.median(busy_ratios):.2f} | |", flush=True)


def measure_question(workspace: Workspace, count: int) -> None:
    """Ask questions about passages of the index; encode each alone right beside it."""
    model = SentenceTransformer(str(model_folder("")), device="cpu")
    assistant = Assistant.open(workspace)
    questions = _questions(workspace, count)
    for question in questions[:3]:
        assistant.ask(question)
        model.encode(question)
    ask_ms, encode_ms = [], []
    for question in questions:
        encode_ms.append(1000 * _seconds(lambda question=question: model.encode(question)))
        ask_ms.append(1000 * _seconds(lambda question=question: assistant.ask(question)))
    ask, encode = statistics.median(ask_ms), statistics.median(encode_ms)
    print(
        f"| Ask, {assistant.summary().passages:,} passages, {len(questions)} questions "
        f"| {ask:.0f} ms (95 %: {sorted(ask_ms)[int(0.95 * len(ask_ms))]:.0f} ms) "
        f"| encode: {encode:.0f} ms | {ask / encode:.1f} "
        f"| ≤ {QUESTION:g} × + {QUESTION_MS:.0f} ms = {QUESTION * encode + QUESTION_MS:.0f} ms |",
        flush=True,
    )


def measure_help() -> None:
    """Start ``assistant --help`` five times."""
    command = [sys.executable, "-m", "assistant.cli.main", "--help"]
    times = [
        _seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))
        for _ in range(5)
    ]
    print(f"| assistant --help | {statistics.median(times):.2f} s | | | ≤ {HELP_SECONDS:g} s |")


def _busy() -> float:
    """Processor seconds of this process and its ended children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _seconds(action) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _questions(workspace: Workspace, count: int) -> list[str]:
    """Questions of a planner's length, made of headings all over the index."""
    index = open_index(workspace)
    headings = list(
        dict.fromkeys(p.heading[-1] for p in index.store.passages() if p.heading and p.heading[-1])
    )
    index.close()
    step = max(1, len(headings) // count)
    return [
        f"What does the document say about {heading.lower()} and who is responsible for it?"
        for heading in headings[::step][:count]
    ]


if __name__ == "__main__":
    main()
