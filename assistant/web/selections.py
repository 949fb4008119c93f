"""The events of the selection that is open: collect, order, widen, annotate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from assistant.answer.styles import Style
from assistant.errors import AssistantError
from assistant.excerpts.overlap import carried, holder
from assistant.excerpts.selection import Selection
from assistant.types import Excerpt
from assistant.web.excerpt_state import Opened, Results
from assistant.web.listing import sentence
from assistant.web.selection_board import Board, Boards, told
from assistant.web.selection_panel import AT_ONCE
from assistant.web.talks import pressed

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

Event = Callable[..., Board]

TWICE: Final = "The selection has that excerpt already."


class Selections:
    """Every event concerns the visitor's own selections only."""

    def __init__(self, assistant: Assistant, boards: Boards) -> None:
        self._assistant = assistant
        self._boards, self._shelf = boards, boards.shelf

    def arrive(
        self, opened: Opened | None, found: Results | None, style: Style, request: gr.Request
    ) -> tuple[Any, ...]:
        """The selection that is open, or the one that changed last; and why none is kept, if so."""
        visitor = self._shelf.visitor(request)

        def work() -> Board:
            at = self._boards.latest(visitor, opened)
            return self._boards.shown(visitor, at, found, style)

        return *told(work), sentence(self._shelf.complaint(visitor), role=None)

    def tick(
        self,
        opened: Opened | None,
        found: Results | None,
        style: Style,
        request: gr.Request,
        evt: gr.EventData,
    ) -> Board:
        """Collect the excerpt of a result, or put it back."""
        id, on = pressed(evt), bool(getattr(evt, "checked", False))

        def change(selection: Selection) -> Selection:
            excerpt = self._result(found, id)
            item = holder(selection, excerpt)
            if on:
                return selection if item else selection.with_excerpt(excerpt)
            return selection.without(item.excerpt.id) if item else selection

        return self._changed(opened, found, style, request, change, at_end=on)

    def tick_all(
        self, opened: Opened | None, found: Results | None, style: Style, request: gr.Request
    ) -> Board:
        """Collect all results that are shown."""

        def change(selection: Selection) -> Selection:
            for excerpt in found.shown if found else ():
                if not holder(selection, excerpt):
                    selection = selection.with_excerpt(excerpt)
            return selection

        return self._changed(opened, found, style, request, change, at_end=True)

    def changing(self, change: Callable[[Selection, gr.EventData], Selection]) -> Event:
        """What happens when something beside an item is pressed, or was written there."""

        def changed(
            opened: Opened | None,
            found: Results | None,
            style: Style,
            request: gr.Request,
            evt: gr.EventData,
        ) -> Board:
            return self._changed(opened, found, style, request, lambda s: change(s, evt))

        return changed

    def moving(self, by: int) -> Event:
        """An item goes so many places further down, or up where negative."""
        return self.changing(lambda selection, evt: selection.moved(pressed(evt), by))

    def widening(self, by: int) -> Event:
        """An item has so many sentences more on either side, or fewer where negative."""
        return self.changing(lambda selection, evt: self._widened(selection, pressed(evt), by))

    def removing(self) -> Event:
        """An item is put back."""
        return self.changing(lambda selection, evt: selection.without(pressed(evt)))

    def noting(self) -> Event:
        """What was written beside an item is kept."""
        return self.changing(
            lambda selection, evt: selection.noted(
                pressed(evt), str(getattr(evt, "text", "") or "")
            )
        )

    def turn(
        self,
        opened: Opened | None,
        found: Results | None,
        style: Style,
        request: gr.Request,
        evt: gr.EventData,
    ) -> Board:
        """Show another part of a long selection."""
        offset, visitor = pressed(evt), self._shelf.visitor(request)
        if opened is None or not offset.isdecimal():
            return Board()
        there = replace(opened, offset=int(offset))
        return told(lambda: self._boards.shown(visitor, there, found, style))

    def cited(self, opened: Opened | None, style: Style, request: gr.Request) -> Any:
        """The links of the downloads, which cite in ``style``."""
        visitor = self._shelf.visitor(request)
        if opened is None:
            return ""
        return told(lambda: self._boards.shown(visitor, opened, None, style)).exports

    def _changed(
        self,
        opened: Opened | None,
        found: Results | None,
        style: Style,
        request: gr.Request,
        change: Callable[[Selection], Selection],
        at_end: bool = False,
    ) -> Board:
        """What the page shows after ``change``; a selection is begun where there is none."""
        visitor = self._shelf.visitor(request)

        def work() -> Board:
            at = self._boards.latest(visitor, opened) or Opened(self._shelf.made(visitor))
            selection = self._shelf.changed(visitor, at.id, change)
            last = max(0, (len(selection.items) - 1) // AT_ONCE * AT_ONCE)
            offset = last if at_end else min(at.offset, last)
            return self._boards.shown(visitor, replace(at, offset=offset), found, style)

        board = told(work)
        if board.notice:  # what was ticked in vain is not ticked
            shown = told(lambda: self._boards.shown(visitor, opened, found, style))
            return shown._replace(notice=board.notice)
        return board

    def _widened(self, selection: Selection, id: str, by: int) -> Selection:
        item = next((one for one in selection.items if one.excerpt.id == id), None)
        if item is None:
            return selection
        after = carried(item.excerpt, self._assistant.widened(item.excerpt, by, by))
        if after.id == id:
            return selection
        if any(one.excerpt.id == after.id for one in selection.items):
            raise AssistantError(TWICE)
        return selection.exchanged(id, after)

    def _result(self, found: Results | None, id: str) -> Excerpt:
        """An excerpt as it is shown; of a page that outlived the server, as the index has it."""
        shown = (one for one in found.shown if one.id == id) if found else iter(())
        return next(shown, None) or self._assistant.excerpt(id)
