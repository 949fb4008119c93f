"""One matrix at a time, made in the background of a server, for all its visitors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from assistant.errors import AssistantError, UsageError
from assistant.index.generations import current_generation
from assistant.index.reader import Index
from assistant.matrix.builder import build_matrix
from assistant.matrix.desk import MatrixDesk
from assistant.matrix.recommendations import MatrixError
from assistant.matrix.values import Matrix
from assistant.workspace import Workspace

log = logging.getLogger(__name__)

BUSY: Final = "A matrix is being made already; wait until it is there."
FAILED: Final = "Something went wrong while the matrix was made; the server's log says what."
NONE: Final = "There is no matrix of this report; make it first."


@dataclass(frozen=True, slots=True)
class MatrixState:
    """How far the last matrix is; ``report`` is its file, once that is known."""

    phase: Literal["idle", "running", "finished", "failed"] = "idle"
    report: str | None = None
    seconds: float = 0.0
    error: str | None = None

    @property
    def active(self) -> bool:
        """Whether one is being made."""
        return self.phase == "running"


class MatrixJob:
    """Makes matrices in a thread of its own and keeps them as long as the index is the same.

    ``opened`` opens the current index.
    """

    def __init__(self, workspace: Workspace, opened: Callable[[], Index]) -> None:
        self._workspace = workspace
        self._opened = opened
        self._lock = threading.Lock()
        self._state = MatrixState()
        self._began = 0.0
        self._thread: threading.Thread | None = None
        self._index: Index | None = None
        self._made: dict[str, Matrix] = {}  # by report, the one made last at the end

    def start(self, report: str | None = None) -> None:
        """Begin with ``report``, None for the one that is found; raises UsageError while one is."""
        with self._lock:
            if self._state.active:
                raise UsageError(BUSY)
            self._state, self._began = MatrixState("running", report), time.monotonic()
        self._thread = threading.Thread(
            target=self._work, args=(report,), name="matrix", daemon=True
        )
        self._thread.start()

    def state(self) -> MatrixState:
        """How far it is."""
        with self._lock:
            if not self._state.active:
                return self._state
            return replace(self._state, seconds=time.monotonic() - self._began)

    def wait(self, seconds: float | None = None) -> MatrixState:
        """The state once it has ended, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.state()

    @property
    def latest(self) -> str | None:
        """The report of the matrix made last, None where there is none."""
        with self._lock:
            return next(reversed(self._made), None)

    def has(self, report: str) -> bool:
        """Whether there is a matrix of ``report`` from the current index."""
        with self._lock:
            here = self._index and self._index.generation
            return report in self._made and here == current_generation(self._workspace.index)

    def built(self, report: str) -> Matrix:
        """The matrix of ``report`` as it was found; raises MatrixError where there is none."""
        with self._lock:
            if report not in self._made:
                raise MatrixError(NONE)
            return self._made[report]

    def desk(self, report: str, user: str) -> MatrixDesk:
        """The same with what ``user`` changed in it; raises MatrixError where there is none."""
        built = self.built(report)
        return MatrixDesk(self._workspace, self._current(), user, built)

    def _work(self, report: str | None) -> None:
        try:
            matrix = build_matrix(self._workspace, self._current(), report)
            with self._lock:
                self._made.pop(matrix.report.file, None)
                self._made[matrix.report.file] = matrix
            self._end("finished", matrix.report.file)
        except AssistantError as error:
            root = self._workspace.root  # the folders of this machine are no visitor's business
            self._end("failed", report, str(error).replace(f"{root}/", ""))
        except Exception:
            log.exception("a matrix was not made")
            self._end("failed", report, FAILED)

    def _current(self) -> Index:
        """The current index; what was made of an earlier one is forgotten."""
        generation = current_generation(self._workspace.index)
        with self._lock:
            if self._index is None or self._index.generation != generation:
                self._index = self._opened()
                self._made.clear()
            return self._index

    def _end(
        self, phase: Literal["finished", "failed"], report: str | None, error: str | None = None
    ) -> None:
        with self._lock:
            seconds = time.monotonic() - self._began
            self._state = MatrixState(phase, report, seconds, error)
