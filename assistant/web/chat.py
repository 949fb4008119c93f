"""The chat: what happens when a question is asked, stopped, edited or asked again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.conversation.turns import Turn, new_key
from assistant.errors import AssistantError
from assistant.types import Answer, Filters, Status
from assistant.web import panels
from assistant.web.asking import Questions, Running
from assistant.web.history import History, Talk
from assistant.web.labels import STATUS_NAMES, document_choice, scope
from assistant.web.shown import Shown, Turns, asked, come_on, finished, visible
from assistant.web.talks import Talks, settled, stopped

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

FAILED = "Something went wrong while this question was answered; the server's log says what."
LINKED = "q"  # the parameter of an address that brings its question along
MOST_CONTEXT = 8  # earlier questions that are handed on

log = logging.getLogger(__name__)


class Chat:
    """The events of one page; what a visitor said lives in that visitor's session only."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.history = History(assistant.workspace)
        self.questions = Questions()
        self.talks = Talks(self.history, self.questions)

    def ask(
        self,
        question: str | None,
        files: list[str] | None,
        statuses: list[Status] | None,
        turns: Turns,
        talk: Talk | None,
        editing: str | None,
        request: gr.Request,
    ) -> Iterator[Shown]:
        """Show the question at once, then its answer as it is written.

        ``editing`` is the key of the last turn where the question takes its place.
        """
        before = settled(turns)
        if before and before[-1].key == editing:
            before = before[:-1]
        filters = Filters(files=tuple(files or ()), statuses=tuple(statuses or ()))
        turn = Turn(number=_next(before), question=question or "", filters=filters)
        yield from self._answer(before, turn, talk, request, typed=True)

    def ask_of_all(
        self, question: str | None, turns: Turns, talk: Talk | None, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask without the filters of the page, as an evaluation does."""
        yield from self.ask(question, None, None, turns, talk, None, request)

    def arrive(self, turns: Turns, talk: Talk | None, request: gr.Request) -> Iterator[Shown]:
        """Ask the question that the page's address brings along, if there is one."""
        question = dict(request.query_params).get(LINKED, "")
        if question.strip() and not turns:
            yield from self.ask_of_all(question, turns, talk, request)
        else:
            yield Shown()

    def again(self, turns: Turns, talk: Talk | None, request: gr.Request) -> Iterator[Shown]:
        """Ask the last question once more: for another answer, or after none came."""
        if not turns or turns[-1].pending:
            yield Shown()
            return
        *before, last = turns
        fresh = replace(last, answer=None, error=None, progress=None, key=new_key())
        answer = last.answer
        yield from self._answer(
            tuple(before),
            fresh,
            talk,
            request,
            alone=answer is not None and _stood_alone(answer),
            again=answer is not None,
        )

    def search_for(
        self, question: str | None, turns: Turns, talk: Talk | None, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask in place of the last question what it should have been searched for."""
        if not turns or turns[-1].pending:
            yield Shown()
            return
        *before, last = turns
        fresh = Turn(last.number, question or "", filters=last.filters)
        yield from self._answer(tuple(before), fresh, talk, request, alone=True)

    def stop(self, request: gr.Request) -> None:
        """Stop the answer that the page waits for, or waited for until it was closed."""
        self.questions.stop(self.history.visitor(request).session)

    def edit(self, turns: Turns) -> Shown:
        """Put the last question back into the box; asking then takes its place."""
        if not turns or turns[-1].pending:
            return Shown()
        last = turns[-1]
        return Shown(
            question=last.question,
            editing=last.key,
            edited=visible(True),
            search=visible(False),
        )

    def keep_last(self) -> Shown:
        """Leave the last question as it is after all."""
        return Shown(question="", editing=None, edited=visible(False))

    def edit_search(self, turns: Turns) -> Shown:
        """Open the box in which the question that was searched for can be changed."""
        answer = turns[-1].answer if turns else None
        if answer is None or not answer.standalone:
            return Shown()
        return Shown(
            search=visible(True),
            searched=answer.standalone,
            editing=None,
            edited=visible(False),
        )

    def _answer(
        self,
        before: Turns,
        turn: Turn,
        talk: Talk | None,
        request: gr.Request,
        alone: bool = False,
        again: bool = False,
        typed: bool = False,
    ) -> Iterator[Shown]:
        """Answer ``turn`` after those ``before``.

        ``alone``: the question is asked as it is. ``again``: another wording is wanted.
        ``typed``: the question comes from the box, which is emptied.
        """
        visitor, talk = self.history.visitor(request), talk or Talk()
        context = () if alone else _context(before)
        stream, question, filters = self.assistant.stream, turn.question, turn.filters
        running = self.questions.begin(
            visitor.session, lambda stop: stream(question, filters, context, stop, again=again)
        )
        ended = False
        try:
            turn = self._scoped(turn)
            first = asked((*before, turn))._replace(talk=talk)
            yield first._replace(question=gr.update(value="")) if typed else first
            for progress in running.pieces():
                former, turn = turn, replace(turn, progress=progress)
                yield come_on((*before, turn), former)
            turn, ended = _ended(turn, running), True
            kept = self.talks.kept(visitor, talk, (*before, turn))
            # A page that shows something else by now is sent nothing.
            yield Shown() if running.superseded else finished((*before, turn), **kept)
        finally:
            self.questions.end(visitor.session, running)
            if not ended:  # the page is gone
                self.history.keep(visitor.user, talk, settled((*before, turn)))

    def _scoped(self, turn: Turn) -> Turn:
        """``turn`` with what it is restricted to in words, if there are documents to name."""
        try:
            return replace(turn, scope=scope(turn.filters, tuple(self.assistant.documents())))
        except AssistantError:
            return turn  # whoever answers it says the same

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


def _ended(turn: Turn, running: Running) -> Turn:
    """``turn`` with what came of it."""
    if running.answer is not None:
        return replace(turn, answer=running.answer, progress=None)
    if running.stopped:
        return stopped(turn)
    if isinstance(running.error, AssistantError):
        return replace(turn, error=str(running.error), progress=None)
    log.error("a question was not answered", exc_info=running.error)
    return replace(turn, error=FAILED, progress=None)


def _stood_alone(answer: Answer) -> bool:
    """Whether a question was asked as it is, and not because no model could say it anew."""
    return answer.standalone is None and not answer.fallback


def _next(turns: Turns) -> int:
    return turns[-1].number + 1 if turns else 1


def _context(turns: Turns) -> tuple[str, ...]:
    """The earlier questions as ones that stand alone, the oldest first."""
    answers = [turn.answer for turn in turns if turn.answer is not None]
    return tuple(answer.standalone or answer.question for answer in answers[-MOST_CONTEXT:])
