"""The application: the routes for programs, and what is mounted beside them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from fastapi import FastAPI

from assistant import __version__
from assistant.api.answering import Answering
from assistant.api.asking import asking_router
from assistant.api.chat import chat_router
from assistant.api.guard import Guard, read_key
from assistant.api.health import health_router
from assistant.api.mcp import mcp_app
from assistant.api.metrics import Measured, Metrics
from assistant.api.mounts import Rest, lifespan_of
from assistant.api.problems import Unforeseen, add_handlers
from assistant.api.reading import reading_router
from assistant.api.schema import describe
from assistant.api.searching import searching_router
from assistant.api.work import Workers

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from assistant.answer.assistant import Assistant


def api_app(
    assistant: Assistant, pages: FastAPI | None = None, hosts: Collection[str] | None = None
) -> FastAPI:
    """The API over ``assistant``, and ``pages`` at every address that is not its own.

    ``hosts`` are the names by which it may be addressed, None for any. Raises UsageError where
    the key that the settings name is not set.
    """
    settings = assistant.workspace.settings.api
    inner: list[Starlette] = [pages] if pages else []
    metrics = Metrics(assistant)
    app = FastAPI(
        title="Doctrine Assistant",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json" if settings.enabled else None,
        redirect_slashes=False,
        lifespan=lifespan_of(inner),
    )
    add_handlers(app)
    app.include_router(health_router(assistant, metrics))
    if settings.enabled:
        workers = Workers(settings.concurrency)
        answering = Answering(assistant, workers, metrics)
        app.include_router(asking_router(answering))
        app.include_router(searching_router(assistant, workers))
        app.include_router(reading_router(assistant, workers))
        app.include_router(chat_router(answering))
        describe(app, key=bool(settings.key_env))
        inner.append(tools := mcp_app(answering, workers, hosts))
        app.router.routes.extend(tools.routes)
    if pages:
        app.router.routes.append(Rest("", pages))
    app.add_middleware(Unforeseen)
    app.add_middleware(Guard, settings=settings, key=read_key(settings))
    app.add_middleware(Measured, metrics=metrics)
    return app
