"""Questions that are being answered: each in a thread of its own, and each can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from assistant.types import Answer, Progress

Stream = Callable[[threading.Event], Iterator[Progress | Answer]]

EVERY: Final = 1 / 12  # seconds between two pieces that are shown
PATIENCE: Final = 5.0  # seconds that a page waits until one question has made way for another


class Running:
    """One question under way.

    A model that says nothing for a minute holds up nobody: whoever waits for it goes on as soon
    as it is stopped, and its thread ends by itself.
    """

    def __init__(self, stream: Stream) -> None:
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self.superseded = False
        self._left = threading.Event()
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._newest: Progress | None = None
        self._over = False
        threading.Thread(target=self._work, args=(stream,), daemon=True).start()

    @property
    def stopped(self) -> bool:
        """Whether someone wanted no answer any more before there was one."""
        return self._stop.is_set() and self.answer is None

    def pieces(self) -> Iterator[Progress]:
        """How far it has come: the first piece at once, then the newest of each moment."""
        due = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended() or self._newest is not None)
                self._changed.wait_for(self._ended, timeout=max(0.0, due - time.monotonic()))
                newest, self._newest = self._newest, None
                if self._ended() or newest is None:
                    return
            yield newest
            due = time.monotonic() + EVERY

    def stop(self, superseded: bool = False) -> None:
        """Want no answer any more; ``superseded``: the page shows something else by now."""
        with self._changed:
            self.superseded = self.superseded or superseded
            self._stop.set()
            self._changed.notify_all()

    def leave(self) -> None:
        """Tell those who wait that the page is sent nothing more of this question."""
        self.stop()
        self._left.set()

    def wait_until_left(self) -> None:
        """Wait until the page is sent nothing more of this question."""
        self._left.wait(PATIENCE)

    def _ended(self) -> bool:
        return self._over or self._stop.is_set()

    def _work(self, stream: Stream) -> None:
        try:
            self._read(stream(self._stop))
        except Exception as error:  # told by the thread that waits
            self.error = error
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def _read(self, said: Iterator[Progress | Answer]) -> None:
        try:
            for item in said:
                with self._changed:
                    if isinstance(item, Answer):
                        self.answer = None if self._stop.is_set() else item
                    else:
                        self._newest = item
                    self._changed.notify_all()
                    if self._stop.is_set():
                        return
        finally:
            if close := getattr(said, "close", None):  # ends the request to the model, too
                close()


class Questions:
    """The question that each session is waiting for, if any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Running] = {}

    def begin(self, session: str, stream: Stream) -> Running:
        """Ask; what the session still waited for is given up."""
        self.supersede(session)
        running = Running(stream)
        with self._lock:
            self._running[session] = running
        return running

    def end(self, session: str, running: Running) -> None:
        """Forget a question of which the page is sent nothing more."""
        with self._lock:
            if self._running.get(session) is running:
                del self._running[session]
        running.leave()

    def stop(self, session: str) -> None:
        """Stop what the session waits for; its page says so."""
        if running := self._of(session):
            running.stop()

    def supersede(self, session: str) -> None:
        """Give up what the session waits for, since its page is to show something else."""
        if running := self._of(session):
            running.stop(superseded=True)
            running.wait_until_left()

    def _of(self, session: str) -> Running | None:
        with self._lock:
            return self._running.get(session)
