"""The form in which a search for excerpts is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components import Component

from assistant.web.excerpt_fields import MODE_NAMES, ORDER_NAMES, Choice, choices

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant


class ExcerptForm:
    """The fields, made inside the block that is open."""

    def __init__(self, assistant: Assistant) -> None:
        self._offered = choices(assistant.documents())
        self._search_row()
        self._filter()

    @property
    def sent(self) -> list[Any]:
        """The events that send it."""
        return [self._text.submit, self._go.click]

    def _search_row(self) -> None:
        with gr.Row(elem_id="excerpt-search"):
            self._text = gr.Textbox(
                label="Search for excerpts",
                show_label=False,
                container=False,
                placeholder="A question, words, or a phrase in quotation marks",
                lines=1,
                max_lines=1,
                scale=1,
                elem_id="excerpt-text",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            self._go = gr.Button(
                "Search", variant="primary", scale=0, min_width=80, elem_id="excerpt-go"
            )
        with gr.Row(elem_id="excerpt-how"):
            self._mode = _choice("How to search", MODE_NAMES, "auto", "excerpt-mode")
            self._order = _choice("Sort by", ORDER_NAMES, "relevance", "excerpt-order")
            self._grouped = gr.Checkbox(
                label="Group repeats",
                value=True,
                elem_id="excerpt-grouped",
                min_width=120,
            )

    def _filter(self) -> None:
        offered = self._offered
        with gr.Accordion("Search only in\u2026", open=False, elem_id="excerpt-filters"):
            self._files = _several("Documents (none chosen: all)", offered.files, "excerpt-files")
            with gr.Row():
                self._publishers = _several("Publisher", offered.publishers, "excerpt-publishers")
                self._statuses = _several("Status", offered.statuses, "excerpt-statuses")
                self._markings = _several("Marking", offered.markings, "excerpt-markings")
            with gr.Row():
                self._since = _line("Edition from", "excerpt-since", "2020")
                self._until = _line("Edition to", "excerpt-until", "2024-06-30")
                self._first_page = _line("PDF page from", "excerpt-first-page", "12")
                self._last_page = _line("PDF page to", "excerpt-last-page", "40")
                self._first_paragraph = _line("Paragraph from", "excerpt-first-paragraph", "2-1")
                self._last_paragraph = _line("Paragraph to", "excerpt-last-paragraph", "2-20")

    @property
    def filters(self) -> list[Component]:
        """The filters whose choices come from the documents, in the order of ``Choices``."""
        return [self._files, self._publishers, self._statuses, self._markings]

    @property
    def fields(self) -> list[Component]:
        """The fields of the form in the order of ``excerpt_fields.asked``."""
        return [
            *(self._text, self._mode, self._files, self._publishers, self._statuses),
            *(self._markings, self._since, self._until, self._first_page, self._last_page),
            *(self._first_paragraph, self._last_paragraph, self._order, self._grouped),
        ]


def _choice(label: str, names: Any, value: str, elem_id: str) -> gr.Dropdown:
    pairs = [(name, key) for key, name in names.items()]
    return gr.Dropdown(pairs, value=value, label=label, elem_id=elem_id, min_width=120)


def _several(label: str, pairs: list[Choice], elem_id: str) -> gr.Dropdown:
    return gr.Dropdown(
        pairs, value=[], multiselect=True, label=label, elem_id=elem_id, min_width=120
    )


def _line(label: str, elem_id: str, example: str) -> gr.Textbox:
    return gr.Textbox(
        label=label,
        placeholder=example,
        max_lines=1,
        min_width=90,
        elem_id=elem_id,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
    )
