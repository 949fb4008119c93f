"""The documents of the index and their pages, as text and as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from assistant.api.examples import DOCUMENT
from assistant.api.models import DocumentBody, DocumentsBody, PageBody
from assistant.api.pictures import marked
from assistant.api.problems import errors
from assistant.api.record import document_json, next_page, page_json
from assistant.api.searching import Limit, Offset
from assistant.api.work import Workers, unless_left
from assistant.corpus.pictures import MAX_WIDTH, MIN_WIDTH
from assistant.errors import DocumentError

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.types import Document

RANGES = 64  # ranges that one picture may have marked

Id = Annotated[str, Path(max_length=200, description="id of a document", examples=[DOCUMENT["id"]])]
Number = Annotated[
    int, Path(ge=1, le=1_000_000, description="the physical page, from 1", examples=[5])
]
_RANGE = r"\d{1,9}-\d{1,9}"
Highlight = Annotated[
    str,
    Query(
        pattern=rf"^({_RANGE}(,{_RANGE}){{0,{RANGES - 1}}})?$",
        max_length=20 * RANGES,
        description="ranges of characters of the page's text to mark, at most 64",
        examples=["340-512,600-610"],
    ),
]
Width = Annotated[
    int, Query(ge=MIN_WIDTH, le=MAX_WIDTH, description="pixels that the picture is wide")
]
_ERRORS = errors(400, 401, 403, 404, 422, 500, 503)


def reading_router(assistant: Assistant, workers: Workers) -> APIRouter:
    """The routes below ``/api/documents``; a document is looked up, never made into a path."""
    router = APIRouter(tags=["documents"])

    @router.get(
        "/api/documents",
        response_model=DocumentsBody,
        responses=_ERRORS,
        operation_id="documents",
    )
    async def documents(request: Request, offset: Offset = 0, limit: Limit = 50) -> Any:
        """List the documents of the index by file."""

        def work() -> dict[str, Any]:
            found, asked = assistant.documents(), request.query_params.multi_items()
            return {
                "documents": [document_json(d) for d in found[offset : offset + limit]],
                "total": len(found),
                "offset": offset,
                "limit": limit,
                "index": assistant.summary().fingerprint,
                "next": next_page("/api/documents", asked, offset, limit, len(found)),
            }

        return await unless_left(request, workers.run(work))

    @router.get(
        "/api/documents/{id}",
        response_model=DocumentBody,
        responses=_ERRORS,
        operation_id="document",
    )
    async def document(id: Id, request: Request) -> Any:
        """One document and what is known about it."""
        found = await unless_left(request, workers.run(lambda: _document(assistant, id)))
        return document_json(found)

    @router.get(
        "/api/documents/{id}/pages/{number}.png",
        response_class=Response,
        responses={
            200: {
                "description": "the picture",
                "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
            },
            **_ERRORS,
        },
        operation_id="picture",
    )
    async def picture(
        id: Id, number: Number, request: Request, highlight: Highlight = "", width: Width = 960
    ) -> Response:
        """A page as a picture, with ranges of its text marked."""

        def work() -> bytes:
            file = _document(assistant, id).file
            png = assistant.page_picture(file, number, width)
            boxes = [
                box
                for start, end in _ranges(highlight)
                for box in assistant.page_boxes(file, number, start, end)
            ]
            return marked(png, boxes)

        png = await unless_left(request, workers.run(work))
        headers = {"Cache-Control": "private, max-age=3600"}
        return Response(png, media_type="image/png", headers=headers)

    @router.get(
        "/api/documents/{id}/pages/{number}",
        response_model=PageBody,
        responses=_ERRORS,
        operation_id="page",
    )
    async def page(id: Id, number: Number, request: Request) -> Any:
        """A page as text, with what is printed on it as its number."""

        def work() -> dict[str, Any]:
            found = _document(assistant, id)
            return page_json(found, assistant.page(found.file, number))

        return await unless_left(request, workers.run(work))

    return router


def _document(assistant: Assistant, id: str) -> Document:
    for document in assistant.documents():
        if document.id == id:
            return document
    raise DocumentError("There is no such document in the index.")


def _ranges(highlight: str) -> list[tuple[int, int]]:
    pairs = [part.split("-") for part in highlight.split(",") if part]
    return [(int(start), int(end)) for start, end in pairs]
