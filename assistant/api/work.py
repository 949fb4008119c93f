"""Blocking work in threads: so many at once, others wait, and who leaves is not worked for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from fastapi import Request

from assistant.api.problems import LEFT, Refused

T = TypeVar("T")

PATIENCE: Final = 30.0  # seconds that a request waits for its turn
_COME_AGAIN: Final = "5"  # seconds that one who waited in vain is told to wait


@dataclass(frozen=True, slots=True)
class _Ended:
    error: Exception | None


class Workers:
    """At most ``count`` pieces of work at once, each in a thread of its own.

    The threads are daemons: a model that is silent for a minute does not keep a server that
    was stopped.
    """

    def __init__(self, count: int, patience: float = PATIENCE) -> None:
        self._slots = asyncio.Semaphore(count)
        self._patience = patience

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` returns; raises what it raises, or Refused with status 503."""
        (result,) = [item async for item in self.stream(lambda _: iter((work(),)))]
        return result

    async def stream(
        self, make: Callable[[threading.Event], Iterator[T]]
    ) -> AsyncGenerator[T, None]:
        """What the iterator gives that ``make`` makes, as it comes.

        ``make`` is given an event that is set when nobody wants the rest. Its turn ends when the
        work has really ended, not when it is no longer waited for. Raises Refused with status 503.
        """
        await self._enter()
        loop, stop = asyncio.get_running_loop(), threading.Event()
        arrived: asyncio.Queue[T | _Ended] = asyncio.Queue()

        def tell(act: Callable[..., None], *what: T | _Ended) -> None:
            with suppress(RuntimeError):  # the loop has ended, and with it who waited
                loop.call_soon_threadsafe(act, *what)

        def work() -> None:
            error = None
            try:
                for item in _until(stop, make):
                    tell(arrived.put_nowait, item)
            except Exception as raised:  # raised again where it is waited for
                error = raised
            tell(self._slots.release)
            tell(arrived.put_nowait, _Ended(error))

        threading.Thread(target=work, daemon=True).start()
        try:
            while not isinstance(item := await arrived.get(), _Ended):
                yield item
            if item.error is not None:
                raise item.error
        finally:
            stop.set()

    async def _enter(self) -> None:
        try:
            await asyncio.wait_for(self._slots.acquire(), self._patience)
        except TimeoutError as error:
            sentence = "Too many questions are being answered; ask again in a moment."
            raise Refused(503, sentence, headers={"Retry-After": _COME_AGAIN}) from error


async def unless_left(request: Request, work: Awaitable[T]) -> T:
    """What ``work`` gives; it is cancelled, and Refused raised, where the caller hangs up."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Refused(LEFT, "The connection was closed before there was an answer.")
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _until(stop: threading.Event, make: Callable[[threading.Event], Iterator[T]]) -> Iterator[T]:
    items = make(stop)
    try:
        for item in items:
            yield item
            if stop.is_set():
                return
    finally:
        if close := getattr(items, "close", None):  # ends the request to a model, too
            close()
