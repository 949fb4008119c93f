"""Server-sent events: a reply that is sent while it comes about."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Final

from fastapi.responses import StreamingResponse

QUIET: Final = 10.0  # seconds of silence after which a line says that the server is at work
EVENT_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "one event",
    "properties": {
        "event": {"type": "string", "description": "what it is, where there are several sorts"},
        "data": {"type": "string", "description": "JSON, or `[DONE]`"},
    },
    "required": ["data"],
}
_ALIVE: Final = b": at work\n\n"
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event(data: str, name: str | None = None) -> bytes:
    """One event; ``data`` is JSON, so it has no line breaks of its own."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {data}\n\n".encode()


def event_stream(events: AsyncGenerator[bytes, None]) -> StreamingResponse:
    """``events`` as a reply; they are closed when the caller leaves."""
    reply = StreamingResponse(_kept_alive(events), headers=_HEADERS)
    reply.headers["Content-Type"] = "text/event-stream; charset=utf-8"
    return reply


async def _kept_alive(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """``events``, and a comment whenever none has come for a while."""
    waiting: asyncio.Future[bytes] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({waiting}, timeout=QUIET)
            if not done:
                yield _ALIVE
                continue
            try:
                piece = waiting.result()
            except StopAsyncIteration:
                return
            finally:
                waiting = None
            yield piece
    finally:
        if waiting is not None:
            waiting.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await waiting
        await events.aclose()
