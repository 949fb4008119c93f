"""A build that is killed at any moment leaves an index that answers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.index.builder import build_index
from assistant.index.embedder import Embedder
from assistant.index.reader import open_index
from assistant.index.store import is_searchable
from assistant.types import Citation
from assistant.workspace import Workspace, create_workspace
from tests.index.conftest import draw_pdf

KILLS = 20
STABLE = "Who commands the river crossing?"
CHANGING = "What does the logistics officer report every morning?"


def write_corpus(folder: Path, version: int) -> None:
    """One document that stays and one of which every passage changes with ``version``."""
    draw_pdf(
        folder / "stable.pdf",
        "The brigade commander commands the river crossing.\nEngineers mark the far bank.",
        "Military police control the traffic on both banks.",
    )
    changing = [
        "\n".join(
            f"In edition {version} convoy {page} takes road {line} and carries fuel by night."
            for line in range(12)
        )
        for page in range(8)
    ]
    report = f"The logistics officer reports the stocks of edition {version} every morning."
    draw_pdf(folder / "changing.pdf", report, *changing)


def start_build(workspace: Workspace) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli.main", "index", "--workspace", str(workspace.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that its worker is killed with it
    )


def quote(workspace: Workspace, question: str) -> Citation:
    """What a process that starts now would cite first."""
    answer = Assistant.open(workspace).ask(question)
    assert not answer.abstained, answer.reason
    return answer.citations[0]


def best_passage(workspace: Workspace, question: str) -> str:
    return Assistant.open(workspace).search(question)[0].passage.text


def check_index(workspace: Workspace, embedder: Embedder) -> str:
    """The index is whole; returns its fingerprint."""
    index = open_index(workspace, embedder)
    try:
        index.store.check()
        assert index.vectors.ids() == {p.id for p in index.store.passages() if is_searchable(p)}
        return index.summary.fingerprint
    finally:
        index.close()


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_killed_build_leaves_the_old_index_answering(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = Embedder()  # loaded once for all that follows
    monkeypatch.setattr("assistant.answer.assistant.Embedder", lambda *_: model)
    workspace = create_workspace(tmp_path / "workspace", empty=True)
    write_corpus(workspace.corpus, 0)
    build_index(workspace)
    complete = {check_index(workspace, model): 0}
    stable = quote(workspace, STABLE)
    running = Assistant.open(workspace)  # a chat that stays open meanwhile

    durations = []
    for version in (1, 2):
        write_corpus(workspace.corpus, version)
        began = time.monotonic()
        assert start_build(workspace).wait() == 0
        durations.append(time.monotonic() - began)
        complete[check_index(workspace, model)] = version
    duration = min(durations)

    seed = random.randrange(2**32)
    moments = random.Random(seed)
    outcomes = []
    for kill in range(KILLS):
        version = kill + 3
        write_corpus(workspace.corpus, version)
        build = start_build(workspace)
        # One moment in each twentieth of the time that a build takes.
        time.sleep(duration * (kill + moments.random()) / KILLS)
        ended = build.poll() is not None
        os.killpg(build.pid, signal.SIGKILL) if not ended else None
        build.wait()

        fingerprint = check_index(workspace, model)
        if fingerprint not in complete:  # it was killed after the switch
            complete[fingerprint] = version
        assert f"edition {complete[fingerprint]} " in best_passage(workspace, CHANGING)
        assert quote(workspace, STABLE) == stable, f"seed {seed}, kill {kill}"
        assert running.ask(STABLE).citations[0] == stable, f"seed {seed}, kill {kill}"
        outcomes.append(complete[fingerprint] == version)

    assert start_build(workspace).wait() == 0
    assert f"edition {KILLS + 2} " in best_passage(workspace, CHANGING)
    assert quote(workspace, STABLE) == stable
    check_index(workspace, model)
    assert len(list(workspace.index.glob("generation-*"))) <= 2
    with capsys.disabled():
        print(f"\n{KILLS} kills over {duration:.1f} s; {sum(outcomes)} after the switch")
