"""The events of the list of selections: open, begin, rename and delete one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.answer.styles import Style
from assistant.errors import AssistantError
from assistant.web.excerpt_state import Opened, Results
from assistant.web.name_forms import NameForms
from assistant.web.selection_board import SAME, Board, Boards, told
from assistant.web.shown import visible
from assistant.web.talks import pressed


class SelectionForms(NameForms):
    """Every event concerns the visitor's own selections only."""

    def __init__(self, boards: Boards) -> None:
        self._boards, self._shelf = boards, boards.shelf

    def open(
        self, found: Results | None, style: Style, request: gr.Request, evt: gr.EventData
    ) -> Board:
        """Open another selection."""
        id, visitor = pressed(evt), self._shelf.visitor(request)
        return told(lambda: self._boards.shown(visitor, Opened(id), found, style))

    def new(self, found: Results | None, style: Style, request: gr.Request) -> Board:
        """Begin another selection."""
        visitor = self._shelf.visitor(request)
        return told(
            lambda: self._boards.shown(visitor, Opened(self._shelf.made(visitor)), found, style)
        )

    def rename(
        self,
        id: str | None,
        name: str | None,
        opened: Opened | None,
        found: Results | None,
        style: Style,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Give a selection another name."""
        visitor, wanted = self._shelf.visitor(request), " ".join((name or "").split())

        def work() -> Board:
            self._shelf.changed(visitor, id or "", lambda s: replace(s, name=wanted))
            return self._boards.shown(visitor, opened, found, style)

        board = told(work)
        return *board, visible(False) if not board.notice else SAME

    def delete(
        self,
        id: str | None,
        opened: Opened | None,
        found: Results | None,
        style: Style,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Delete a selection; where it was open, the one that changed last is opened."""
        visitor = self._shelf.visitor(request)

        def work() -> Board:
            self._shelf.deleted(visitor, id or "")
            left = None if opened and opened.id == id else opened
            return self._boards.shown(visitor, self._boards.latest(visitor, left), found, style)

        return *told(work), visible(False)

    def _chosen(self, request: gr.Request, evt: gr.EventData) -> tuple[str, str]:
        id, visitor = pressed(evt), self._shelf.visitor(request)
        try:
            listed = self._shelf.listed(visitor)
        except AssistantError:
            listed = []
        return id, next((one.name for one in listed if one.id == id), "")
