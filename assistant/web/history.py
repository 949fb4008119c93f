"""The conversations of a visitor, as the chat keeps, lists and opens them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import gradio as gr

from assistant.conversation.names import named_after
from assistant.conversation.store import ConversationStore
from assistant.conversation.turns import Conversation, Listed, Turn, new_key
from assistant.errors import AssistantError
from assistant.web.users import user_of
from assistant.workspace import Workspace

log = logging.getLogger(__name__)

NOT_KEPT = "This conversation is not kept: "


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation on one page; ``told``: whether it was said that it is not kept."""

    id: str = field(default_factory=new_key)
    begun: datetime = field(default_factory=_now)
    told: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where an event came from: ``session`` is of one page, ``user`` of whoever looks at it."""

    session: str
    user: str | None


class History:
    """Every method takes the visitor's name as ``user`` gives it, None for one without a name."""

    def __init__(self, workspace: Workspace) -> None:
        self._store = ConversationStore(workspace.conversations)
        self._header = workspace.settings.web.user_header
        self.kept = workspace.settings.web.history

    def user(self, headers: Mapping[str, str]) -> str | None:
        """The visitor's name, None where there is none or nothing is kept."""
        return user_of(headers, self._header) if self.kept else None

    def visitor(self, request: gr.Request) -> Visitor:
        """Where an event came from."""
        return Visitor(str(request.session_hash), self.user(request.headers))

    def complaint(self, user: str | None) -> str:
        """Why nothing of a visitor is kept, "" where it is, or is not meant to be."""
        if user is not None or not self.kept:
            return ""
        if not self._header:
            return (
                "Conversations are not kept, because the browser sends no cookie; allow cookies "
                "for this address and open it again."
            )
        return (
            f"Conversations are not kept, because the request has no header {self._header}; "
            "open the assistant through the proxy that sets it."
        )

    def keep(self, user: str | None, talk: Talk, turns: Sequence[Turn]) -> str:
        """Keep what was asked; the reason, where it cannot be kept."""
        asked = [turn for turn in turns if not turn.pending and turn.question.strip()]
        if user is None or not asked:
            return ""
        try:
            name = self._name(user, talk.id) or named_after(asked[0].question)
            kept = Conversation(talk.id, name, talk.begun, _now(), tuple(turns))
            self._store.save(user, kept)
        except AssistantError as error:
            log.warning("a conversation was not kept: %s", error)
            return NOT_KEPT + str(error)
        except Exception:
            log.exception("a conversation was not kept")
            return f"{NOT_KEPT}something went wrong; the server's log says what."
        return ""

    def listed(self, user: str | None) -> list[Listed]:
        """The visitor's conversations, the latest first; raises AssistantError."""
        return [] if user is None else self._store.listed(user)

    def load(self, user: str | None, id: str) -> Conversation:
        """One of the visitor's conversations; raises AssistantError."""
        return self._store.load(_named(user), id)

    def rename(self, user: str | None, id: str, name: str) -> None:
        """Call it ``name``; raises AssistantError."""
        self._store.rename(_named(user), id, name)

    def delete(self, user: str | None, id: str) -> None:
        """Delete it; raises AssistantError."""
        self._store.delete(_named(user), id)

    def _name(self, user: str, id: str) -> str | None:
        """What it is called by now, perhaps on another page of the same visitor."""
        return next((one.name for one in self._store.listed(user) if one.id == id), None)


def _named(user: str | None) -> str:
    if user is None:
        raise AssistantError("No conversations are kept for this visitor.")
    return user
