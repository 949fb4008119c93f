"""What the page shows of the selection that is open, and how failures are told there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import gradio as gr

from assistant.answer.styles import Style
from assistant.errors import AssistantError
from assistant.excerpts.overlap import held
from assistant.web.excerpt_state import Opened, Results
from assistant.web.history import Visitor
from assistant.web.listing import sentence
from assistant.web.selection_panel import exports, panel, selection_list
from assistant.web.selection_shelf import Shelf

FAILED: Final = "Something went wrong with this selection; the server's log says what."
SAME: Final[Any] = gr.skip()

log = logging.getLogger(__name__)


class Board(NamedTuple):
    """What an event changes: the state, and what stands beside the results."""

    opened: Any = SAME
    panel: Any = SAME
    exports: Any = SAME
    listed: Any = SAME
    notice: Any = ""


class Boards:
    """Makes the boards of one server's visitors."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def shown(
        self, visitor: Visitor, opened: Opened | None, found: Results | None, style: Style
    ) -> Board:
        """The selection that is open, beside the results that are shown."""
        listed = self.shelf.listed(visitor)
        if opened is None:
            return Board(None, panel(None), "", selection_list(listed, None))
        selection = self.shelf.opened(visitor, opened.id)
        ticked = held(selection, found.shown if found else ())
        return Board(
            opened,
            panel(selection, ticked, opened.offset),
            exports(opened.id, style, empty=not selection.items),
            selection_list(listed, opened.id),
        )

    def latest(self, visitor: Visitor, opened: Opened | None) -> Opened | None:
        """The selection that is open, as long as it is there; else the one that changed last."""
        listed = self.shelf.listed(visitor)
        if opened is not None and any(one.id == opened.id for one in listed):
            return opened
        return Opened(listed[0].id) if listed else None


def told(work: Callable[[], Board]) -> Board:
    """What ``work`` gives, or one sentence that says why it failed."""
    try:
        return work()
    except AssistantError as error:
        return Board(notice=sentence(str(error)))
    except Exception:
        log.exception("a selection could not be changed")
        return Board(notice=sentence(FAILED))
