"""What indexing costs, against LlamaIndex's default pipeline and against encoding alone.

    python -m benchmarks.ingest [--corpus DIR] [--files LIST] [--sizes 1,4,16] [--rounds 3]

For each number of documents and in each round, in turn and each in a fresh process (see
``builds``): our ingest, LlamaIndex's, and ``SentenceTransformer.encode`` of the texts that
either embedded. Then ``assistant index`` as a user types it: with nothing changed, and with
one page added to one file. ``--alone`` leaves LlamaIndex out, for a corpus that would take
it an hour; ``--sizes 0`` takes all files. Ends with an error where a page of ours is neither
indexed nor reported.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.workspace import Workspace
from benchmarks.files import STARTER, Files, add_page, counted
from benchmarks.measure import Row, Watched, size, spread, table, watch

ENCODE, UNCHANGED = 1.2, 100.0  # the targets
AGAIN_SECONDS, MEMORY_GB = 10.0, 2.5  # the targets for a corpus of 3,000 pages
OURS, PEER = "ours", "llamaindex"


@dataclass(frozen=True)
class Built:
    """One ingest: its clocked cost, its process, its size on disk, and the bare encode."""

    seconds: float
    busy: float
    passages: int
    again: float
    process: Watched
    disk: int
    encode_seconds: float
    encode_busy: float


@dataclass(frozen=True)
class Reindexed:
    """``assistant index`` in a fresh process: what it says it took, and what it took."""

    said: float
    process: float
    embedded: int


@dataclass(frozen=True)
class Round:
    """All that was done with one set of files in one round."""

    built: dict[str, Built]
    unchanged: Reindexed
    changed: Reindexed


def main(argv: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, default=STARTER)
    parser.add_argument("--files", type=Path, help="file that lists the PDFs to use, one a line")
    parser.add_argument("--sizes", default="1,4,16", help="numbers of documents; 0 for all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="without LlamaIndex")
    arguments = parser.parse_args(argv)
    files = Files.below(arguments.corpus, arguments.files)
    sizes = [int(number) for number in arguments.sizes.split(",")]
    print(table(measure(files, sizes, arguments.rounds, alone=arguments.alone)))


def measure(files: Files, sizes: Sequence[int], rounds: int, *, alone: bool = False) -> list[Row]:
    """The rows of the table; numbers beyond those of ``files`` are left out."""
    rows = []
    for number in sizes:
        if number <= len(files.names):
            some = files.some(number or len(files.names))
            done = [run_round(some, (OURS,) if alone else (OURS, PEER)) for _ in range(rounds)]
            rows += rows_of(some, done)
    return rows


def run_round(files: Files, kinds: Sequence[str]) -> Round:
    """Index ``files`` from nothing in every way, then with ours again and changed."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = files.workspace(Path(folder) / "workspace")
        built = {kind: build(kind, workspace, Path(folder) / f"{kind}.json") for kind in kinds}
        unchanged = reindex(workspace)
        first, last = files.names[0], files.paths[-1]
        add_page(workspace.corpus / first, last)
        return Round(built, unchanged, reindex(workspace))


def build(kind: str, workspace: Workspace, texts: Path) -> Built:
    """Ingest in a process of its own, then encode what it embedded in another."""
    process = watch(["-m", "benchmarks.builds", kind, str(workspace.root), str(texts)])
    done = json.loads(process.output)
    alone = watch(["-m", "benchmarks.builds", "encode", str(workspace.root), str(texts)])
    bare = json.loads(alone.output)
    return Built(
        done["seconds"],
        done["busy"],
        done["passages"],
        done.get("again", 0.0),
        process,
        size(workspace.index if kind == OURS else workspace.root / "chroma"),
        bare["seconds"],
        bare["busy"],
    )


def reindex(workspace: Workspace) -> Reindexed:
    """``assistant index`` as a user runs it."""
    command = ["-m", "assistant.cli.main", "index", "--json", "-w", str(workspace.root)]
    process = watch(command, allowed={0, 1})  # 1: not every page gave text
    report = json.loads(process.output)
    return Reindexed(report["seconds"], process.cost.seconds, report["embedded"])


def rows_of(files: Files, done: Sequence[Round]) -> list[Row]:
    """The rows of one number of files."""
    corpus = f"{counted(len(files.names), 'document')}, {counted(files.pages(), 'page')}"
    rows = [_encode_row(corpus, kind, done) for kind in done[0].built]
    if PEER in done[0].built:
        rows += _peer_rows(corpus, done)
    else:
        rows.append(_memory_row(corpus, done))
    return rows + _reindex_rows(corpus, done)


def _encode_row(corpus: str, kind: str, done: Sequence[Round]) -> Row:
    built = [one.built[kind] for one in done]
    busy = statistics.median(b.busy / b.encode_busy for b in built)
    name = "ours" if kind == OURS else "LlamaIndex"
    return Row(
        f"Ingest {corpus}: {name}, {counted(built[0].passages, 'passage')}",
        _seconds([b.seconds for b in built]),
        f"encode of the same texts: {_seconds([b.encode_seconds for b in built])}",
        f"{spread([b.seconds / b.encode_seconds for b in built])}; processor time {busy:.2f}",
        f"≤ {ENCODE:g}" if kind == OURS else "",
    )


def _peer_rows(corpus: str, done: Sequence[Round]) -> list[Row]:
    compared: dict[str, tuple[Callable[[Built], float], Callable[[Sequence[float]], str]]] = {
        "seconds": (lambda b: b.seconds, _seconds),
        "processor time": (lambda b: b.busy, _seconds),
        "seconds a passage": (lambda b: b.seconds / b.passages, _milliseconds),
        "whole process with imports": (lambda b: b.process.cost.seconds, _seconds),
        "peak memory": (lambda b: b.process.memory, _megabytes),
        "index on disk": (lambda b: b.disk, _megabytes),
    }
    rows = []
    for what, (value, shown) in compared.items():
        ours, theirs = ([value(one.built[kind]) for one in done] for kind in (OURS, PEER))
        ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
        against = f"LlamaIndex: {shown(theirs)}"
        rows.append(Row(f"Ingest {corpus}: {what}", shown(ours), against, spread(ratios)))
    return rows


def _memory_row(corpus: str, done: Sequence[Round]) -> Row:
    memory = [one.built[OURS].process.memory for one in done]
    disk = _megabytes([one.built[OURS].disk for one in done])
    target = f"≤ {MEMORY_GB:g} GB"
    return Row(f"Ingest {corpus}: peak memory", _megabytes(memory), f"{disk} on disk", "", target)


def _reindex_rows(corpus: str, done: Sequence[Round]) -> list[Row]:
    first = [one.built[OURS] for one in done]
    clock = [b.seconds / b.again for b in first]
    whole = [one.built[OURS].process.cost.seconds / one.unchanged.process for one in done]
    embedded = done[0].changed.embedded
    return [
        Row(
            f"Ingest {corpus}: again, nothing changed",
            _milliseconds([b.again for b in first]),
            f"the first time: {_seconds([b.seconds for b in first])}",
            f"{statistics.median(clock):,.0f} times as fast",
            f"≥ {UNCHANGED:g}",
        ),
        Row(
            f"Ingest {corpus}: again as a command, imports included",
            _seconds([one.unchanged.process for one in done]),
            f"the first time: {_seconds([b.process.cost.seconds for b in first])}",
            f"{statistics.median(whole):.1f} times as fast",
            f"≤ {AGAIN_SECONDS:g} s",
        ),
        Row(
            f"Ingest {corpus}: as a command, one page added ({embedded} texts embedded)",
            _seconds([one.changed.process for one in done]),
            f"of which the ingest: {_seconds([one.changed.said for one in done])}",
        ),
    ]


def _seconds(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} s"


def _milliseconds(values: Sequence[float]) -> str:
    return f"{1000 * statistics.median(values):.0f} ms"


def _megabytes(values: Sequence[float]) -> str:
    return f"{statistics.median(values) / 1e6:,.1f} MB"


if __name__ == "__main__":
    main()
