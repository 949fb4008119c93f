"""The route from which a visitor downloads a selection."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.errors import AssistantError
from assistant.export.selection import FORMATS, Format, export_selection, file_name

if TYPE_CHECKING:
    from assistant.web.selection_shelf import Shelf
    from assistant.workspace import Workspace

FAILED: Final = "This selection cannot be exported; the server's log says why."
NO_STORE: Final = {"Cache-Control": "no-store"}

log = logging.getLogger(__name__)

StyleName = Annotated[str, Query(max_length=40)]


def selection_router(shelf: Shelf, workspace: Workspace) -> APIRouter:
    """The route below ``/selections``, each visitor's own and nobody else's."""
    router = APIRouter(prefix="/selections")

    @router.get("/{id}/export.{form}")
    def export(id: str, form: Format, request: Request, style: StyleName = "doctrine") -> Response:
        try:
            selection = shelf.download(request.headers, id)
            body = export_selection(selection, form, style=style, corpus=workspace.corpus)
        except AssistantError as error:
            return told(str(error), 404)
        except Exception:
            log.exception("a selection could not be exported")
            return told(FAILED, 500)
        return attached(body, file_name(selection, form), FORMATS[form].media_type)

    return router


def attached(body: bytes, name: str, media_type: str) -> Response:
    """A file to be saved under ``name``; one in ASCII for what knows no other."""
    stem, _, suffix = name.rpartition(".")
    plain = stem.encode("ascii", "ignore").decode().strip("-_") or "excerpts"
    whole = quote(name, safe="")
    value = f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{whole}"
    headers = {**NO_STORE, "Content-Disposition": value}
    return Response(body, media_type=media_type, headers=headers)


def told(text: str, status: int) -> Response:
    """One sentence instead of a file."""
    return PlainTextResponse(f"{text}\n", status, headers=NO_STORE)
