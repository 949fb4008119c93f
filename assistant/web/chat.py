"""The chat: what stands on the page and what happens when a question is asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.blocks import Blocks

from assistant.errors import AssistantError
from assistant.types import Filters, Status
from assistant.web import panels
from assistant.web.cards import evidence
from assistant.web.conversation import conversation
from assistant.web.labels import STATUS_NAMES, document_choice, scope
from assistant.web.turns import Turn

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

EXAMPLES = 6
FAILED = "Something went wrong while this question was answered; the server's log says what."
AT_ONCE = 4  # questions answered at the same time; the others wait their turn

log = logging.getLogger(__name__)

Turns = tuple[Turn, ...]


class Chat:
    """The events of one page; what a visitor said lives in that visitor's session only."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def ask(
        self,
        question: str | None,
        files: list[str] | None,
        statuses: list[Status] | None,
        turns: Turns,
    ) -> Iterator[tuple[Any, ...]]:
        """Show the question at once, then the answer in its place."""
        asked = question or ""
        filters = Filters(files=tuple(files or ()), statuses=tuple(statuses or ()))
        turn = Turn(number=len(turns) + 1, question=asked)
        yield self._shown((*turns, turn), fresh=True)
        yield self._shown((*turns, self._answered(turn, filters)), fresh=False)

    def _answered(self, turn: Turn, filters: Filters) -> Turn:
        try:
            named = replace(turn, scope=scope(filters, tuple(self.assistant.documents())))
            return replace(named, answer=self.assistant.ask(turn.question, filters))
        except AssistantError as error:
            return replace(turn, error=str(error))
        except Exception:
            log.exception("a question was not answered")
            return replace(turn, error=FAILED)

    def _shown(self, turns: Turns, fresh: bool) -> tuple[Any, ...]:
        return (
            turns,
            conversation(turns),
            evidence(turns),
            gr.update(value="") if fresh else gr.skip(),
            gr.update(visible=False) if fresh else gr.skip(),
            gr.update(open=False) if fresh else gr.skip(),
        )

    def clear(self) -> tuple[Any, ...]:
        """A new conversation."""
        shown = gr.update(visible=True), gr.update(open=True)
        return (), conversation(()), evidence(()), gr.update(value=""), *shown

    def refresh(self) -> tuple[Any, ...]:
        """What is indexed now: the index may have been rebuilt since the server started."""
        try:
            documents = self.assistant.documents()
            summary = self.assistant.summary()
        except AssistantError as error:
            log.warning("%s", error)
            return (gr.skip(),) * 4
        return (
            panels.index_line(summary),
            panels.document_table(documents),
            gr.update(choices=self.file_choices()),
            gr.update(choices=self.status_choices()),
        )

    def file_choices(self) -> list[tuple[str, str]]:
        """The document filter's lines."""
        return [
            (document_choice(document), document.file) for document in self.assistant.documents()
        ]

    def status_choices(self) -> list[tuple[str, str]]:
        """The statuses that some document has."""
        present = {document.status for document in self.assistant.documents()}
        return [(name, status) for status, name in STATUS_NAMES.items() if status in present]


def build_chat(assistant: Assistant, examples: Sequence[str] = ()) -> Blocks:
    """The page, wired."""
    chat = Chat(assistant)
    blocks: Blocks
    with gr.Blocks(title=panels.NAME, analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        with gr.Row(elem_id="top"):
            _html(panels.brand(), elem_id="brand")
            index = _html(panels.index_line(assistant.summary()), elem_id="index")
            _html(panels.switch(), elem_id="switch")
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(elem_id="talk", min_width=300):
                said = _html(conversation(()), elem_id="log")
                with gr.Column(elem_id="examples", visible=True) as welcome:
                    _html(WELCOME)
                    buttons = [
                        gr.Button(text, size="sm", elem_classes="example")
                        for text in examples[:EXAMPLES]
                    ]
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
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
                    send = gr.Button(
                        "Ask", variant="primary", scale=0, min_width=72, elem_id="send"
                    )
                    new = gr.Button("New chat", scale=0, min_width=90, elem_id="new")
                with gr.Accordion("Search only in\u2026", open=False, elem_id="filters"):
                    files = gr.Dropdown(
                        chat.file_choices(),
                        multiselect=True,
                        value=[],
                        label="Documents (none chosen: all)",
                        elem_id="files",
                    )
                    statuses = gr.CheckboxGroup(
                        chat.status_choices(),
                        value=[],
                        label="Status (none ticked: any)",
                        elem_id="statuses",
                    )
            with gr.Column(elem_id="proof", min_width=300):
                with gr.Accordion("Indexed documents", open=True, elem_id="indexed") as shelf:
                    table = _html(panels.document_table(assistant.documents()))
                cards = _html(evidence(()), elem_id="cards")
                _html(panels.viewer(), elem_id="viewer-frame")

        shown = [turns, said, cards, question, welcome, shelf]
        inputs = [question, files, statuses, turns]
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        gr.on(
            [question.submit, send.click],
            chat.ask,
            inputs,
            shown,
            trigger_mode="once",
            concurrency_limit=AT_ONCE,
            concurrency_id="ask",
            **private,
        )
        for button in buttons:
            button.click(
                chat.ask,
                [button, files, statuses, turns],
                shown,
                concurrency_limit=AT_ONCE,
                concurrency_id="ask",
                **private,
            )
        new.click(chat.clear, None, shown, **private)
        blocks.load(chat.refresh, None, [index, table, files, statuses], **private)
    return blocks


WELCOME = "<p>Ask a question in plain language, or start with one of these.</p>"


def _html(value: str, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)
