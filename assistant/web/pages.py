"""The routes of a page: its picture, and where on it the cited characters stand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from assistant.errors import AssistantError, DocumentError
from assistant.web.labels import both_pages, page_of

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.types import Document

WIDTHS = (480, 720, 960, 1280, 1600, 2000, 2400)
SPANS = 64  # ranges that one request may ask boxes for

log = logging.getLogger(__name__)

File = Annotated[str, Query(max_length=2000)]
Number = Annotated[int, Query(ge=1, le=1_000_000)]
Spans = Annotated[str, Query(max_length=4000, pattern=r"^(\d{1,9}-\d{1,9}(,\d{1,9}-\d{1,9})*)?$")]

P = ParamSpec("P")


def page_router(assistant: Assistant) -> APIRouter:
    """The routes below ``/pages``; a file is looked up, never made into a path."""
    router = APIRouter(prefix="/pages")

    @router.get("/facts")
    @_told
    def facts(file: File, page: Number, spans: Spans = "") -> Response:
        document = _known(assistant, file)
        label = _label(assistant, document, page)
        boxes = [
            {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
            for start, end in _ranges(spans)
            for box in assistant.page_boxes(document.file, page, start, end)
        ]
        content: dict[str, Any] = {
            "page": page,
            "label": label,
            "name": both_pages(label, page),
            "place": page_of(label, page, document.page_count),
            "boxes": boxes,
        }
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    @router.get("/picture")
    @_told
    def picture(file: File, page: Number, width: int = 960) -> Response:
        document = _known(assistant, file)
        step = next((step for step in WIDTHS if step >= width), WIDTHS[-1])
        png = assistant.page_picture(document.file, page, step)
        headers = {"Cache-Control": "private, max-age=86400"}
        return Response(png, media_type="image/png", headers=headers)

    return router


def _known(assistant: Assistant, file: str) -> Document:
    for document in assistant.documents():
        if document.file == file:
            return document
    raise DocumentError("This document is not in the index.")


def _label(assistant: Assistant, document: Document, page: int) -> str | None:
    """The printed page; a page without text is not indexed, but can be looked at."""
    try:
        return assistant.page(document.file, page).label
    except DocumentError:
        if page <= document.page_count:
            return None
        raise


def _ranges(spans: str) -> list[tuple[int, int]]:
    pairs = [part.split("-") for part in spans.split(",") if part]
    return [(int(start), int(end)) for start, end in pairs][:SPANS]


def _told(route: Callable[P, Response]) -> Callable[P, Response]:
    """Turn what goes wrong in a route into one sentence that the viewer can show."""

    @wraps(route)
    def told(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return route(*args, **kwargs)
        except AssistantError as error:
            return refusal(404, str(error))
        except Exception:
            log.exception("a page could not be shown")
            return refusal(500, "This page cannot be shown; the server's log says why.")

    return told


def refusal(status: int, sentence: str) -> JSONResponse:
    """An error as one sentence; never kept by a cache, for the next try may succeed."""
    headers = {"Cache-Control": "no-store"}
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)
