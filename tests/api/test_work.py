"""Blocking work in threads: bounded, waited for, and given up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from assistant.api.problems import Refused
from assistant.api.work import Workers


class Busy:
    """Counts how many work at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0

    def work(self) -> int:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self.lock:
            self.now -= 1
        return threading.get_ident()


def test_no_more_than_so_many_work_at_once() -> None:
    busy = Busy()

    async def all_of_them() -> list[int]:
        workers = Workers(3)
        return await asyncio.gather(*(workers.run(busy.work) for _ in range(20)))

    done = asyncio.run(all_of_them())
    assert busy.most == 3 and len(done) == 20
    assert threading.get_ident() not in done


def test_who_waits_in_vain_is_told_to_come_again() -> None:
    async def crowded() -> None:
        workers, free = Workers(1, patience=0.05), threading.Event()
        first = asyncio.ensure_future(workers.run(lambda: free.wait(10)))
        await asyncio.sleep(0.01)
        with pytest.raises(Refused) as caught:
            await workers.run(lambda: None)
        assert caught.value.status_code == 503
        assert caught.value.headers and int(caught.value.headers["Retry-After"]) > 0
        free.set()
        assert await first
        assert await workers.run(lambda: 7) == 7

    asyncio.run(crowded())


def test_what_work_raises_is_raised() -> None:
    def broken() -> None:
        raise KeyError("x")

    async def tried() -> None:
        workers = Workers(1)
        for _ in range(3):  # each gives its turn back
            with pytest.raises(KeyError):
                await workers.run(broken)

    asyncio.run(tried())


def test_items_come_as_they_are_made_and_a_stop_is_heard() -> None:
    heard, closed = threading.Event(), threading.Event()

    def counting(stop: threading.Event) -> Iterator[int]:
        try:
            for number in range(10**9):
                yield number
                if stop.wait(0.005):
                    heard.set()
        finally:
            closed.set()

    async def some() -> list[int]:
        workers, taken = Workers(1), list[int]()
        async with aclosing(workers.stream(counting)) as items:
            async for item in items:
                taken.append(item)
                if len(taken) == 3:
                    break
        assert await workers.run(lambda: closed.wait(5))  # its turn came: the work has ended
        return taken

    assert asyncio.run(some()) == [0, 1, 2]
    assert heard.is_set() or closed.is_set()


def test_a_turn_ends_with_the_work_not_with_the_wait() -> None:
    free = threading.Event()

    async def impatient() -> None:
        workers = Workers(1, patience=0.05)
        stuck = asyncio.ensure_future(workers.run(lambda: free.wait(10)))
        await asyncio.sleep(0.01)
        stuck.cancel()
        with pytest.raises(Refused):
            await workers.run(lambda: None)
        free.set()
        await asyncio.sleep(0.05)
        await workers.run(lambda: None)

    asyncio.run(impatient())


def test_who_is_cancelled_while_waiting_takes_no_turn() -> None:
    free = threading.Event()

    async def leaving() -> None:
        workers = Workers(1)
        first = asyncio.ensure_future(workers.run(lambda: free.wait(10)))
        await asyncio.sleep(0.01)
        second = asyncio.ensure_future(workers.run(lambda: None))
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.sleep(0.01)
        free.set()
        await first
        assert await asyncio.wait_for(workers.run(lambda: 1), 5) == 1

    asyncio.run(leaving())
