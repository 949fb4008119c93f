"""Visitors as an event sees them, without a browser."""

from __future__ import annotations

import gradio as gr
from fastapi import Request

from assistant.web.users import COOKIE

ONE = "one" + "-" * 40  # names such as the gate gives
OTHER = "other" + "-" * 40


def request(user: str | None = ONE, session: str = "page", **headers: str) -> gr.Request:
    """An event on the page ``session`` of ``user``, who has no cookie where that is None."""
    if user is not None:
        headers["cookie"] = f"theme=dark; {COOKIE}={user}"
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": raw}
    return gr.Request(request=Request(scope), session_hash=session)


def press(value: str) -> gr.EventData:
    """A button with ``value`` was pressed."""
    return gr.EventData(None, {"value": value})
