"""The route from which a visitor downloads a conversation."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.conversation.turns import Conversation
from assistant.errors import AssistantError
from assistant.web.history import History

log = logging.getLogger(__name__)

TYPES: Final = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FAILED: Final = "This conversation cannot be exported; the server's log says why."
LONGEST: Final = 60  # characters of a conversation's name that its file has

_NO_STORE: Final = {"Cache-Control": "no-store"}
_UNSAFE: Final = re.compile(r"[^\w-]+")


def download_router(history: History) -> APIRouter:
    """The route below ``/conversations``, each visitor's own and nobody else's."""
    router = APIRouter(prefix="/conversations")

    @router.get("/{id}/export.{form}")
    def export(id: str, form: Literal["md", "docx"], request: Request) -> Response:
        try:
            user = history.user(request.headers)
            conversation = history.load(user, id)
            body = _exported(conversation, form)
        except AssistantError as error:
            return _sentence(str(error), 404)
        except Exception:
            log.exception("a conversation could not be exported")
            return _sentence(FAILED, 500)
        headers = {**_NO_STORE, "Content-Disposition": _disposition(conversation.name, form)}
        return Response(body, media_type=TYPES[form], headers=headers)

    return router


def _exported(conversation: Conversation, form: Literal["md", "docx"]) -> bytes:
    made = datetime.now(UTC)
    if form == "md":
        from assistant.export.conversation_markdown import conversation_markdown  # noqa: PLC0415

        return conversation_markdown(conversation, made).encode("utf-8", "replace")
    from assistant.export.conversation_word import conversation_word  # noqa: PLC0415 - slow to load

    return conversation_word(conversation, made)


def _disposition(name: str, form: str) -> str:
    """The file's name: words of the conversation's, which no system takes for a path."""
    stem = _UNSAFE.sub("-", name)[:LONGEST].strip("-") or "conversation"
    plain = _UNSAFE.sub("-", stem.encode("ascii", "ignore").decode()).strip("-") or "conversation"
    whole = quote(f"{stem}.{form}", safe="")
    return f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{whole}"


def _sentence(text: str, status: int) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=_NO_STORE)
