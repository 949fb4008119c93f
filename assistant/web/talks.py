"""The conversations of a visitor: what happens when one is begun, opened, renamed or deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import gradio as gr

from assistant.conversation.turns import Turn, new_key
from assistant.errors import AssistantError
from assistant.web.asking import Questions
from assistant.web.history import History, Talk, Visitor
from assistant.web.listing import sentence, talk_list
from assistant.web.name_forms import NameForms
from assistant.web.shown import SAME, Shown, Turns, finished, reopened, visible

STOPPED: Final = "Stopped; ask again when you like."


class Talks(NameForms):
    """The events of the list of conversations; each concerns the visitor's own only."""

    def __init__(self, history: History, questions: Questions) -> None:
        self.history = history
        self._questions = questions

    def kept(self, visitor: Visitor, talk: Talk, turns: Turns) -> dict[str, Any]:
        """Keep the turns; what changes beside the chat by that, or because it fails."""
        complaint = self.history.keep(visitor.user, talk, turns)
        listed = self._listed(visitor, talk)
        if not complaint:
            return {"talk": replace(talk, told=False), "talks": listed, "notice": ""}
        notice = SAME if talk.told else sentence(complaint)  # said once
        return {"talk": replace(talk, told=True), "talks": listed, "notice": notice}

    def refresh(self, talk: Talk | None, request: gr.Request) -> Shown:
        """The list as the page begins with it."""
        visitor = self.history.visitor(request)
        complaint = self.history.complaint(visitor.user)
        return Shown(
            talks=self._listed(visitor, talk),
            notice=sentence(complaint) if complaint else "",
        )

    def clear(self, request: gr.Request) -> Shown:
        """A new conversation."""
        visitor = self.history.visitor(request)
        self._questions.supersede(visitor.session)
        return self._blank(visitor)

    def open(self, talk: Talk | None, request: gr.Request, evt: gr.EventData) -> Shown:
        """Show a conversation as it was; it goes on with the next question."""
        visitor, id = self.history.visitor(request), pressed(evt)
        try:
            self.history.load(visitor.user, id)
            self._questions.supersede(visitor.session)
            loaded = self.history.load(visitor.user, id)  # what was stopped just now is there, too
        except AssistantError as error:
            return Shown(talks=self._listed(visitor, talk), notice=sentence(str(error)))
        opened = Talk(loaded.id, loaded.begun)
        listed = self._listed(visitor, opened)
        return reopened(loaded.turns, new_key(), talk=opened, talks=listed)

    def rename(
        self, id: str | None, name: str | None, talk: Talk | None, request: gr.Request
    ) -> tuple[Any, ...]:
        """Give a conversation another name."""
        visitor = self.history.visitor(request)
        try:
            self.history.rename(visitor.user, id or "", name or "")
        except AssistantError as error:
            return *Shown(notice=sentence(str(error))), SAME
        return *Shown(talks=self._listed(visitor, talk), notice=""), visible(False)

    def delete(
        self, id: str | None, turns: Turns, talk: Talk | None, request: gr.Request
    ) -> tuple[Any, ...]:
        """Delete a conversation; where it is the one that is open, a new one begins."""
        visitor, current = self.history.visitor(request), talk is not None and talk.id == id
        if current:
            self._questions.supersede(visitor.session)
        try:
            self.history.delete(visitor.user, id or "")
        except AssistantError as error:
            same = finished(settled(turns)) if current else Shown()
            return *same._replace(notice=sentence(str(error))), visible(False)
        if current:
            return *self._blank(visitor), visible(False)
        return *Shown(talks=self._listed(visitor, talk), notice=""), visible(False)

    def _blank(self, visitor: Visitor) -> Shown:
        talk = Talk()
        return reopened((), "", talk=talk, talks=self._listed(visitor, talk))

    def _listed(self, visitor: Visitor, talk: Talk | None) -> str:
        try:
            listed = self.history.listed(visitor.user)
        except AssistantError as error:
            return sentence(str(error), role=None)
        return talk_list(listed, talk.id if talk else None)

    def _chosen(self, request: gr.Request, evt: gr.EventData) -> tuple[str, str]:
        """The conversation whose button was pressed, and its name."""
        id, user = pressed(evt), self.history.visitor(request).user
        try:
            listed = self.history.listed(user)
        except AssistantError:
            listed = []
        return id, next((one.name for one in listed if one.id == id), "")


def pressed(evt: gr.EventData) -> str:
    """The value of the button that raised an event."""
    return str(getattr(evt, "value", "") or "")


def stopped(turn: Turn) -> Turn:
    """A turn whose answer nobody waited for."""
    return replace(turn, error=STOPPED, progress=None)


def settled(turns: Turns) -> Turns:
    """The turns, of which none is answered any more."""
    return tuple(stopped(turn) if turn.pending else turn for turn in turns)
