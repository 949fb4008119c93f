"""Who may ask, how often, and how much may be sent: checked before any route."""

from __future__ import annotations

import hmac
import math
import os
import time
from collections.abc import Mapping
from typing import Final

from fastapi.responses import Response
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.api.problems import (
    Application,
    Message,
    Receive,
    Refused,
    Scope,
    Send,
    refusal,
)
from assistant.config import ApiSettings
from assistant.errors import UsageError

BELOW: Final = ("/api", "/v1", "/mcp")  # what is for programs
ASKING: Final = frozenset({"/api/ask", "/v1/chat/completions", "/mcp"})


def for_programs(path: str) -> bool:
    """Whether ``path`` is of the API; only such a path asks for a key."""
    return any(path == top or path.startswith(f"{top}/") for top in BELOW)


def read_key(settings: ApiSettings) -> str | None:
    """The key that callers must send; raises UsageError where it is wanted and not set."""
    if not settings.enabled or not settings.key_env:
        return None
    key = os.environ.get(settings.key_env, "").strip()
    if not key:
        raise UsageError(
            f"The environment variable {settings.key_env}, which [api] key_env names, is not set."
        )
    return key


class Guard:
    """The layer before the routes of the API; everything else passes it untouched."""

    def __init__(self, app: Application, settings: ApiSettings, key: str | None) -> None:
        self.app = app
        self.key = key
        self.most = settings.max_body
        self.rate: RateLimitItem | None = parse(settings.rate) if settings.rate else None
        self.limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or not for_programs(scope["path"]):
            await self.app(scope, receive, send)
        elif refused := self._refused(scope):
            await refused(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive), send)

    def _refused(self, scope: Scope) -> Response | None:
        path, headers = scope["path"], _headers(scope)
        if self.key is not None and not self._knows(headers.get(b"authorization", b"")):
            sentence = "Send the key of this server as: Authorization: Bearer KEY"
            said = {"WWW-Authenticate": "Bearer"}
            return refusal(path, 401, sentence, headers=said, code="invalid_api_key")
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.most:
            return refusal(path, 413, self._too_large())
        if scope["method"] != "POST" or path not in ASKING:
            return None
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != b"application/json":  # what a form of another site cannot send
            return refusal(path, 415, "Send the body as Content-Type: application/json")
        return self._too_often(path, scope)

    def _knows(self, header: bytes) -> bool:
        scheme, _, given = header.partition(b" ")
        assert self.key is not None
        same = hmac.compare_digest(given.strip(), self.key.encode())
        return scheme.lower() == b"bearer" and same

    def _too_often(self, path: str, scope: Scope) -> Response | None:
        client = scope.get("client")
        address = client[0] if client else ""
        if self.rate is None or self.limiter.hit(self.rate, address):
            return None
        until = self.limiter.get_window_stats(self.rate, address).reset_time - time.time()
        wait = max(1, math.ceil(until))
        sentence = f"More than {self.rate.amount} questions within {_period(self.rate)}."
        said = {"Retry-After": str(wait)}
        return refusal(path, 429, sentence, headers=said, code="rate_limit_exceeded")

    def _too_large(self) -> str:
        return f"The body has more than {self.most:,} bytes."

    def _counted(self, receive: Receive) -> Receive:
        """``receive`` that goes on only as long as the body is not too large."""
        taken = 0

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most:
                raise Refused(413, self._too_large(), headers={"Connection": "close"})
            return message

        return counting


def _headers(scope: Scope) -> Mapping[bytes, bytes]:
    found: dict[bytes, bytes] = dict(scope["headers"])
    return found


def _period(rate: RateLimitItem) -> str:
    unit = rate.GRANULARITY.name
    return f"a {unit}" if unit != "hour" else "an hour"
