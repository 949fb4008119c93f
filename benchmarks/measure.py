"""What a measurement is: its cost, its row in a table, and a process that is watched."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.05
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Row:
    """One line of a table; every column is text as it is shown."""

    what: str
    measured: str
    against: str = ""
    ratio: str = ""
    target: str = ""


@dataclass
class Cost:
    """Wall time and processor time in seconds."""

    seconds: float = 0.0
    busy: float = 0.0


@dataclass(frozen=True)
class Watched:
    """A process that ended: its output, its cost and the peak memory of its tree in bytes."""

    status: int
    output: str
    cost: Cost = field(default_factory=Cost)
    memory: int = 0


def table(rows: Sequence[Row]) -> str:
    """``rows`` as a Markdown table."""
    names = [column.name.capitalize() for column in fields(Row)]
    lines = [names, ["---"] * len(names), *(list(astuple(row)) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def spread(ratios: Sequence[float]) -> str:
    """Median and range of the ratios of all rounds."""
    middle = statistics.median(ratios)
    if len(ratios) == 1:
        return f"{middle:.2f}"
    return f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


@contextmanager
def cost() -> Iterator[Cost]:
    """The cost of the block, filled in when it is left."""
    measured = Cost()
    began, busy_before = time.perf_counter(), busy()
    yield measured
    measured.seconds = time.perf_counter() - began
    measured.busy = busy() - busy_before


def busy() -> float:
    """Processor seconds of this process and of its children, ended or not."""
    total = 0.0
    for process in tree(psutil.Process()):
        try:
            times = process.cpu_times()
        except psutil.Error:  # it has just ended, and counts as a child of its parent
            continue
        total += times.user + times.system
        total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def in_turn(rounds: int, actions: Mapping[str, Callable[[], object]]) -> dict[str, list[Cost]]:
    """The cost of each action in each round; in a round they follow each other."""
    costs: dict[str, list[Cost]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            with cost() as measured:
                action()
            costs[name].append(measured)
    return costs


def watch(arguments: Sequence[str], allowed: Collection[int] = (0,)) -> Watched:
    """Run ``python ARGUMENTS``; raises RuntimeError where its exit status is not ``allowed``."""
    began, busy_before = time.perf_counter(), _children_busy()
    with tempfile.TemporaryFile("w+") as output:
        process = psutil.Popen([sys.executable, *arguments], stdout=output, cwd=ROOT)
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory(process))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.perf_counter() - began
        output.seek(0)
        text = output.read()
    if process.returncode not in allowed:
        raise RuntimeError(f"{' '.join(arguments)} ended with status {process.returncode}")
    spent = Cost(seconds, _children_busy() - busy_before)
    return Watched(process.returncode, text, spent, peak)


def wall(command: Sequence[str]) -> float:
    """Seconds that a command takes from start to end."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - began


def memory(process: psutil.Process) -> int:
    """Resident bytes of ``process`` and all below it."""
    total = 0
    for one in tree(process):
        try:
            total += one.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total


def tree(process: psutil.Process) -> list[psutil.Process]:
    """``process`` and the processes below it that are still there."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return [process]


def size(folder: Path) -> int:
    """Bytes of the files below ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _children_busy() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
