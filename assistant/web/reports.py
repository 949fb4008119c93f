"""The routes of reports: what a run came to, and how two of them differ, each a whole page."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response

from assistant.errors import AssistantError
from assistant.eval.shelf import find_run

if TYPE_CHECKING:
    from assistant.workspace import Workspace

FAILED: Final = "This report cannot be shown; the server's log says why."
READING: Final = ["GET", "HEAD"]
# The policy that a report brings along stands in its head, before anything of its content.
POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
HEAD: Final = 2000  # bytes in which it is looked for
STRICT: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

log = logging.getLogger(__name__)

Name = Annotated[str, Query(max_length=255)]


def report_router(workspace: Workspace) -> APIRouter:
    """The routes below ``/evaluation``; a run is looked up, never made into a path."""
    router = APIRouter(prefix="/evaluation")
    evaluation = workspace.evaluation

    @router.api_route("/runs/{name}/report", methods=READING)
    def report(name: str) -> Response:
        from assistant.eval.served import report_page  # noqa: PLC0415 - loads statistics

        return _told(lambda: report_page(find_run(evaluation, name), "../../../"))

    @router.api_route("/compare", methods=READING)
    def compare(a: Name, b: Name) -> Response:
        from assistant.eval.served import comparison_page  # noqa: PLC0415

        return _told(
            lambda: comparison_page(find_run(evaluation, a), find_run(evaluation, b), "../")
        )

    return router


def _told(page: Callable[[], bytes]) -> Response:
    """The page, or one sentence that says why there is none."""
    try:
        content = page()
    except AssistantError as error:
        return _sentence(str(error), 404)
    except Exception:
        log.exception("a report could not be shown")
        return _sentence(FAILED, 500)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _policy(content)}
    return Response(content, media_type="text/html; charset=utf-8", headers=headers)


def _policy(page: bytes) -> str:
    """What a page allows itself, and that no other site may frame it."""
    found = POLICY.search(page, 0, HEAD)
    policy = unescape(found[1].decode()) if found else STRICT
    return f"{policy}; frame-ancestors 'self'"


def _sentence(text: str, status: int) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers={"Cache-Control": "no-store"})
