"""What a server bears: many clients asking at once over HTTP, each answer compared.

    python -m benchmarks.api --index WORKSPACE [--minutes 10] [--clients 32]
                             [--gold FILE] [--questions N]

The server runs in a process of its own. Every client asks the questions of the gold file in an
order of its own, one after the other; each answer is compared with the one that the assistant
gives directly, so that an answer to another client's question is seen. Words, places and order must
be the same; scores may differ by rounding, as they do between any two runs of the model. The exit
status is 1 where there were errors or mixed-up answers.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from assistant.answer.assistant import Assistant
from assistant.answer.record import answer_json
from assistant.workspace import Workspace
from benchmarks.machine import describe, load

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 120  # seconds that a client waits for an answer
ROUNDING = 1e-4  # of scores; two different passages hardly ever come this close
_SERVER = """
import sys
from pathlib import Path
from assistant import offline
from assistant.config import override
from assistant.web.server import address, listen, run
from assistant.workspace import Workspace
found = Workspace.find(Path(sys.argv[1]))
found = found.with_settings(override(found.settings, {"api.rate": "", "api.key_env": ""}))
from assistant.answer.assistant import Assistant
from assistant.web.app import build_app
assistant = Assistant.open(found)
assistant.warm_up()
run(build_app(assistant), listen("127.0.0.1", 0))
"""


@dataclass
class Tally:
    """What the clients saw; ``memory`` is that of the server in MB, by second.

    ``lasted`` is how many seconds passed until the last answer was there.
    """

    lasted: float = 0.0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed_up: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main(argv: list[str] | None = None) -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="workspace with an index")
    parser.add_argument("--gold", type=Path, help="file with the questions; else the workspace's")
    parser.add_argument("--questions", type=int, help="the first so many of them; else all")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=32)
    arguments = parser.parse_args(argv)
    workspace = Workspace.find(arguments.index)
    expected = answers(workspace, arguments.gold or workspace.gold, arguments.questions)
    before = load()
    with server(workspace) as (url, process):
        tally = asked(url, process, expected, arguments.clients, 60 * arguments.minutes)
    print(report(tally, arguments.clients, len(expected)))
    print(f"\n{describe()} Load of the machine before: {before:.1f}.")
    return 1 if tally.errors or tally.mixed_up or not tally.seconds else 0


def answers(workspace: Workspace, gold: Path, most: int | None = None) -> dict[str, Any]:
    """What the assistant answers directly, by question; to the first ``most`` of them."""
    assistant = Assistant.open(workspace)
    lines = gold.read_text(encoding="utf-8").splitlines()
    questions = dict.fromkeys(json.loads(line)["question"] for line in lines if line.strip())
    chosen = list(questions)[:most]
    return {text: compared(answer_json(assistant.ask(text))) for text in chosen}


def compared(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What of an answer is the same whenever it is given."""
    return {name: value for name, value in answer.items() if name != "seconds"}


def same(one: Any, other: Any) -> bool:
    """Whether two answers are the same but for the rounding of scores."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, abs_tol=ROUNDING)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@contextmanager
def server(workspace: Workspace) -> Iterator[tuple[str, psutil.Process]]:
    """A server of ``workspace`` in a process of its own: its address and the process."""
    command = [sys.executable, "-c", _SERVER, str(workspace.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+:\d+", line)
            if found is None:
                raise SystemExit(f"The server did not start: {line}")
            yield found[0], psutil.Process(process.pid)
        finally:
            process.terminate()


def asked(
    url: str, process: psutil.Process, expected: Mapping[str, Any], clients: int, seconds: float
) -> Tally:
    """Have ``clients`` ask for so many seconds."""
    tally, end = Tally(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=client, args=(url, number, expected, end, tally))
        for number in range(clients)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            now = time.monotonic() - began
            if not tally.memory or now - tally.memory[-1][0] >= 1:
                tally.memory.append((now, process.memory_info().rss / 2**20))
            thread.join(0.25)
    tally.lasted = time.monotonic() - began
    return tally


def client(url: str, number: int, expected: Mapping[str, Any], end: float, tally: Tally) -> None:
    """Ask one question after the other until the time is over."""
    order, questions = random.Random(number), list(expected)
    with httpx.Client(base_url=url, timeout=TIMEOUT) as connection:
        while True:
            order.shuffle(questions)
            for text in questions:
                if time.monotonic() >= end:
                    return
                ask(connection, text, expected[text], tally)


def ask(connection: httpx.Client, text: str, expected: Any, tally: Tally) -> None:
    """Ask once, and note how it went."""
    began = time.perf_counter()
    try:
        reply = connection.post("/api/ask", json={"question": text})
        reply.raise_for_status()
        answer = compared(reply.json())
    except (httpx.HTTPError, ValueError) as error:
        with tally.lock:
            tally.errors.append(f"{type(error).__name__}: {error}")
        return
    with tally.lock:
        tally.seconds.append(time.perf_counter() - began)
        if not same(answer, expected):
            tally.mixed_up.append(text)


def report(tally: Tally, clients: int, questions: int) -> str:
    """The figures as Markdown."""
    times = tally.seconds or [float("nan")]
    rows = [
        ("clients, questions of the gold file", f"{clients}, {questions}"),
        ("answers", f"{len(tally.seconds):,} in {tally.lasted / 60:.1f} min"),
        ("errors", f"{len(tally.errors):,}"),
        ("mixed-up answers", f"{len(tally.mixed_up):,}"),
        ("p50", f"{statistics.median(times):.2f} s"),
        ("p95", f"{sorted(times)[int(0.95 * len(times))]:.2f} s"),
        ("throughput", f"{len(tally.seconds) / tally.lasted:.1f} answers a second"),
        ("memory of the server each minute", by_minute(tally.memory)),
    ]
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    first = [f"- {error}" for error in dict.fromkeys([*tally.errors, *tally.mixed_up])]
    return "\n".join([*lines, *([""] if first else []), *first[:10]])


def by_minute(memory: Sequence[tuple[float, float]]) -> str:
    """The most memory within each minute, in MB."""
    most: dict[int, float] = {}
    for second, used in memory:
        most[int(second // 60)] = max(most.get(int(second // 60), 0), used)
    return ", ".join(f"{used:.0f}" for used in most.values()) + " MB"


if __name__ == "__main__":
    raise SystemExit(main())
