"""The application: the API, the chat's routes and page, and the gate before them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response

from assistant.api.app import api_app
from assistant.eval.job import EvaluationJob
from assistant.web.downloads import download_router
from assistant.web.gate import Gate
from assistant.web.history import History
from assistant.web.matrix_downloads import matrix_router
from assistant.web.matrix_tab import matrix_job
from assistant.web.page import build_page
from assistant.web.pages import page_router, refusal
from assistant.web.reports import report_router
from assistant.web.selection_downloads import selection_router
from assistant.web.selection_shelf import Shelf
from assistant.web.theme import theme

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

ASSETS = {
    "style.css": "text/css",
    "chat.css": "text/css",
    "evaluation.css": "text/css",
    "excerpts.css": "text/css",
    "matrix.css": "text/css",
    "viewer.js": "text/javascript",
    "excerpts.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
HEAD = (
    '<link rel="stylesheet" href="ui/style.css">'
    '<link rel="stylesheet" href="ui/chat.css">'
    '<link rel="stylesheet" href="ui/evaluation.css">'
    '<link rel="stylesheet" href="ui/excerpts.css">'
    '<link rel="stylesheet" href="ui/matrix.css">'
    '<script src="ui/viewer.js" defer></script>'
    '<script src="ui/excerpts.js" defer></script>'
    '<meta name="color-scheme" content="light dark">'
)


def build_app(
    assistant: Assistant, examples: Sequence[str] = (), hosts: Collection[str] | None = None
) -> FastAPI:
    """The whole web application for one assistant: the API, and the chat mounted in it.

    ``examples`` are questions offered to a visitor; ``hosts`` the names by which the
    server may be addressed, None for any. Raises UsageError where the key of the API is not set.
    """
    app = api_app(assistant, _chat(assistant, examples), hosts)
    web = assistant.workspace.settings.web
    app.add_middleware(Gate, hosts=hosts, naming=web.history and not web.user_header)
    return app


def _chat(assistant: Assistant, examples: Sequence[str]) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(page_router(assistant))
    app.include_router(report_router(assistant.workspace))
    app.include_router(download_router(History(assistant.workspace)))
    shelf, matrices = Shelf(assistant), matrix_job(assistant)
    app.include_router(selection_router(shelf, assistant.workspace))
    app.include_router(matrix_router(matrices, History(assistant.workspace)))

    @app.get("/favicon.ico")
    def icon() -> Response:
        return _asset("icon.svg")

    @app.get("/ui/{name}")
    def asset(name: str) -> Response:
        return _asset(name) if name in ASSETS else PlainTextResponse("Not found.\n", 404)

    @app.exception_handler(RequestValidationError)
    def misread(request: Request, error: RequestValidationError) -> Response:
        return refusal(400, "This page was asked for in a way that makes no sense.")

    gr.mount_gradio_app(
        app,
        build_page(assistant, EvaluationJob(assistant), examples, shelf, matrices),
        path="/",
        theme=theme(),
        head=HEAD,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return app


def _asset(name: str) -> Response:
    body = files("assistant.web").joinpath("assets", name).read_text(encoding="utf-8")
    return Response(body, media_type=ASSETS[name], headers={"Cache-Control": "no-cache"})
