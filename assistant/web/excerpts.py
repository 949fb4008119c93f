"""The events of the search for excerpts: search, turn the page, show more or less of one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from assistant.errors import AssistantError
from assistant.excerpts.overlap import carried, held
from assistant.excerpts.query import ExcerptQuery
from assistant.web.excerpt_fields import asked, choices
from assistant.web.excerpt_results import AT_ONCE, failed, nothing_yet, results
from assistant.web.excerpt_state import Opened, Results
from assistant.web.selection_shelf import Shelf
from assistant.web.talks import pressed

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

FAILED: Final = "Something went wrong in this search; the server's log says what."
NO_TEXT: Final = "Write what to search for."

log = logging.getLogger(__name__)


class Excerpts:
    """Searches for one page; what it found lives in that page's session only."""

    def __init__(self, assistant: Assistant, shelf: Shelf) -> None:
        self._assistant = assistant
        self._shelf = shelf

    def search(self, opened: Opened | None, request: gr.Request, *fields: Any) -> tuple[Any, str]:
        """Show the first part of what the form asks for."""
        try:
            query = asked(*fields)
            if not query.text.strip():
                return None, failed(NO_TEXT)
        except AssistantError as error:
            return None, failed(str(error))
        return self._searched(query, 0, opened, request)

    def turn(
        self,
        found: Results | None,
        opened: Opened | None,
        request: gr.Request,
        evt: gr.EventData,
    ) -> tuple[Any, str]:
        """Show another part of it."""
        offset = pressed(evt)
        if found is None or not offset.isdecimal():
            return None, nothing_yet()
        return self._searched(found.query, int(offset), opened, request)

    def wider(
        self,
        found: Results | None,
        opened: Opened | None,
        request: gr.Request,
        evt: gr.EventData,
    ) -> tuple[Any, Any]:
        """Show one more sentence on either side of an excerpt."""
        return self._around(found, pressed(evt), 1, opened, request)

    def narrower(
        self,
        found: Results | None,
        opened: Opened | None,
        request: gr.Request,
        evt: gr.EventData,
    ) -> tuple[Any, Any]:
        """Show one sentence less."""
        return self._around(found, pressed(evt), -1, opened, request)

    def filters(self) -> tuple[Any, ...]:
        """What the filters offer, of the documents that are indexed now."""
        try:
            offered = choices(self._assistant.documents())
        except AssistantError as error:
            log.warning("%s", error)
            return (gr.skip(),) * 4
        kinds = (offered.files, offered.publishers, offered.statuses, offered.markings)
        return tuple(gr.update(choices=kind) for kind in kinds)

    def _searched(
        self, query: ExcerptQuery, offset: int, opened: Opened | None, request: gr.Request
    ) -> tuple[Results | None, str]:
        def work() -> tuple[Results, str]:
            found = self._assistant.excerpts(query, AT_ONCE, offset)
            state = Results(query, found, found.excerpts)
            return state, self._shown(state, opened, request)

        return _told(work)

    def _around(
        self,
        found: Results | None,
        place: str,
        by: int,
        opened: Opened | None,
        request: gr.Request,
    ) -> tuple[Any, Any]:
        if found is None or not place.isdecimal() or int(place) >= len(found.shown):
            return gr.skip(), gr.skip()
        try:
            state = self._widened(found, int(place), by)
        except AssistantError as error:
            log.warning("%s", error)  # the index was replaced; the page shows what it had
            return gr.skip(), gr.skip()
        return state, self._shown(state, opened, request)

    def _widened(self, found: Results, place: int, by: int) -> Results:
        """``found`` with the excerpt at ``place`` wider, as long as there is more to show."""
        step = found.steps.get(place, 0) + by
        first = found.found.excerpts[place]
        after = carried(first, self._assistant.widened(first, step, step)) if step else first
        if after.id == found.shown[place].id:
            return found
        shown = (*found.shown[:place], after, *found.shown[place + 1 :])
        return replace(found, shown=shown, steps={**found.steps, place: step})

    def _shown(self, state: Results, opened: Opened | None, request: gr.Request) -> str:
        ticked: set[str] = set()
        if opened is not None:
            try:
                selection = self._shelf.opened(self._shelf.visitor(request), opened.id)
                ticked = held(selection, state.shown)
            except AssistantError as error:
                log.warning("%s", error)  # beside the selection, it is said
        return results(state.visible, ticked, automatic=state.query.mode == "auto")


def _told(work: Callable[[], tuple[Results, str]]) -> tuple[Results | None, str]:
    """What ``work`` gives, or one sentence that says why it failed."""
    try:
        return work()
    except AssistantError as error:
        return None, failed(str(error))
    except Exception:
        log.exception("a search for excerpts failed")
        return None, failed(FAILED)
