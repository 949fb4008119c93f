"""Where the server listens, and what it says when it cannot."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.web.server import address, listen, read_examples
from tests.conftest import ROOT


def test_a_free_port_is_found_and_named() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address(listener) == f"http://127.0.0.1:{port}"


def test_every_address_is_named_by_the_one_to_type() -> None:
    with listen("0.0.0.0", 0) as listener:
        assert address(listener).startswith("http://127.0.0.1:")


def test_a_taken_port_is_one_sentence() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(UsageError, match=rf"^Port {port} on 127.0.0.1 is in use; .*--port\.$"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 65536, 10**6])
def test_a_port_that_is_none_is_one_sentence(port: int) -> None:
    with pytest.raises(UsageError, match="is not a port"):
        listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UsageError, match="not an address of this machine"):
        listen("192.0.2.1", 0)


def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        listener = listen("::1", 0)
    except UsageError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert address(listener).startswith("http://[::1]:")


def test_examples_are_lines_and_may_be_missing(tmp_path: Path) -> None:
    assert read_examples(tmp_path) == []
    (tmp_path / "examples.txt").write_text("# questions\n\n What is asked? \nSecond?\n")
    assert read_examples(tmp_path) == ["What is asked?", "Second?"]
    (tmp_path / "examples.txt").write_bytes(b"\xff\xfe\xfa")
    assert read_examples(tmp_path) == []


STAYING = """
import sys
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from assistant.web.server import listen, run

async def forever():
    import asyncio
    while True:
        yield b"still here\\n"
        await asyncio.sleep(0.1)

app = FastAPI()
app.get("/stay")(lambda: StreamingResponse(forever()))
run(app, listen("127.0.0.1", 0))
"""


def test_an_interrupt_stops_the_server_quietly_though_a_page_is_open() -> None:
    command = [sys.executable, "-c", STAYING]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert server.stdout and server.stderr
        line = server.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert url, line
        with urllib.request.urlopen(f"{url[0]}/stay", timeout=10) as page:
            assert page.readline() == b"still here\n"
            server.send_signal(signal.SIGINT)
            assert server.wait(20) == 0
        assert server.stderr.read() == ""
    finally:
        server.kill()
