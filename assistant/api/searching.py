"""``GET /api/search`` and ``GET /api/excerpts``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from assistant.api.answering import known
from assistant.api.models import FoundBody, Name, SearchBody
from assistant.api.problems import Refused, errors
from assistant.api.record import found_json, hits_json, next_page
from assistant.api.work import Workers, unless_left
from assistant.excerpts.query import ExcerptQuery, Mode, Order
from assistant.types import Filters, Status

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

Asked = Annotated[str, Query(description="what is looked for", examples=["levels of warfare"])]
Names = list[Name]
Offset = Annotated[int, Query(ge=0, le=100_000, description="how many to leave out")]
Limit = Annotated[int, Query(ge=1, le=200, description="how many to give at most")]
PdfPage = Annotated[int | None, Query(ge=1, le=1_000_000)]
Label = Annotated[str | None, Query(max_length=100)]
Around = Annotated[int, Query(ge=0, le=20, description="sentences to widen each excerpt by")]
_ERRORS = errors(400, 401, 403, 422, 500, 503)


def _any(description: str) -> Any:
    """A parameter that may be given several times, or not at all."""
    return Query(default_factory=list, max_length=200, description=description)


def filters_of(
    file: Annotated[Names, _any("only this document; repeatable")],
    status: Annotated[list[Status], _any("only documents of this status; repeatable")],
    publisher: Annotated[Names, _any("only of this publisher; repeatable")],
    marking: Annotated[Names, _any("only marked so; repeatable")],
    since: Annotated[date | None, Query(description="first date of an edition")] = None,
    until: Annotated[date | None, Query(description="last date of an edition")] = None,
) -> Filters:
    """What a search is restricted to."""
    return Filters(tuple(file), tuple(status), tuple(publisher), tuple(marking), since, until)


Chosen = Annotated[Filters, Depends(filters_of)]


def query_of(
    q: Asked,
    filters: Chosen,
    mode: Annotated[Mode, Query(description="how it is looked for; see docs/api.md")] = "auto",
    first_page: Annotated[PdfPage, Query(description="first PDF page")] = None,
    last_page: Annotated[PdfPage, Query(description="last PDF page")] = None,
    first_paragraph: Annotated[Label, Query(description="first numbered paragraph")] = None,
    last_paragraph: Annotated[Label, Query(description="last numbered paragraph")] = None,
    order: Annotated[Order, Query(description="how they are sorted")] = "relevance",
    before: Around = 0,
    after: Around = 0,
    grouped: Annotated[
        bool, Query(description="what several documents say in the same words is one excerpt")
    ] = True,
) -> ExcerptQuery:
    """A search for excerpts."""
    pages = paragraphs = None
    if first_page is not None or last_page is not None:
        pages = (first_page or 1, last_page or 1_000_000)
    if first_paragraph is not None and last_paragraph is not None:
        paragraphs = (first_paragraph, last_paragraph)
    elif first_paragraph is not None or last_paragraph is not None:
        raise Refused(422, "Give first_paragraph and last_paragraph together.")
    return ExcerptQuery(q, mode, filters, pages, paragraphs, order, before, after, grouped)


def searching_router(assistant: Assistant, workers: Workers) -> APIRouter:
    """The routes that find passages and excerpts."""
    router = APIRouter(tags=["search"])

    @router.get(
        "/api/search",
        response_model=SearchBody,
        responses=_ERRORS,
        operation_id="search",
    )
    async def search(
        q: Asked,
        filters: Chosen,
        request: Request,
        offset: Annotated[int, Query(ge=0, le=1000, description="how many to leave out")] = 0,
        limit: Limit = 10,
    ) -> Any:
        """Find the passages that bear on a question, best first."""

        def work() -> dict[str, Any]:
            hits = assistant.search(q, known(assistant, filters), offset + limit + 1)
            asked = request.query_params.multi_items()
            after = next_page("/api/search", asked, offset, limit, len(hits))
            return {**hits_json(q, hits, offset, limit), "next": after}

        return await unless_left(request, workers.run(work))

    @router.get(
        "/api/excerpts",
        response_model=FoundBody,
        responses=_ERRORS,
        operation_id="excerpts",
    )
    async def excerpts(
        query: Annotated[ExcerptQuery, Depends(query_of)],
        request: Request,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> Any:
        """Find every excerpt on a matter, with its place."""

        def work() -> dict[str, Any]:
            known(assistant, query.filters)
            found = assistant.excerpts(query, limit, offset)
            asked = request.query_params.multi_items()
            after = next_page("/api/excerpts", asked, offset, limit, found.total)
            return {**found_json(found, limit), "next": after}

        return await unless_left(request, workers.run(work))

    return router
