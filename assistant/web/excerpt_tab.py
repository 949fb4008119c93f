"""The tab on which excerpts are searched for and collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.components import Component

from assistant.excerpts.store import LONGEST_NAME
from assistant.web.drawer import Variant
from assistant.web.excerpt_form import ExcerptForm
from assistant.web.excerpt_results import nothing_yet
from assistant.web.excerpts import Excerpts
from assistant.web.parts import AT_ONCE, PRIVATE, html
from assistant.web.selection_board import Boards
from assistant.web.selection_forms import SelectionForms
from assistant.web.selection_panel import STYLE_NAMES
from assistant.web.selection_shelf import Shelf
from assistant.web.selections import Selections

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

SEARCHING: Final[dict[str, Any]] = {
    "concurrency_limit": AT_ONCE,
    "concurrency_id": "excerpts",
    **PRIVATE,
}
# One after another, so that what a page shows last is what was done last.
EDITING: Final[dict[str, Any]] = {
    "concurrency_limit": 1,
    "concurrency_id": "selection",
    **PRIVATE,
}
# A field with ``data-event`` raises that event when it was changed, with its text or its tick.
CHANGED: Final = """
element.addEventListener("change", (event) => {
  const field = event.target.closest("input[data-event], textarea[data-event]");
  if (!field) return;
  event.stopPropagation();
  const { event: name, value } = field.dataset;
  trigger(name, { value, text: field.value, checked: field.checked === true });
});"""
VIEWER: Final = (
    '<div class="viewer-place">'
    '<button type="button" class="quiet" data-tool="close">Close page</button>'
    "</div>"
)


class ExcerptTab:
    """The parts of the tab, made inside the block that is open."""

    def __init__(self, assistant: Assistant, shelf: Shelf) -> None:
        boards = Boards(shelf)
        self._excerpts = Excerpts(assistant, shelf)
        self._selections, self._forms = Selections(assistant, boards), SelectionForms(boards)
        self._found, self.opened, self._chosen = gr.State(None), gr.State(None), gr.State(None)
        with gr.Row(elem_id="finder", equal_height=False):
            with gr.Column(elem_id="search", min_width=300):
                self._form = ExcerptForm(assistant)
                self._results = raising(nothing_yet(), "found")
            with gr.Column(elem_id="collected", min_width=300):
                self._kept = html("", elem_id="not-kept")
                self._notice = html("", elem_id="selection-notice")
                self._drawer()
                self._panel = raising("", "selection")
                with gr.Row(elem_id="export"):
                    self._style = gr.Dropdown(
                        [(name, style) for style, name in STYLE_NAMES.items()],
                        value="doctrine",
                        label="Citations in the file",
                        elem_id="style",
                    )
                    self._exports = html("", elem_id="exports")
                html(VIEWER, elem_id="excerpt-page")

    @property
    def board(self) -> list[Component]:
        """What an event of the selection changes, in the order of ``Board``."""
        return [self.opened, self._panel, self._exports, self._listed, self._notice]

    def wire(self) -> None:
        """Connect the parts with the events."""
        self._wire_search()
        self._wire_selection()
        self._wire_list()

    def wire_arrival(self, *arrivals: Any) -> None:
        """Show on each of these events what is there by now."""
        inputs = [self.opened, self._found, self._style]
        for arrival in arrivals:
            arrival(self._selections.arrive, inputs, [*self.board, self._kept], **EDITING)
            arrival(self._excerpts.filters, None, self._form.filters, **PRIVATE)

    def _wire_search(self) -> None:
        excerpts, shown = self._excerpts, [self._found, self._results]
        gr.on(
            self._form.sent,
            excerpts.search,
            [self.opened, *self._form.fields],
            shown,
            trigger_mode="always_last",
            **SEARCHING,
        )
        found = [self._found, self.opened]
        self._results.apply(excerpts.turn, found, shown, **SEARCHING)
        self._results.expand(excerpts.wider, found, shown, **SEARCHING)
        self._results.collapse(excerpts.narrower, found, shown, **SEARCHING)

    def _wire_selection(self) -> None:
        selections, board = self._selections, self.board
        seen = [self.opened, self._found, self._style]
        self._results.select(selections.tick, seen, board, **EDITING)
        self._results.like(selections.tick_all, seen, board, **EDITING)
        self._panel.undo(selections.moving(-1), seen, board, **EDITING)
        self._panel.retry(selections.moving(1), seen, board, **EDITING)
        self._panel.expand(selections.widening(1), seen, board, **EDITING)
        self._panel.collapse(selections.widening(-1), seen, board, **EDITING)
        self._panel.delete(selections.removing(), seen, board, **EDITING)
        self._panel.apply(selections.turn, seen, board, **EDITING)
        self._panel.blur(selections.noting(), seen, board, **EDITING)
        self._style.change(selections.cited, [self.opened, self._style], self._exports, **EDITING)

    def _wire_list(self) -> None:
        forms, board = self._forms, self.board
        seen = [self._found, self._style]
        form = [self._chosen, self._rename, self._name, self._delete, self._question]
        self._listed.select(forms.open, seen, board, **EDITING)
        self._listed.edit(forms.rename_form, None, form, **PRIVATE)
        self._listed.delete(forms.delete_form, None, form, **PRIVATE)
        self._new.click(forms.new, seen, board, **EDITING)
        for button in (self._keep_name, self._keep):
            button.click(forms.close_forms, None, form, **PRIVATE)
        gr.on(
            [self._save.click, self._name.submit],
            forms.rename,
            [self._chosen, self._name, self.opened, *seen],
            [*board, self._rename],
            **EDITING,
        )
        self._confirm.click(
            forms.delete,
            [self._chosen, self.opened, *seen],
            [*board, self._delete],
            **EDITING,
        )

    def _drawer(self) -> None:
        with gr.Accordion("Selections", open=False, elem_id="selections"):
            self._listed = html("", elem_id="selection-list", pressed=True)
            self._new = _button("New selection", "new-selection")
            with gr.Column(elem_id="rename-selection", visible=False) as self._rename:
                self._name = gr.Textbox(
                    label="Name of the selection",
                    max_lines=1,
                    max_length=LONGEST_NAME,
                    elem_id="selection-name",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
                )
                with gr.Row(elem_classes="ends"):
                    self._save = _button("Save", "save-selection-name", "primary")
                    self._keep_name = _button("Cancel", "keep-selection-name")
            with gr.Column(elem_id="delete-selection-form", visible=False) as self._delete:
                self._question = html("", elem_id="delete-selection-question")
                with gr.Row(elem_classes="ends"):
                    self._confirm = _button("Delete", "delete-selection", "stop")
                    self._keep = _button("Cancel", "keep-selection")


def raising(value: str, elem_id: str) -> gr.HTML:
    """Markup of ours whose buttons and fields raise events."""
    part = html(value, elem_id=elem_id, pressed=True)
    part.js_on_load = f"{part.js_on_load}{CHANGED}"
    return part


def _button(text: str, elem_id: str, variant: Variant = "secondary") -> gr.Button:
    return gr.Button(text, variant=variant, size="sm", scale=0, elem_id=elem_id)
