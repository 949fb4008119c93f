"""The guard in tests/netguard must itself hold, or the offline tests prove nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.netguard.sitecustomize import LOG_VARIABLE, is_local


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", True),
        (b"localhost", True),
        (None, True),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("example.invalid", False),
    ],
)
def test_only_this_machine_is_local(host: object, local: bool) -> None:
    assert is_local(host) is local


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.parametrize(
    "reach",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.getaddrinfo('example.invalid', 80)",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    ],
)
def test_a_process_that_a_test_starts_is_refused_and_written_down(
    reach: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    run = subprocess.run(
        [sys.executable, "-c", f"import socket; {reach}"],
        env={**os.environ, LOG_VARIABLE: str(log)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no connection beyond this machine" in run.stderr
    assert "192.0.2.1" in log.read_text() or "example.invalid" in log.read_text()
