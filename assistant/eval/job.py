"""One evaluation at a time in the background of a server: begun, watched and stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from assistant.answer.assistant import Assistant
from assistant.config import Settings, override
from assistant.errors import AssistantError, UsageError
from assistant.eval.gold import KINDS, GoldQuestion, GoldSet, load_gold
from assistant.eval.run import chosen
from assistant.eval.shelf import find_gold

log = logging.getLogger(__name__)

Phase = Literal["idle", "running", "stopping", "finished", "stopped", "failed"]

# What a visitor may set, and how high: what is asked of a server has a limit.
ADJUSTABLE: Final[dict[str, float]] = {
    "answer.threshold": 1,
    "answer.max_statements": 50,
    "retrieve.passages": 200,
}
BUSY: Final = "An evaluation is running already; wait until it has ended, or stop it."
FAILED: Final = "Something went wrong during the evaluation; the server's log says what."


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be evaluated: a gold file by its name, which questions, which settings.

    No ``kinds`` are all kinds and a ``limit`` of 0 is none; ``settings`` are named as
    ``answer.threshold`` is, and those left out are the workspace's.
    """

    gold: str
    kinds: tuple[str, ...] = ()
    limit: int = 0
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobState:
    """How far the last evaluation is; ``run`` is the name of its folder once it is finished."""

    phase: Phase = "idle"
    gold: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    run: str | None = None
    error: str | None = None

    @property
    def active(self) -> bool:
        """Whether questions are being asked."""
        return self.phase in ("running", "stopping")


class _Stopped(Exception):  # noqa: N818 - it is no error
    """Raised between two questions where a stop was asked for."""


class EvaluationJob:
    """Evaluates in a thread of its own, over the index and model of a running assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._state = JobState()
        self._began = 0.0
        self._thread: threading.Thread | None = None

    def start(self, order: Order) -> None:
        """Begin; raises UsageError where the order makes no sense or an evaluation runs."""
        if self.state().active:
            raise UsageError(BUSY)
        try:
            settings = _settings(self._assistant.workspace.settings, order)
            gold, questions = self._questions(order)
        except AssistantError as error:
            raise UsageError(self._told(error)) from error
        with self._lock:
            if self._state.active:
                raise UsageError(BUSY)
            self._state = JobState("running", order.gold, total=len(questions))
            self._began = time.monotonic()
        self._thread = threading.Thread(
            target=self._work, args=(settings, gold, questions), name="evaluation", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End after the question that is being answered; what was answered is kept."""
        with self._lock:
            if self._state.phase == "running":
                self._state = replace(self._state, phase="stopping")

    def state(self) -> JobState:
        """How far it is."""
        with self._lock:
            if not self._state.active:
                return self._state
            return replace(self._state, seconds=time.monotonic() - self._began)

    def wait(self, seconds: float | None = None) -> JobState:
        """The state once it has ended, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.state()

    def _questions(self, order: Order) -> tuple[GoldSet, tuple[GoldQuestion, ...]]:
        for kind in order.kinds:
            if kind not in KINDS:
                raise UsageError(f"There is no such kind; there are {', '.join(KINDS)}.")
        if order.limit < 0:
            raise UsageError("The number of questions must be 0 (all) or more.")
        gold = load_gold(find_gold(self._assistant.workspace.evaluation, order.gold))
        return gold, chosen(gold, order.kinds, order.limit)

    def _work(self, settings: Settings, gold: GoldSet, questions: tuple[GoldQuestion, ...]) -> None:
        # Not at the head: the statistics and plots would be loaded by every server that starts.
        from assistant.eval.evaluate import evaluate  # noqa: PLC0415

        try:
            other = self._assistant.with_settings(settings)
            done = evaluate(other.workspace, other, gold, questions, progress=self._progress)
            self._end("finished", run=done.folder.name)
        except _Stopped:
            self._end("stopped")
        except AssistantError as error:
            self._end("failed", error=self._told(error))
        except OSError as error:
            log.exception("an evaluation failed")
            self._end("failed", error=f"The run cannot be written ({error.strerror}).")
        except Exception:
            log.exception("an evaluation failed")
            self._end("failed", error=FAILED)

    def _progress(self, done: int, total: int) -> None:
        with self._lock:
            self._state = replace(self._state, done=done, total=total)
            if self._state.phase == "stopping" and done < total:
                raise _Stopped

    def _end(self, phase: Phase, run: str | None = None, error: str | None = None) -> None:
        with self._lock:
            seconds = time.monotonic() - self._began
            self._state = replace(self._state, phase=phase, seconds=seconds, run=run, error=error)

    def _told(self, error: AssistantError) -> str:
        """The sentence without the folders of this machine, which are no visitor's business."""
        root = self._assistant.workspace.root
        return str(error).replace(f"{root}/", "").replace(str(root), "the workspace")


def _settings(settings: Settings, order: Order) -> Settings:
    for name, value in order.settings.items():
        most = ADJUSTABLE.get(name)
        if most is None:
            raise UsageError(f"{name} cannot be set here.")
        if isinstance(value, int | float) and value > most:
            raise UsageError(f"{name} may be {most:g} at most.")
    return override(settings, order.settings)
