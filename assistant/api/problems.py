"""Errors as replies: RFC 9457 problems, and OpenAI's shape below ``/v1``.

Nothing that a caller sent stands in an error but the names of fields: a question is nobody
else's business, and half a surrogate pair could not be sent back.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError, DocumentError, IndexMissingError, UsageError

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LEFT: Final = 499  # what a log says of a caller who did not wait; nobody reads the reply
_MISTAKES: Final = 20  # mistakes that one reply names
_TITLES: Final = {LEFT: "Client Closed Request", 422: "Unprocessable Content"}
_SENTENCES: Final = {
    400: "The body is not JSON that can be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
}


class Mistake(BaseModel):
    """One mistake in a request."""

    where: str = Field(description="the field, such as `body.question`")
    message: str = Field(description="what is wrong with it")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field("about:blank", description="always `about:blank`: the status says it all")
    title: str = Field(description="the name of the status")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what is wrong, in one sentence")
    id: str | None = Field(None, description="what to look for in the server's log")
    errors: list[Mistake] = Field([], description="the mistakes in the request, at most 20")


class OpenAIError(BaseModel):
    """What is wrong, as OpenAI's clients read it."""

    message: str = Field(description="what is wrong, in one sentence")
    type: str = Field(description="`invalid_request_error`, `rate_limit_error`, `server_error` …")
    param: str | None = Field(None, description="the field that is wrong")
    code: str | None = Field(None, description="a word for a program to look at")


class OpenAIProblem(BaseModel):
    """An error below ``/v1``."""

    error: OpenAIError


class Refused(HTTPException):
    """A request that is refused, with what OpenAI's shape has beside the sentence."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.param = param
        self.code = code


def problem(
    status: int, detail: str, mistakes: Sequence[Mistake] = (), id: str | None = None
) -> Problem:
    """An error as a value."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    return Problem(
        title=title, status=status, detail=whole(detail), id=id, errors=[*mistakes][:_MISTAKES]
    )


def refusal(
    path: str,
    status: int,
    detail: str,
    *,
    mistakes: Sequence[Mistake] = (),
    headers: Mapping[str, str] | None = None,
    param: str | None = None,
    code: str | None = None,
    id: str | None = None,
) -> Response:
    """An error as the reply that a caller of ``path`` can read."""
    body: BaseModel = problem(status, detail, mistakes, id)
    kind = "application/problem+json"
    if path.startswith("/v1"):
        told = f"{whole(detail)} (id {id})" if id else whole(detail)
        body = OpenAIProblem(
            error=OpenAIError(message=told, type=_openai_type(status), param=param, code=code)
        )
        kind = "application/json"
    kept = {**(headers or {}), "Cache-Control": "no-store"}
    return Response(body.model_dump_json(), status, kept, media_type=kind)


def whole(text: str) -> str:
    """``text`` with what is no character replaced, so that it can be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def status_of(error: AssistantError) -> int:
    """The HTTP status for what went wrong."""
    if isinstance(error, UsageError):
        return 422
    if isinstance(error, DocumentError):
        return 404
    return 503 if isinstance(error, IndexMissingError) else 500


def unforeseen(path: str, error: BaseException) -> Problem:
    """An error that nobody foresaw: its trace is in the log, under the id that is sent."""
    id = secrets.token_hex(6)
    log.error("%s failed (id %s)", path, id, exc_info=error)
    return problem(500, "Something went wrong here; the server's log says what.", id=id)


def told(path: str, error: BaseException) -> Problem:
    """What goes wrong when a reply has begun already."""
    if isinstance(error, AssistantError):
        return problem(status_of(error), str(error))
    return unforeseen(path, error)


def add_handlers(app: FastAPI) -> None:
    """Have every error of ``app`` told in these shapes."""

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        own = error if isinstance(error, Refused) else None
        sentence = error.detail if own else _SENTENCES.get(error.status_code, error.detail)
        return refusal(
            request.url.path,
            error.status_code,
            sentence,
            headers=error.headers,
            param=own.param if own else None,
            code=own.code if own else None,
        )

    @app.exception_handler(RequestValidationError)
    def misread(request: Request, error: RequestValidationError) -> Response:
        mistakes = [
            Mistake(where=whole(".".join(map(str, e["loc"])))[:200], message=whole(e["msg"])[:300])
            for e in error.errors()[:_MISTAKES]
        ]
        first = mistakes[0]
        detail = f"{first.where}: {first.message}."
        status = 400 if request.url.path.startswith("/v1") else 422  # as OpenAI has it
        param = first.where.removeprefix("body.")
        return refusal(request.url.path, status, detail, mistakes=mistakes, param=param)

    @app.exception_handler(AssistantError)
    def failed(request: Request, error: AssistantError) -> Response:
        status = status_of(error)
        if status == 422 and request.url.path.startswith("/v1"):
            status = 400
        return refusal(request.url.path, status, str(error))


class Unforeseen:
    """The layer that turns an error nobody foresaw into a reply, where none has begun."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            found = unforeseen(scope["path"], error)
            reply = refusal(scope["path"], found.status, found.detail, id=found.id)
            await reply(scope, receive, send)


def _openai_type(status: int) -> str:
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    return kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")


def errors(*statuses: int, openai: bool = False) -> dict[int | str, dict[str, Any]]:
    """``statuses`` as OpenAPI describes them."""
    schema = {"$ref": f"#/components/schemas/{'OpenAIProblem' if openai else 'Problem'}"}
    kind = "application/json" if openai else "application/problem+json"
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {kind: {"schema": schema, "example": _example(status, openai)}},
        }
        for status in statuses
    }


_MEANINGS: Final = {
    400: "the body is not JSON, or the server is called by another name than its own",
    401: "the key is missing or wrong",
    403: "a page of another site sent this",
    404: "there is no such thing",
    405: "the address does not take that method",
    413: "the body is too large",
    415: "the body is not declared as `application/json`",
    422: "a field is missing or wrong, or the question cannot be searched for",
    429: "too many questions from this address; `Retry-After` says when to come again",
    500: "something nobody foresaw; the log has the id",
    503: "too much at once, or no index; `Retry-After` may say when to come again",
}


def _example(status: int, openai: bool) -> Any:
    body = refusal("/v1" if openai else "/api", status, f"{_MEANINGS[status].capitalize()}.").body
    return json.loads(bytes(body))
