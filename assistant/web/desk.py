"""The tab on which questions are asked: the talk on one side, its evidence on the other."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr
from gradio.components import Component

from assistant.web import panels
from assistant.web.cards import evidence
from assistant.web.chat import Chat
from assistant.web.conversation import conversation
from assistant.web.drawer import UNHURRIED, Drawer
from assistant.web.opinion import OpinionRow
from assistant.web.parts import ASKING, PRIVATE, html

EXAMPLES = 6
WELCOME = "<p>Ask a question in plain language, or start with one of these.</p>"
EDITING = "<p>The last question is edited: what you ask now takes its place.</p>"


class Desk:
    """The parts of the tab, made inside the block that is open."""

    def __init__(self, chat: Chat, examples: Sequence[str]) -> None:
        self._chat = chat
        self.turns, self.talk = gr.State(()), gr.State(None)
        self._editing = gr.State(None)  # the key of the turn that the next question replaces
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="talk", min_width=300):
                self._drawer = Drawer(chat.talks)
                with gr.Column(elem_id="log"):
                    self._said = html(conversation(()), elem_id="said", pressed=True)
                    self._now = html("", elem_id="now")
                    self._draft = html("", elem_id="draft")
                self._notice = html("", elem_id="notice")
                self._opinion = OpinionRow(chat.assistant.workspace.evaluation, self.turns)
                with gr.Column(elem_id="examples", visible=True) as self._welcome:
                    html(WELCOME)
                    self._examples = [
                        gr.Button(text, size="sm", elem_classes="example")
                        for text in examples[:EXAMPLES]
                    ]
                self._search_form()
                self._compose()
                self._filter()
            with gr.Column(elem_id="proof", min_width=300):
                with gr.Accordion("Indexed documents", open=True, elem_id="indexed") as self._shelf:
                    self.table = html(panels.document_table(chat.assistant.documents()))
                with gr.Column(elem_id="cards"):
                    self._cards = html(evidence(()), elem_id="all-cards")
                    self._now_cards = html("", elem_id="now-cards")
                html(panels.viewer(), elem_id="viewer-frame")

    @property
    def shown(self) -> list[Component]:
        """What a question changes, in the order of ``Shown``."""
        opinion = self._opinion
        return [
            *(self.turns, self._said, self._cards, self._now, self._draft, self._now_cards),
            *(self.question, self._welcome, self._shelf),
            *(opinion.row, opinion.form, opinion.note),
            *(self.talk, self._editing, self._edited, self._search, self._searched),
            *(self._send, self._stop, self._drawer.list, self._notice),
        ]

    def wire(self) -> None:
        """Connect the parts with the chat."""
        chat, shown, place = self._chat, self.shown, [self.turns, self.talk]
        inputs = [self.question, self.files, self.statuses, *place, self._editing]
        gr.on(
            [self.question.submit, self._send.click],
            chat.ask,
            inputs,
            shown,
            trigger_mode="once",
            **ASKING,
        )
        for button in self._examples:
            button.click(chat.ask, [button, *inputs[1:]], shown, **ASKING)
        gr.on(
            [self._searched.submit, self._search_this.click],
            chat.search_for,
            [self._searched, *place],
            shown,
            trigger_mode="once",
            **ASKING,
        )
        self._said.retry(chat.again, place, shown, **ASKING)
        self._said.edit(chat.edit, self.turns, shown, **PRIVATE)
        self._said.input(chat.edit_search, self.turns, shown, **PRIVATE)
        self._keep_last.click(chat.keep_last, None, shown, **PRIVATE)
        self._keep_search.click(lambda: gr.update(visible=False), None, self._search, **PRIVATE)
        self._stop.click(chat.stop, None, None, **PRIVATE)
        self._new.click(chat.talks.clear, None, shown, **UNHURRIED)
        self._drawer.wire(self.turns, self.talk, shown)
        self._opinion.wire()

    def _search_form(self) -> None:
        with gr.Column(elem_id="search-form", visible=False) as self._search:
            self._searched = gr.Textbox(
                label="What is searched for, in place of the last question",
                lines=1,
                max_lines=6,
                elem_id="searched",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            with gr.Row(elem_classes="ends"):
                self._search_this = gr.Button(
                    "Ask this", variant="primary", size="sm", scale=0, elem_id="search-this"
                )
                self._keep_search = gr.Button("Cancel", size="sm", scale=0, elem_id="keep-search")

    def _compose(self) -> None:
        with gr.Row(elem_id="edited", visible=False) as self._edited:
            html(EDITING)
            self._keep_last = gr.Button("Cancel", size="sm", scale=0, elem_id="keep-last")
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
            self._stop = gr.Button(
                "Stop", variant="stop", scale=0, min_width=72, elem_id="stop-answer", visible=False
            )
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
