"""Whether the server lives, whether it can answer, and what it counts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from assistant.api.examples import METRICS
from assistant.api.metrics import Metrics
from assistant.api.models import ReadyBody
from assistant.api.problems import Refused, errors
from assistant.errors import AssistantError
from assistant.index.generations import current_generation

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

log = logging.getLogger(__name__)


class Readiness:
    """Whether questions can be answered: an index that opens, and a model that embeds."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._tried: str | None = None  # the index that a search was tried on

    def check(self) -> str:
        """The fingerprint of the index; raises Refused with status 503 and the reason."""
        try:
            if current_generation(self._assistant.workspace.index) is None:
                raise Refused(503, "There is no index any more; build it with: assistant index")
            index = self._assistant.summary().fingerprint
            if index != self._tried:
                self._assistant.warm_up()
                self._tried = index
        except AssistantError as error:
            raise Refused(503, str(error)) from error
        except OSError as error:
            log.exception("the index cannot be opened")
            raise Refused(503, f"The index cannot be opened ({error.strerror}).") from error
        return index


def health_router(assistant: Assistant, metrics: Metrics) -> APIRouter:
    """The routes for whoever watches the server."""
    router, readiness = APIRouter(tags=["health"]), Readiness(assistant)

    @router.get(
        "/healthz",
        response_class=PlainTextResponse,
        responses={200: {"content": {"text/plain": {"example": "ok\n"}}}, **errors(400)},
        operation_id="healthz",
    )
    async def healthz() -> Response:
        """The server lives."""
        return PlainTextResponse("ok\n")

    @router.get(
        "/readyz",
        response_model=ReadyBody,
        responses=errors(400, 500, 503),
        operation_id="readyz",
    )
    async def readyz() -> Any:
        """Questions can be answered: the index opens and the embedding model is loaded."""
        return {"ready": True, "index": await run_in_threadpool(readiness.check)}

    @router.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses={200: {"content": {"text/plain": {"example": METRICS}}}, **errors(400, 500)},
        operation_id="metrics",
    )
    async def counted() -> Response:
        """What the server counts and measures, for Prometheus."""
        text = await run_in_threadpool(metrics.text)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return router
