"""docs/api.md is true: every command and every snippet in it is run against a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", TEXT, flags=re.M | re.S)
COMMANDS = [line for block in SHELL for line in block.splitlines() if line.startswith("curl ")]
PYTHON = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.M | re.S)
ROUTE = re.compile(r"\$HOST(/[^\"?]*)")


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 15 and len(PYTHON) == 1


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_what_it_shows(command: str, url: str, tmp_path: Path) -> None:
    run = subprocess.run(
        ["sh", "-c", command.replace("curl ", "curl --fail-with-body --max-time 60 ", 1)],
        env={"PATH": os.environ["PATH"], "HOST": url, "KEY": "any"},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    (route,) = ROUTE.findall(command)
    if "event-stream" in command:
        assert run.stdout.startswith("event: answer\ndata: {")
    elif '"stream": true' in command:
        assert run.stdout.endswith("data: [DONE]\n\n")
    elif "-o page.png" in command:
        assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    elif route in ("/healthz", "/metrics"):
        assert run.stdout
    else:
        told = json.loads(run.stdout)
        assert told and not {"detail", "error"} & told.keys()
        assert told.get("hits", [1]) and told.get("excerpts", [1])


def test_every_route_has_a_command(client: TestClient) -> None:
    shown = [ROUTE.findall(command)[0] for command in COMMANDS]
    paths = client.get("/api/openapi.json").json()["paths"]
    for path in paths:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        assert any(re.fullmatch(pattern, route) for route in shown), path


def test_the_snippet_runs(url: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"HOST = {url!r}\n{PYTHON[0]}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    assert "[1]" in run.stdout and ".pdf" in run.stdout


def test_every_metric_and_parameter_is_documented(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    names = {
        parameter["name"]
        for operations in document["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }
    names |= set(re.findall(r"^# TYPE (\S+?)(?:_created)? ", client.get("/metrics").text, re.M))
    missing = [name for name in names if not re.search(f"`{name}(_total)?`", TEXT)]
    assert not missing
