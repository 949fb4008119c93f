"""Refuses every connection and look-up beyond this machine, and writes down each attempt.

tests/conftest.py calls ``install`` for its own process and puts this folder on PYTHONPATH,
where its name makes every Python process that a test starts import it before anything
else. An audit hook cannot be removed, and sees sockets however a library opens them.
"""

import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOG_VARIABLE = "ASSISTANT_TEST_NETWORK_LOG"


class NetworkDenied(ConnectionRefusedError):  # noqa: N818 - named for what happened
    """A test, or what it ran, reached for another machine."""


def is_local(host: object) -> bool:
    """Whether a host names this machine, or every address of it."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _host_of(event: str, args: tuple[Any, ...]) -> object:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return args[0]
    address = args[1]
    return address[0] if isinstance(address, tuple) else None  # None: a Unix socket


_WATCHED = {
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
}


def _hook() -> Callable[[str, tuple[Any, ...]], None]:
    own_name = os.uname().nodename if hasattr(os, "uname") else ""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in _WATCHED:
            return
        host = _host_of(event, args)
        if is_local(host) or host == own_name:
            return
        attempt = f"{event} {host!r} by {' '.join(sys.argv[:3]) or sys.executable}"
        if log := os.environ.get(LOG_VARIABLE):
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(attempt + "\n")
        raise NetworkDenied(f"no connection beyond this machine in tests: {attempt}")

    return hook


def install() -> None:
    """Watch this process from now on."""
    sys.addaudithook(_hook())


if __name__ == "sitecustomize":
    install()
