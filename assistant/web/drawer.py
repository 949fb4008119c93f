"""The drawer in which a visitor's conversations lie, above the chat."""

from __future__ import annotations

from typing import Literal

import gradio as gr
from gradio.components import Component

from assistant.conversation.names import LONGEST_NAME
from assistant.web.parts import PRIVATE, html
from assistant.web.talks import Talks

Variant = Literal["primary", "secondary", "stop"]

# Who opens or deletes the open conversation may wait for a question that makes way.
UNHURRIED = {"concurrency_limit": None, **PRIVATE}


class Drawer:
    """The list and its forms, made inside the block that is open."""

    def __init__(self, talks: Talks) -> None:
        self._talks = talks
        self._chosen = gr.State(None)
        with gr.Accordion(
            "Conversations", open=False, elem_id="history", visible=talks.history.kept
        ):
            self.list = html("", elem_id="talks", pressed=True)
            with gr.Column(elem_id="rename-form", visible=False) as self._rename:
                self._name = gr.Textbox(
                    label="Name of the conversation",
                    max_lines=1,
                    max_length=LONGEST_NAME,
                    elem_id="talk-name",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
                )
                with gr.Row(elem_classes="ends"):
                    self._save = _button("Save", "save-name", "primary")
                    self._keep_name = _button("Cancel", "keep-name")
            with gr.Column(elem_id="delete-form", visible=False) as self._delete:
                self._question = html("", elem_id="delete-question")
                with gr.Row(elem_classes="ends"):
                    self._confirm = _button("Delete", "delete-talk", "stop")
                    self._keep = _button("Cancel", "keep-talk")

    def wire(self, turns: gr.State, talk: gr.State, shown: list[Component]) -> None:
        """Connect the parts; ``shown`` is what ``Shown`` names."""
        talks = self._talks
        form = [self._chosen, self._rename, self._name, self._delete, self._question]
        self.list.select(talks.open, talk, shown, **UNHURRIED)
        self.list.edit(talks.rename_form, None, form, **PRIVATE)
        self.list.delete(talks.delete_form, None, form, **PRIVATE)
        for button in (self._keep_name, self._keep):
            button.click(talks.close_forms, None, form, **PRIVATE)
        gr.on(
            [self._save.click, self._name.submit],
            talks.rename,
            [self._chosen, self._name, talk],
            [*shown, self._rename],
            **PRIVATE,
        )
        self._confirm.click(
            talks.delete, [self._chosen, turns, talk], [*shown, self._delete], **UNHURRIED
        )


def _button(text: str, elem_id: str, variant: Variant = "secondary") -> gr.Button:
    return gr.Button(text, variant=variant, size="sm", scale=0, elem_id=elem_id)
