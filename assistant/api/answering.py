"""Questions from programs: asked of the assistant in a thread, counted, and stoppable."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.api.metrics import Metrics
from assistant.api.problems import Refused
from assistant.api.work import Workers
from assistant.config import override
from assistant.errors import QuestionError, UsageError
from assistant.types import Answer, Filters, Progress

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what it is restricted to, and the questions before it, oldest first."""

    text: str
    filters: Filters = Filters()
    context: Sequence[str] = ()
    extractive: bool = False


class Answering:
    """Answers questions with the workers and metrics of one application."""

    def __init__(self, assistant: Assistant, workers: Workers, metrics: Metrics) -> None:
        self.assistant = assistant
        self._workers = workers
        self._metrics = metrics
        self._lock = threading.Lock()

    async def stream(self, question: Question) -> AsyncGenerator[Progress | Answer, None]:
        """How far it has come, and the answer at last.

        Raises QuestionError, and UsageError for a file that is not in the index.
        """
        work = self._workers.stream(lambda stop: self._asked(question, stop))
        try:
            async with aclosing(work) as items:
                async for item in items:
                    if isinstance(item, Answer):
                        self._metrics.answered(item)
                    yield item
        except (QuestionError, UsageError, Refused, asyncio.CancelledError, GeneratorExit):
            raise
        except Exception:
            self._metrics.failed()
            raise

    async def answer(self, question: Question) -> Answer:
        """The answer alone."""
        *_, last = [item async for item in self.stream(question)]
        assert isinstance(last, Answer)  # a question that nobody stops has one
        return last

    def _asked(self, question: Question, stop: threading.Event) -> Iterator[Progress | Answer]:
        assistant = self._extractive() if question.extractive else self.assistant
        filters = known(assistant, question.filters)
        context = assistant.in_context(question.context) if question.context else ()
        yield from assistant.stream(question.text, filters, context, stop)

    def _extractive(self) -> Assistant:
        with self._lock:  # else two questions would make two
            return self._without_model

    @cached_property
    def _without_model(self) -> Assistant:
        settings = self.assistant.workspace.settings
        if settings.answer.mode == "extractive" or not settings.llm.base_url:
            return self.assistant
        return self.assistant.with_settings(override(settings, {"answer.mode": "extractive"}))


def known(assistant: Assistant, filters: Filters) -> Filters:
    """``filters``; raises UsageError where they name a file that is not in the index."""
    files = {document.file for document in assistant.documents()} if filters.files else set()
    for file in filters.files:
        if file not in files:
            raise UsageError(f"{file[:200]} is not in the index; GET /api/documents lists what is.")
    return filters
