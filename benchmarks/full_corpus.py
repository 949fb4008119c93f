"""Indexes a large corpus from nothing and checks what it cost and what it reported.

    python benchmarks/full_corpus.py --corpus DIR --workspace NEW_DIR

Runs ``assistant index`` twice in a process of its own and prints: exit status, documents and
pages in, indexed and reported, peak memory of the process and its children together, and the
time of both runs. Ends with status 1 where pages do not add up, the second run embeds
something or takes more than 10 s, or memory passes 2.5 GB. Takes about a quarter of an hour
for 3,000 pages on two cores.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from assistant.workspace import create_workspace

MEMORY_GB, SECOND_RUN_SECONDS = 2.5, 10.0
SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Run:
    """One ``assistant index``: exit status, its report, wall time, peak memory in GB."""

    status: int
    report: dict[str, Any]
    seconds: float
    memory: float


def main() -> None:
    """Index twice, print a table, and say by the exit status whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--workspace", type=Path, required=True, help="made if it is not there")
    arguments = parser.parse_args()
    if not arguments.workspace.exists():
        workspace = create_workspace(arguments.workspace, empty=True)
        shutil.copytree(arguments.corpus, workspace.corpus, dirs_exist_ok=True)
    first, second = index(arguments.workspace), index(arguments.workspace)
    documents = first.report["documents"]
    pages = sum(d["pages"] for d in documents)
    indexed = sum(d["indexed_pages"] for d in documents)
    unread = sum(len(d["unread"]) for d in documents)
    refused = [d for d in documents if d["state"] == "refused"]
    print(f"{len(documents)} files, {len(refused)} refused; exit status {first.status}")
    print(f"{pages} pages = {indexed} indexed + {unread} reported")
    print(f"{first.report['passages']} passages, {first.report['embedded']} texts embedded")
    print(f"first run {first.seconds:.0f} s, {first.memory:.2f} GB at most")
    print(f"second run {second.seconds:.1f} s, {second.report['embedded']} embedded")
    for document in refused:
        print(f"refused: {document['reason']}")
    lost = [d["file"] for d in documents if d["pages"] != d["indexed_pages"] + len(d["unread"])]
    well = (
        not lost
        and second.report["embedded"] == 0
        and not second.report["rebuilt"]
        and second.seconds <= SECOND_RUN_SECONDS
        and max(first.memory, second.memory) <= MEMORY_GB
    )
    sys.exit(0 if well else 1)


def index(workspace: Path) -> Run:
    """``assistant index --json``, watched."""
    command = [sys.executable, "-m", "assistant.cli.main", "index", "--json", "-w", str(workspace)]
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen(command, stdout=output)
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory(process))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - began
        output.seek(0)
        report = json.loads(output.read())
    return Run(process.returncode, report, seconds, peak / 1e9)


def memory(process: psutil.Process) -> int:
    """Resident bytes of ``process`` and all its children."""
    total = 0
    for one in (process, *children(process)):
        try:
            total += one.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total


def children(process: psutil.Process) -> list[psutil.Process]:
    """The processes below ``process`` that are still there."""
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


if __name__ == "__main__":
    main()
