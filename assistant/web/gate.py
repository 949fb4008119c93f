"""What the server lets in, and what it lets a page of its own do.

Gradio serves far more than this page needs (uploads, a proxy, files, an API). The gate
lets through the few routes that the chat uses, and those of the API, and tells the browser
to load nothing from another host and to run no script that the server did not write.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any

from fastapi.responses import PlainTextResponse, Response

from assistant.api.guard import for_programs
from assistant.api.problems import refusal
from assistant.web.users import cookie_name, new_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

EXACT = frozenset(
    {
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/pages/facts",
        "/pages/picture",
        "/evaluation/compare",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/reset",
        "/gradio_api/cancel",
        "/gradio_api/startup-events",
    }
)
BELOW = ("/assets/", "/static/", "/ui/", "/gradio_api/heartbeat/")
NAMED = re.compile(
    r"/evaluation/runs/[^/]+/report|/conversations/[0-9a-f]{1,64}/export\.(?:md|docx)"
    r"|/selections/[0-9a-f]{1,64}/export\.[a-z]{2,4}|/matrix/export\.(?:docx|xlsx|json)"
)
OWN = "/evaluation/"  # what is served below it brings a policy of its own along
READING = frozenset({"GET", "HEAD"})
# What a browser says of a request that a page of ours made, or of none at all. One from
# another port of the same machine is "same-site", and its cookies come along.
TRUSTED = frozenset({"", "same-origin", "none"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}

_SCRIPT = re.compile(rb"<script(?=[\s>])")
_FOREIGN = re.compile(
    rb'<meta[^>]*(?:property|name)="(?:og|twitter):[^>]*>|<link rel="manifest"[^>]*>'
)


class Gate:
    """The outermost layer of the application.

    ``hosts`` are the names by which the server may be addressed, None for any. A server
    on the loopback names itself, so that no website can reach it through a name of its
    own that resolves to this machine. ``naming``: a visitor without a name is given one in a
    cookie.
    """

    def __init__(
        self, app: Application, hosts: Collection[str] | None = None, naming: bool = False
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.naming = naming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        path = scope["path"]
        front = path == "/" and scope["method"] == "GET"
        if front:
            scope = _uncompressed(scope)
        cookie = self._cookie(scope) if front else None
        answer = _Reply(send, nonce, front, own=path.startswith(OWN), cookie=cookie)
        if self.hosts is not None and _host(scope) not in self.hosts:
            await _refused(path, 400, "Unknown host name.")(scope, receive, answer)
        elif _header(scope, b"sec-fetch-site") not in TRUSTED and (
            scope["method"] not in READING or for_programs(path)
        ):
            await _refused(path, 403, "Another site may not do this.")(scope, receive, answer)
        elif path in EXACT or path.startswith(BELOW) or NAMED.fullmatch(path) or for_programs(path):
            await self.app(scope, receive, answer)
        else:
            await _refused(path, 404, "Not found.")(scope, receive, answer)

    def _cookie(self, scope: Scope) -> str | None:
        """The cookie for a visitor who has no name yet."""
        if not self.naming or cookie_name(_raw(scope, b"cookie")):
            return None
        return new_cookie(secure=scope.get("scheme") == "https")


def _refused(path: str, status: int, sentence: str) -> Response:
    """A refusal in words for a person, or as the API tells its errors."""
    if for_programs(path):
        return refusal(path, status, sentence)
    return PlainTextResponse(f"{sentence}\n", status)


class _Reply:
    """Sends a response with our headers, and the front page with its scripts signed.

    ``own``: a policy that the response brings along is kept. ``cookie`` is set, if any.
    """

    def __init__(
        self, send: Send, nonce: str, front: bool, own: bool = False, cookie: str | None = None
    ) -> None:
        self.send = send
        self.nonce = nonce
        self.front = front
        self.own = own
        self.cookie = cookie
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = {**FIXED}
            if not (self.own and _has_policy(message["headers"])):
                headers["Content-Security-Policy"] = _policy(self.nonce)
            if self.front:
                headers["Cache-Control"] = "no-store"
            if self.cookie:
                headers["Set-Cookie"] = self.cookie
            message = {**message, "headers": _headed(message["headers"], headers)}
            if self.front:
                self.start = message
                return
        elif self.front and message["type"] == "http.response.body" and self.start is not None:
            self.body += message.get("body", b"")
            if message.get("more_body"):
                return
            page = _signed(bytes(self.body), self.nonce)
            headers = {"Content-Length": str(len(page))}
            start = {**self.start, "headers": _headed(self.start["headers"], headers)}
            await self.send(start)
            message = {"type": "http.response.body", "body": page}
        await self.send(message)


def _policy(nonce: str) -> str:
    """Gradio evaluates its templates, hence ``unsafe-eval``; inline handlers stay barred."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _has_policy(headers: Collection[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-security-policy" for name, _ in headers)


def _signed(page: bytes, nonce: str) -> bytes:
    """The front page with its own scripts signed, and without pointers to other hosts."""
    return _SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', _FOREIGN.sub(b"", page))


def _headed(
    headers: Collection[tuple[bytes, bytes]], added: Mapping[str, str]
) -> list[tuple[bytes, bytes]]:
    """``headers`` with ``added`` in the place of those of the same name."""
    names = {name.lower().encode() for name in added}
    kept = [pair for pair in headers if pair[0].lower() not in names]
    return [*kept, *((name.lower().encode(), value.encode()) for name, value in added.items())]


def _uncompressed(scope: Scope) -> Scope:
    headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": headers}


def _header(scope: Scope, name: bytes) -> str:
    return _raw(scope, name).lower()


def _raw(scope: Scope, name: bytes) -> str:
    value: bytes = dict(scope["headers"]).get(name, b"")
    return value.decode("latin-1")


def _host(scope: Scope) -> str:
    value = _header(scope, b"host")
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0]
