"""The tab on which a matrix is made, read and worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.components import Component

from assistant.matrix.job import MatrixJob
from assistant.web.bench import EVERY
from assistant.web.excerpt_tab import EDITING, SEARCHING, VIEWER, raising
from assistant.web.matrix import MatrixEvents, report_choices
from assistant.web.matrix_table import nothing_yet
from assistant.web.parts import PRIVATE, html
from assistant.web.selection_shelf import Shelf

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant


def matrix_job(assistant: Assistant) -> MatrixJob:
    """The job of one server."""
    return MatrixJob(assistant.workspace, lambda: assistant.index)


WORKING: Final[dict[str, Any]] = {**EDITING, "concurrency_id": "matrix"}


class MatrixTab:
    """The parts of the tab, made inside the block that is open."""

    def __init__(self, assistant: Assistant, job: MatrixJob, shelf: Shelf) -> None:
        self._events = MatrixEvents(assistant, job, shelf)
        self._report, self._row = gr.State(None), gr.State(None)
        self._clock = gr.Timer(EVERY, active=False)
        with gr.Row(elem_id="grid", equal_height=False):
            with gr.Column(elem_id="rows", min_width=300):
                with gr.Row(elem_id="matrix-order"):
                    self._chosen = gr.Dropdown(
                        report_choices(assistant), value="", label="Report", elem_id="report"
                    )
                    self._make = gr.Button(
                        "Make the matrix", variant="primary", scale=0, elem_id="make-matrix"
                    )
                self._progress = html("", elem_id="matrix-progress")
                self._notice = html("", elem_id="matrix-notice")
                self._downloads = html("", elem_id="matrix-exports")
                self._table = raising(nothing_yet(), "matrix-table")
            with gr.Column(elem_id="beside", min_width=300):
                with gr.Column(elem_id="adding", visible=False) as self._adding:
                    self._title = html("", elem_id="adding-title")
                    with gr.Row(elem_id="adding-search"):
                        self._text = gr.Textbox(
                            label="Search for an excerpt to add",
                            show_label=False,
                            container=False,
                            placeholder="Search for an excerpt to add",
                            max_lines=1,
                            elem_id="adding-text",
                            html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
                        )
                        self._go = gr.Button("Search", size="sm", scale=0, elem_id="adding-go")
                        self._close = gr.Button("Close", size="sm", scale=0, elem_id="adding-close")
                    self._offers = raising("", "matrix-offers")
                html(VIEWER, elem_id="matrix-page")

    def wire(self, opened: gr.State) -> None:
        """Connect the parts; ``opened`` is the selection that is open on the Excerpts tab."""
        events, table = self._events, self._shown
        watched: list[Component] = [self._progress, self._make, self._clock]
        self._make.click(events.start, self._chosen, [*watched, self._notice], **WORKING)
        self._clock.tick(events.tick, self._report, [*watched, *table], **PRIVATE)
        self._table.delete(events.remove, self._report, table, **WORKING)
        self._table.select(events.review, self._report, table, **WORKING)
        self._table.blur(events.note, self._report, table, **WORKING)
        form = [self._row, self._adding, self._title, self._offers]
        self._table.edit(events.offer, opened, form, **PRIVATE)
        gr.on(
            [self._text.submit, self._go.click],
            events.search,
            [self._text, self._row],
            self._offers,
            **SEARCHING,
        )
        self._offers.like(events.add, [self._report, self._row], table, **WORKING)
        self._close.click(lambda: gr.update(visible=False), None, self._adding, **PRIVATE)

    def wire_arrival(self, *arrivals: Any) -> None:
        """Show on each of these events what is there by now."""
        watched: list[Component] = [self._progress, self._make, self._clock]
        for arrival in arrivals:
            arrival(self._events.arrive, self._report, [*watched, *self._shown], **WORKING)
            arrival(self._events.reports, None, self._chosen, **PRIVATE)

    @property
    def _shown(self) -> list[Component]:
        return [self._report, self._table, self._downloads, self._notice]
