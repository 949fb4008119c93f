"""The web server of a workspace."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from assistant.api.guard import read_key
from assistant.errors import UsageError
from assistant.web.gate import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from assistant.workspace import Workspace

GRACE = 2  # seconds that open pages get when the server is stopped


def serve(
    workspace: Workspace, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """Serve the chat and the API of ``workspace`` until interrupted."""
    read_key(workspace.settings.api)  # before the index is opened: what is amiss is told at once
    listener = listen(host, port)
    with listener:
        from assistant.answer.assistant import Assistant  # noqa: PLC0415 - takes seconds to load
        from assistant.web.app import build_app  # noqa: PLC0415

        assistant = Assistant.open(workspace)
        assistant.warm_up()
        hosts = LOOPBACK | {host.lower()} if _loopback(listener) else None
        app = build_app(assistant, read_examples(workspace.prompts), hosts)
        run(app, listener, open_browser)


def run(app: FastAPI, listener: socket.socket, open_browser: bool = False) -> None:
    """Serve ``app`` on a socket that already listens."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE, ws="none"
    )
    try:
        _Server(config, address(listener), open_browser).run(sockets=[listener])
    except KeyboardInterrupt:
        return


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, or one sentence saying why there is none."""
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is not a port; choose one between 1 and 65535 with --port.")
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise UsageError(f"{host} is not an address of this machine.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(target)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UsageError(_refused(host, port, error)) from error
    return listener


def address(listener: socket.socket) -> str:
    """The address to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def read_examples(prompts: Path) -> list[str]:
    """The questions of ``examples.txt``, one a line; none where there is no such file."""
    try:
        lines = (prompts / "examples.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


class _Server(uvicorn.Server):
    """Tells the address once it answers there."""

    def __init__(self, config: uvicorn.Config, address: str, open_browser: bool) -> None:
        super().__init__(config)
        self.address = address
        self.open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            print(f"The assistant is at {self.address} (Ctrl-C stops it).", flush=True)
            if self.open_browser:
                webbrowser.open(self.address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; that open pages are cut off is no error to tell of."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets=sockets)


def _loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _refused(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} may not be used by this account; choose one above 1023."
    return f"{host} is not an address of this machine."
