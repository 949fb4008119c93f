"""The events of the tab on which a matrix is made, read and worked on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import gradio as gr

from assistant.errors import AssistantError
from assistant.excerpts.query import ExcerptQuery
from assistant.matrix.desk import MatrixDesk
from assistant.matrix.job import MatrixJob
from assistant.matrix.values import Matrix as Values
from assistant.types import Excerpt
from assistant.web.excerpt_state import Opened
from assistant.web.history import Visitor
from assistant.web.labels import count, document_choice
from assistant.web.listing import sentence
from assistant.web.matrix_table import downloads, matrix_table, nothing_yet, offers, progress
from assistant.web.selection_shelf import Shelf
from assistant.web.shown import visible
from assistant.web.talks import pressed

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

OFFERED: Final = 10  # excerpts that a search for one to add shows
FOUND_BY_ITSELF: Final = "The one with recommendations"
READ_ONLY: Final = (
    "Changes of the matrix cannot be kept for you, so it can only be read and downloaded."
)
FAILED: Final = "Something went wrong with the matrix; the server's log says what."
SAME: Final[Any] = gr.skip()

log = logging.getLogger(__name__)


class MatrixEvents:
    """Every visitor sees the one matrix with changes of that visitor's own."""

    def __init__(self, assistant: Assistant, job: MatrixJob, shelf: Shelf) -> None:
        self._assistant = assistant
        self._job = job
        self._shelf = shelf

    def reports(self) -> Any:
        """The documents of which a matrix may be made."""
        return gr.update(choices=report_choices(self._assistant))

    def start(self, chosen: str | None) -> tuple[Any, ...]:
        """Begin to make a matrix, or say why not."""
        try:
            self._job.start(chosen or None)
        except AssistantError as error:
            return *self.watched(), sentence(str(error))
        return *self.watched(), ""

    def watched(self) -> tuple[Any, ...]:
        """How far the matrix is: what is shown of that, the button and the clock."""
        state = self._job.state()
        return (
            progress(state),
            gr.update(interactive=not state.active),
            gr.update(active=state.active),
        )

    def tick(self, report: str | None, request: gr.Request) -> tuple[Any, ...]:
        """The same, and the matrix once it is there."""
        state = self._job.state()
        if state.active:
            return *self.watched(), *(SAME,) * 4
        file = state.report if state.phase == "finished" else report
        return *self.watched(), *self._shown(file, request)

    def arrive(self, report: str | None, request: gr.Request) -> tuple[Any, ...]:
        """What there is by now: the matrix that is open, else the one that was made last."""
        there = report is not None and self._job.has(report)
        return *self.watched(), *self._shown(report if there else self._job.latest, request)

    def remove(self, report: str | None, request: gr.Request, evt: gr.EventData) -> tuple[Any, ...]:
        """Take a passage out."""
        row, name = _place(evt)
        return self._changed(report, request, lambda desk: desk.remove(row, name))

    def note(self, report: str | None, request: gr.Request, evt: gr.EventData) -> tuple[Any, ...]:
        """Keep what was written beside a passage."""
        row, name = _place(evt)
        text = str(getattr(evt, "text", "") or "")
        return self._changed(report, request, lambda desk: desk.note(row, name, text))

    def review(self, report: str | None, request: gr.Request, evt: gr.EventData) -> tuple[Any, ...]:
        """Mark a passage as reviewed, or not."""
        row, name = _place(evt)
        on = bool(getattr(evt, "checked", False))
        return self._changed(report, request, lambda desk: desk.review(row, name, on))

    def add(
        self, report: str | None, row: int | None, request: gr.Request, evt: gr.EventData
    ) -> tuple[Any, ...]:
        """Put an excerpt beside the recommendation that was chosen."""
        name = pressed(evt)
        return self._changed(report, request, lambda desk: desk.add(row or 0, name))

    def offer(
        self, opened: Opened | None, request: gr.Request, evt: gr.EventData
    ) -> tuple[Any, ...]:
        """Choose a recommendation to add to; the selection that is open is offered first."""
        number = int(pressed(evt)) if pressed(evt).isdecimal() else 0
        heading, excerpts = self._selected(opened, request)
        title = sentence(f"Add to recommendation {number}", role=None)
        return number, visible(True), title, offers(heading, excerpts, number)

    def search(self, text: str | None, row: int | None) -> str:
        """Offer what a search finds."""
        try:
            found = self._assistant.excerpts(ExcerptQuery(text or ""), OFFERED)
        except AssistantError as error:
            return sentence(str(error))
        heading = f"{count(found.total, 'excerpt')} found"
        if found.total > len(found.excerpts):
            heading += f", the first {len(found.excerpts)} are shown"
        return offers(heading, found.excerpts, row or 0)

    def _selected(self, opened: Opened | None, request: gr.Request) -> tuple[str, list[Excerpt]]:
        visitor = self._shelf.visitor(request)
        try:
            listed = self._shelf.listed(visitor)
            ids = [one.id for one in listed]
            id = opened.id if opened and opened.id in ids else next(iter(ids), None)
            if id is not None:
                selection = self._shelf.opened(visitor, id)
                if selection.items:
                    return f"From {selection.name}", [item.excerpt for item in selection.items]
        except AssistantError as error:
            return str(error), []
        return "The selection is empty; search for an excerpt.", []

    def _changed(
        self, report: str | None, request: gr.Request, change: Callable[[MatrixDesk], None]
    ) -> tuple[Any, ...]:
        complaint = self._kept(report, request, change)
        if complaint:
            return report, SAME, SAME, complaint
        return self._shown(report, request)

    def _kept(
        self, report: str | None, request: gr.Request, change: Callable[[MatrixDesk], None]
    ) -> str:
        """Make a change; the sentence that says why not, if it failed."""
        user = self._visitor(request).user
        if user is None:
            return sentence(READ_ONLY)
        return _told(lambda: change(self._job.desk(report or "", user)))

    def _shown(self, report: str | None, request: gr.Request) -> tuple[Any, ...]:
        """The report, its matrix, the downloads, and what is wrong."""
        user = self._visitor(request).user
        try:
            matrix = matrix_of(self._job, report, user)
        except AssistantError as error:
            return report, SAME, SAME, sentence(str(error))
        if matrix is None:
            return None, nothing_yet(), "", ""
        notice = sentence(READ_ONLY, role=None) if user is None else ""
        key = quote(matrix.report.file, safe="")
        return matrix.report.file, matrix_table(matrix, user is not None), downloads(key), notice

    def _visitor(self, request: gr.Request) -> Visitor:
        return self._shelf.visitor(request)


def matrix_of(job: MatrixJob, report: str | None, user: str | None) -> Values | None:
    """The matrix with the user's changes, None where there is none; raises AssistantError."""
    if report is None or not job.has(report):
        return None
    return job.built(report) if user is None else job.desk(report, user).matrix


def report_choices(assistant: Assistant) -> list[tuple[str, str]]:
    """The documents in force, after the one that is found by itself."""
    known = [d for d in assistant.documents() if d.status == "current"]
    return [(FOUND_BY_ITSELF, ""), *((document_choice(d), d.file) for d in known)]


def _place(evt: gr.EventData) -> tuple[int, str]:
    """The recommendation's number and the passage that a button or field stands beside."""
    number, _, name = pressed(evt).partition(" ")
    return (int(number) if number.isdecimal() else 0), name


def _told(work: Callable[[], None]) -> str:
    try:
        work()
    except AssistantError as error:
        return sentence(str(error))
    except Exception:
        log.exception("a matrix could not be changed")
        return sentence(FAILED)
    return ""
