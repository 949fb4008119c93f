"""A language model behind an OpenAI-compatible server.

Nothing is sent anywhere unless ``[llm] base_url`` names a server.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pybreaker
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from assistant.answer.client import connect
from assistant.answer.model_errors import ModelError, overdue, shortened, told, wordless
from assistant.config import LlmSettings

CHARACTERS_PER_TOKEN: Final = 3  # of a tokenizer that is not known; English has more
REPLY_CHARACTERS: Final = 8  # per token of a reply, from which a server ignores the limit
FAILURES: Final = 3  # in a row, after which the server is left alone
REST: Final = 30.0  # seconds for which it is
FIRST_PAUSE: Final = 0.5  # seconds before a request is sent again; twice that the next time
LONGEST_PAUSE: Final = 5.0  # who must wait longer is told so at once
MOST_NAMED: Final = 10  # models of a server that a message lists
CHECK_SECONDS: Final = 15.0  # that a server has to show that it works
CUT: Final = "\x00"  # the last piece of a reply that was cut at the most it may have
_POLL: Final = 0.05  # seconds after which a stop is noticed while the server is silent


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user"]
    text: str


class LanguageModel:
    """Asks a server at temperature 0; safe to share between threads.

    After ``FAILURES`` replies in a row that failed for a passing reason it asks nothing for
    ``REST`` seconds, so that no one waits for a server that is down (Nygard's circuit breaker).
    """

    def __init__(self, settings: LlmSettings, most: int) -> None:
        """``most``: tokens that a reply may have. Raises UsageError where none is configured."""
        self.name = settings.model
        self._settings = settings
        self._most = most
        self._llm = connect(settings, most)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES,
            reset_timeout=REST,
            exclude=[_is_no_outage],
            throw_new_error_on_trip=False,
        )

    @property
    def room(self) -> int:
        """Characters that a prompt may have beside the reply."""
        return (self._settings.context_window - self._most) * CHARACTERS_PER_TOKEN

    def complete(self, prompt: str) -> str:
        """The reply to ``prompt``, asked for once; raises ModelError."""
        self._fits(len(prompt))
        try:
            return str(self._llm.complete(prompt).text or "")
        except Exception as error:
            raise told(error, self._settings) from error

    def check(self) -> None:
        """Have the server write a single word; raises ModelError where it does not."""
        try:
            # Its own client: a limit that is given with the request is not heeded.
            connect(self._settings, most=1).complete("Say: yes", timeout=CHECK_SECONDS)
        except Exception as error:
            within = self._settings.model_copy(update={"timeout": CHECK_SECONDS})
            raise self._enriched(told(error, within)) from error

    def _enriched(self, error: ModelError) -> ModelError:
        """``error`` with the models that the server has, where it does not have the one asked."""
        if "has no model" not in str(error) and "status 400" not in str(error):
            return error
        try:
            listed = self._llm._get_client().models.list(timeout=CHECK_SECONDS).data
            names = sorted(str(model.id) for model in listed)
        except Exception:  # what it has is an extra: not every server tells
            return error
        if not names or self.name in names:
            return error
        return ModelError(f"{error}; it has {shortened(', '.join(names[:MOST_NAMED]))}")

    def stream(
        self,
        messages: Sequence[Message],
        stop: threading.Event | None = None,
        *,
        temperature: float = 0.0,
    ) -> Iterator[str]:
        """The reply piece by piece; ends early, and ends the request, when ``stop`` is set.

        The same where the iterator is closed. The last piece of a reply that is longer than it may
        be is ``CUT``. A request that failed before its first piece for a
        passing reason is sent again, ``[llm] retries`` times. Raises ModelError, also in the
        midst of a reply.
        """
        self._fits(sum(len(message.text) for message in messages))
        try:
            yield from self._breaker.call(
                self._streamed, messages, stop or threading.Event(), temperature
            )
        except pybreaker.CircuitBreakerError as error:
            raise ModelError(
                f"its server failed {FAILURES} times in a row; it is asked again within {REST:g} s",
                silent=True,
            ) from error

    def _fits(self, characters: int) -> None:
        if characters > self.room:
            raise ModelError("the prompt does not fit into [llm] context_window")

    def _streamed(
        self, messages: Sequence[Message], stop: threading.Event, temperature: float
    ) -> Iterator[str]:
        pieces: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        task = asyncio.run_coroutine_threadsafe(
            self._fill(pieces, messages, temperature), self._running()
        )
        try:
            yield from self._taken(pieces, stop)
        finally:
            task.cancel()  # closes the connection, at which a server stops writing

    def _taken(
        self, pieces: queue.SimpleQueue[str | BaseException | None], stop: threading.Event
    ) -> Iterator[str]:
        """What arrives, until the end, ``stop``, a long silence, or far too much."""
        heard, length = time.monotonic(), 0
        while not stop.is_set():
            try:
                piece = pieces.get(timeout=_POLL)
            except queue.Empty:
                if time.monotonic() - heard > self._settings.timeout:
                    raise overdue(self._settings) from None
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise told(piece, self._settings) from piece
            heard, length = time.monotonic(), length + len(piece)
            yield piece
            if length >= self._most * REPLY_CHARACTERS:  # it pays no heed to max_tokens
                yield CUT
                return

    async def _fill(
        self,
        pieces: queue.SimpleQueue[str | BaseException | None],
        messages: Sequence[Message],
        temperature: float,
    ) -> None:
        """Put the reply into ``pieces``, then None, or the error that ended it."""
        try:
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(1 + self._settings.retries),
                wait=_pause,
                retry=retry_if_exception(_may_be_sent_again),
                reraise=True,
            ):
                with attempt:
                    reply, first = await self._begun(messages, temperature)
            pieces.put(first)
            async for piece in reply:
                pieces.put(piece)
            pieces.put(None)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            pieces.put(error)

    async def _begun(
        self, messages: Sequence[Message], temperature: float
    ) -> tuple[AsyncIterator[str], str]:
        """The reply, and its first piece: only then has the server accepted the request."""
        reply = self._reply(messages, temperature)
        try:
            return reply, await anext(reply)
        except Exception as error:
            raise told(error, self._settings) from error

    async def _reply(self, messages: Sequence[Message], temperature: float) -> AsyncIterator[str]:
        """The pieces of one reply; "" is a sign of life without text, as of a model that thinks.

        Raises ModelError where it ends before the model ended it, or says nothing.
        """
        from llama_index.core.llms import ChatMessage  # noqa: PLC0415

        told_to = [ChatMessage(role=message.role, content=message.text) for message in messages]
        finish, said = None, False
        async for part in await self._llm.astream_chat(told_to, temperature=temperature):
            choices = getattr(part.raw, "choices", None) or []
            finish = next((c.finish_reason for c in choices if c.finish_reason), finish)
            text = (part.delta or "").replace(CUT, "")
            said = said or bool(text)
            yield text
        if not said:
            raise wordless(finish)
        if not finish:
            raise ModelError("the server of the model broke off in the middle of its reply")
        if finish == "length":
            yield CUT

    def _running(self) -> asyncio.AbstractEventLoop:
        """The loop in which requests live: one that can be cancelled while it waits."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._loop.run_forever, name="language-model", daemon=True
                ).start()
            return self._loop


def _is_no_outage(error: object) -> bool:
    """Whether the server is well: the request was wrong, or nobody wants its reply any more."""
    return isinstance(error, GeneratorExit) or (isinstance(error, ModelError) and not error.passing)


def _may_be_sent_again(error: BaseException) -> bool:
    return (
        isinstance(error, ModelError)
        and error.passing
        and (error.after is None or error.after <= LONGEST_PAUSE)
    )


def _pause(state: RetryCallState) -> float:
    """What the server asks for, else twice as long each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, ModelError) else None
    return asked if asked is not None else float(FIRST_PAUSE * 2 ** (state.attempt_number - 1))
