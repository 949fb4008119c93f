"""The chat: what happens when a question is asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.types import Filters, Status
from assistant.web import panels
from assistant.web.cards import evidence
from assistant.web.conversation import conversation
from assistant.web.labels import STATUS_NAMES, document_choice, scope
from assistant.web.turns import Turn

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

FAILED = "Something went wrong while this question was answered; the server's log says what."
LINKED = "q"  # the parameter of an address that brings its question along

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
        filters = Filters(files=tuple(files or ()), statuses=tuple(statuses or ()))
        turn = Turn(number=len(turns) + 1, question=question or "", filters=filters)
        yield self._shown((*turns, turn), fresh=True)
        yield self._shown((*turns, self._answered(turn)), fresh=False)

    def ask_of_all(self, question: str | None, turns: Turns) -> Iterator[tuple[Any, ...]]:
        """Ask without the filters of the page, as an evaluation does."""
        yield from self.ask(question, None, None, turns)

    def arrive(self, turns: Turns, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Ask the question that the page's address brings along, if there is one."""
        question = dict(request.query_params).get(LINKED, "")
        if question.strip() and not turns:
            yield from self.ask_of_all(question, turns)
        else:
            yield (gr.skip(),) * 9

    def _answered(self, turn: Turn) -> Turn:
        try:
            named = replace(turn, scope=scope(turn.filters, tuple(self.assistant.documents())))
            return replace(named, answer=self.assistant.ask(turn.question, turn.filters))
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
            gr.update(visible=turns[-1].answer is not None),
            gr.update(visible=False),
            "",
        )

    def clear(self) -> tuple[Any, ...]:
        """A new conversation."""
        shown = gr.update(visible=True), gr.update(open=True)
        hidden = gr.update(visible=False), gr.update(visible=False)
        return (), conversation(()), evidence(()), gr.update(value=""), *shown, *hidden, ""

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
