"""How long a user waits who starts from nothing.

    python -m benchmarks.startup --index WORKSPACE [--rounds 5]

``assistant --help`` and ``assistant ask`` are whole processes, the index and the libraries in
the disk cache; a process that only loads the model, run in turn with it, tells how much of
``ask`` that is. ``assistant serve`` counts from the start of its process: to the first good
answer of ``/healthz``, and to the end of the first answer in the chat, which is asked for
over HTTP as the page does it.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from assistant.workspace import Workspace
from benchmarks.measure import ROOT, Cost, Row, spread, table, wall, watch

QUESTION = "Who is responsible for security cooperation policy?"
HELP_SECONDS, ASK_SECONDS = 0.5, 6.0  # the targets
START_SECONDS = 120.0
MODEL_ALONE = ("-c", "from benchmarks.builds import bare_model; bare_model()")
COMMAND = (sys.executable, "-m", "assistant.cli.main")


def main(argv: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="workspace with an index")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args(argv)
    print(table(measure(Workspace.find(arguments.index), arguments.rounds)))


def measure(workspace: Workspace, rounds: int) -> list[Row]:
    """The rows of the table."""
    ask = [*COMMAND[1:], "ask", QUESTION, "-w", str(workspace.root)]
    watch(ask)  # fills the disk cache
    helps = [wall([*COMMAND, "--help"]) for _ in range(rounds)]
    pairs = [(watch(ask).cost, watch(MODEL_ALONE).cost) for _ in range(rounds)]
    served = [serve(workspace) for _ in range(rounds)]
    return [
        _row("assistant --help", helps, f"≤ {HELP_SECONDS:g} s"),
        _ask_row(pairs),
        _row("assistant serve, from start to ready", [ready for ready, _ in served]),
        _row("assistant serve, from start to the first answer", [said for _, said in served]),
    ]


def serve(workspace: Workspace) -> tuple[float, float]:
    """Seconds from the start of a server until it is ready, and until it has answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    with _server(workspace, port) as url, httpx.Client(base_url=url, timeout=60) as client:
        _wait_ready(client)
        ready = time.perf_counter() - began
        ask_chat(client, QUESTION)
        return ready, time.perf_counter() - began


def ask_chat(client: httpx.Client, question: str) -> None:
    """Send a question as the page of the chat does, and wait for the end of the answer."""
    dependencies = client.get("/config").raise_for_status().json()["dependencies"]
    asking = next(d for d in dependencies if any(t[1] == "submit" for t in d["targets"]))
    session = uuid.uuid4().hex
    question_files_statuses_turns = [question, [], [], None]
    job = {
        "data": question_files_statuses_turns,
        "fn_index": asking["id"],
        "session_hash": session,
    }
    client.post("/gradio_api/queue/join", json=job).raise_for_status()
    stream = client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session})
    with stream as events:
        for line in events.raise_for_status().iter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if event.get("msg") == "process_completed":
                if not event["success"]:
                    raise RuntimeError(f"the chat did not answer: {event}")
                return
    raise RuntimeError("the chat ended its answer too soon")


@contextmanager
def _server(workspace: Workspace, port: int) -> Iterator[str]:
    """``assistant serve``, ended with the block."""
    command = [*COMMAND, "serve", "-w", str(workspace.root), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_ready(client: httpx.Client) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            if client.get("/healthz", timeout=1).is_success:
                return
        except httpx.TransportError:  # the socket is bound before the server accepts
            time.sleep(0.02)
    raise RuntimeError("the server did not become ready")


def _ask_row(pairs: Sequence[tuple[Cost, Cost]]) -> Row:
    asks, alone = zip(*pairs, strict=True)
    busy = statistics.median(cost.busy for cost in asks)
    bare = statistics.median(cost.seconds for cost in alone)
    row = _row("assistant ask, from start to end", [cost.seconds for cost in asks])
    return replace(
        row,
        measured=f"{row.measured}; processor time {busy:.2f} s",
        against=f"loading the model alone: {bare:.2f} s",
        ratio=spread([ask.seconds / model.seconds for ask, model in pairs]),
        target=f"≤ {ASK_SECONDS:g} s",
    )


def _row(what: str, seconds: Sequence[float], target: str = "") -> Row:
    middle = statistics.median(seconds)
    measured = f"{middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
    return Row(what, measured, target=target)


if __name__ == "__main__":
    main()
