"""``/v1``: the assistant as a model that any client of OpenAI's can talk to.

What is streamed is the checked answer: a client cannot take back what it has shown, so nothing
is sent that a later check might drop.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request

from assistant.api.answering import Answering, Question
from assistant.api.chat_models import (
    EXTRACTIVE,
    MODELS,
    ChatBody,
    Completion,
    ModelBody,
    ModelsBody,
)
from assistant.api.chat_text import message_json, pieces, usage_json
from assistant.api.events import EVENT_SCHEMA, event, event_stream
from assistant.api.examples import CHUNK, MODEL
from assistant.api.problems import Refused, errors
from assistant.api.work import unless_left
from assistant.types import Answer

CONTEXT: Final = 10  # earlier questions that a question may refer to
_ERRORS: Final = errors(400, 401, 403, 404, 413, 415, 429, 500, 503, openai=True)
_DONE: Final = event("[DONE]")


def chat_router(answering: Answering) -> APIRouter:
    """The routes below ``/v1``."""
    router = APIRouter(tags=["chat completions"])
    began = int(time.time())

    def described(id: str) -> dict[str, Any]:
        return {
            "id": id,
            "object": "model",
            "created": began,
            "owned_by": "this server",
            "description": MODELS[id],
        }

    @router.get(
        "/v1/models",
        response_model=ModelsBody,
        responses=errors(400, 401, 403, 500, openai=True),
        operation_id="models",
    )
    async def models() -> Any:
        """List the ways to be answered."""
        return {"object": "list", "data": [described(id) for id in MODELS]}

    @router.get(
        "/v1/models/{id}",
        response_model=ModelBody,
        responses=errors(400, 401, 403, 404, 500, openai=True),
        operation_id="model",
    )
    async def model(id: Annotated[str, Path(examples=[MODEL["id"]])]) -> Any:
        """One of them."""
        if id not in MODELS:
            raise Refused(404, "There is no such model.", param="model", code="model_not_found")
        return described(id)

    @router.post(
        "/v1/chat/completions",
        response_model=Completion,
        responses={
            200: {
                "description": "the answer; as chunks where `stream` is true",
                "content": {
                    "text/event-stream": {"schema": EVENT_SCHEMA, "example": CHUNK},
                },
            },
            **_ERRORS,
        },
        operation_id="chat",
    )
    async def chat(body: ChatBody, request: Request) -> Any:
        """Answer the last message of the user; earlier ones are what it may refer to.

        Messages of other roles, such as `system`, are not read: an answer says what the
        documents say.
        """
        body.check()
        questions = body.questions()
        question = Question(
            questions[-1],
            context=[text for text in questions[:-1] if text.strip()][-CONTEXT:],
            extractive=body.model == EXTRACTIVE,
        )
        answer = await unless_left(request, answering.answer(question))
        reply = _completion(answer, body, questions, str(request.base_url))
        if body.stream:
            options = body.stream_options
            return event_stream(_chunks(reply, bool(options and options.include_usage)))
        return reply

    return router


def _completion(answer: Answer, body: ChatBody, questions: list[str], base: str) -> dict[str, Any]:
    message = message_json(answer, base)
    return {
        "id": f"chatcmpl-{secrets.token_hex(8)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body.model,
        "system_fingerprint": answer.index,
        "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}],
        "usage": usage_json(questions, message["content"]),
    }


async def _chunks(reply: dict[str, Any], usage: bool) -> AsyncGenerator[bytes, None]:
    """The same reply in OpenAI's chunks; the annotations come with the last of the text."""
    message = reply["choices"][0]["message"]
    head = {key: reply[key] for key in ("id", "created", "model", "system_fingerprint")}
    head["object"] = "chat.completion.chunk"

    def chunk(delta: dict[str, Any], end: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
        return event(json.dumps({**head, "choices": [choice]}))

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces(message["content"]):
        yield chunk({"content": piece})
    yield chunk({key: message[key] for key in ("annotations", "abstained")})
    yield chunk({}, "stop")
    if usage:
        yield event(json.dumps({**head, "choices": [], "usage": reply["usage"]}))
    yield _DONE
