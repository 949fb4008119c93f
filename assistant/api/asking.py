"""``POST /api/ask``: an answer as JSON, or as it comes about."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.answer.record import answer_json
from assistant.api.answering import Answering, Question
from assistant.api.events import EVENT_SCHEMA, event, event_stream
from assistant.api.examples import EVENT
from assistant.api.models import AnswerBody, AskBody
from assistant.api.problems import errors, told
from assistant.api.record import progress_json
from assistant.api.work import unless_left
from assistant.types import Answer, Progress

_REPLIES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the answer, or why there is none; as events where that was asked for: "
        "any number of `progress`, then one `answer` or one `error` (a problem)",
        "content": {
            "text/event-stream": {"schema": EVENT_SCHEMA, "example": EVENT},
        },
    },
    **errors(400, 401, 403, 413, 415, 422, 429, 500, 503),
}


def asking_router(answering: Answering) -> APIRouter:
    """The route that answers questions."""
    router = APIRouter(tags=["questions"])

    @router.post("/api/ask", response_model=AnswerBody, responses=_REPLIES, operation_id="ask")
    async def ask(body: AskBody, request: Request) -> Any:
        """Answer a question with citations, or say that the documents do not say.

        Closing the connection stops the work on it.
        """
        question = Question(body.question, body.filters.value(), body.context, body.extractive)
        if body.stream or _wants_events(request):
            return await _events(answering, question, request)
        return answer_json(await unless_left(request, answering.answer(question)))

    return router


def _wants_events(request: Request) -> bool:
    accepted = request.headers.get("accept", "").split(",")
    return any(kind.partition(";")[0].strip() == "text/event-stream" for kind in accepted)


async def _events(answering: Answering, question: Question, request: Request) -> Response:
    """The events; what fails before the first one fails with its status."""
    items = answering.stream(question)
    first = await unless_left(request, anext(items))
    return event_stream(_told(first, items))


async def _told(
    first: Progress | Answer, rest: AsyncGenerator[Progress | Answer, None]
) -> AsyncGenerator[bytes, None]:
    try:
        yield _event(first)
        async for item in rest:
            yield _event(item)
    except Exception as error:
        yield event(told("/api/ask", error).model_dump_json(), "error")
    finally:
        await rest.aclose()


def _event(item: Progress | Answer) -> bytes:
    if isinstance(item, Answer):
        return event(json.dumps(answer_json(item)), "answer")
    return event(json.dumps(progress_json(item)), "progress")
