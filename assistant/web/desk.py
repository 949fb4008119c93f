"""The tab on which questions are asked: the talk on one side, its evidence on the other."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr
from gradio.components import Component

from assistant.web import panels
from assistant.web.cards import evidence
from assistant.web.chat import Chat
from assistant.web.conversation import conversation
from assistant.web.opinion import OpinionRow
from assistant.web.parts import ASKING, PRIVATE, html

EXAMPLES = 6
WELCOME = "<p>Ask a question in plain language, or start with one of these.</p>"


class Desk:
    """The parts of the tab, made inside the block that is open."""

    def __init__(self, chat: Chat, examples: Sequence[str]) -> None:
        self._chat = chat
        self.turns = gr.State(())
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="talk", min_width=300):
                self._said = html(conversation(()), elem_id="log")
                self._opinion = OpinionRow(chat.assistant.workspace.evaluation, self.turns)
                with gr.Column(elem_id="examples", visible=True) as self._welcome:
                    html(WELCOME)
                    self._examples = [
                        gr.Button(text, size="sm", elem_classes="example")
                        for text in examples[:EXAMPLES]
                    ]
                self._compose()
                self._filter()
            with gr.Column(elem_id="proof", min_width=300):
                with gr.Accordion("Indexed documents", open=True, elem_id="indexed") as self._shelf:
                    self.table = html(panels.document_table(chat.assistant.documents()))
                self._cards = html(evidence(()), elem_id="cards")
                html(panels.viewer(), elem_id="viewer-frame")

    @property
    def shown(self) -> list[Component]:
        """What a question changes, in the order of what ``Chat.ask`` yields."""
        return [
            *(self.turns, self._said, self._cards, self.question, self._welcome, self._shelf),
            *(self._opinion.row, self._opinion.form, self._opinion.note),
        ]

    def wire(self) -> None:
        """Connect the parts with the chat."""
        inputs = [self.question, self.files, self.statuses, self.turns]
        gr.on(
            [self.question.submit, self._send.click],
            self._chat.ask,
            inputs,
            self.shown,
            trigger_mode="once",
            **ASKING,
        )
        for button in self._examples:
            button.click(self._chat.ask, [button, *inputs[1:]], self.shown, **ASKING)
        self._new.click(self._chat.clear, None, self.shown, **PRIVATE)
        self._opinion.wire()

    def _compose(self) -> None:
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                label="Question",
                show_label=False,
                placeholder="Ask about the indexed documents",
                lines=1,
                max_lines=6,
                scale=1,
                container=False,
                autofocus=True,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            self._send = gr.Button("Ask", variant="primary", scale=0, min_width=72, elem_id="send")
            self._new = gr.Button("New chat", scale=0, min_width=90, elem_id="new")

    def _filter(self) -> None:
        with gr.Accordion("Search only in\u2026", open=False, elem_id="filters"):
            self.files = gr.Dropdown(
                self._chat.file_choices(),
                multiselect=True,
                value=[],
                label="Documents (none chosen: all)",
                elem_id="files",
            )
            self.statuses = gr.CheckboxGroup(
                self._chat.status_choices(),
                value=[],
                label="Status (none ticked: any)",
                elem_id="statuses",
            )
