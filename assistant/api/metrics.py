"""What the server counts and measures, for Prometheus; nothing of it says what was asked."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.api.guard import ASKING
from assistant.api.problems import Application, Message, Receive, Scope, Send
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.types import Answer

log = logging.getLogger(__name__)

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
# Any word may be sent as a method; each would be a series of its own.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The metrics of one application, in a registry of their own."""

    def __init__(self, assistant: Assistant) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Sizes(assistant))
        self._requests = Counter(
            "assistant_requests",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._latency = Histogram(
            "assistant_request_seconds",
            "Seconds from a request to the end of its reply.",
            ["route", "method"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._questions = Counter(
            "assistant_questions",
            "Questions asked over /api and /v1 by what became of them.",
            ["outcome"],
            registry=self.registry,
        )
        self._stages = Histogram(
            "assistant_answer_stage_seconds",
            "Seconds that the stages of an answer took.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        for outcome in ("answered", "refused", "failed"):
            self._questions.labels(outcome)  # there from the start, at 0

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        method = method if method in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._latency.labels(route, method).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count one question and what its answer took."""
        self._questions.labels("refused" if answer.abstained else "answered").inc()
        for stage, seconds in answer.seconds.items():
            self._stages.labels(stage).observe(seconds)

    def failed(self) -> None:
        """Count a question that got no answer."""
        self._questions.labels("failed").inc()

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class _Sizes(Collector):
    """How large the index is at the moment it is asked."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def collect(self) -> Iterator[Metric]:
        sizes = GaugeMetricFamily("assistant_index_size", "What the index holds.", labels=["what"])
        try:
            summary = self._assistant.summary()
        except AssistantError as error:
            log.warning("the size of the index is not known: %s", error)
        else:
            sizes.add_metric(["documents"], summary.documents)
            sizes.add_metric(["pages"], summary.pages)
            sizes.add_metric(["passages"], summary.passages)
        yield sizes

    def describe(self) -> Iterator[Metric]:
        """Nothing: else the registry would open the index to learn the names."""
        return iter(())


class Measured:
    """The layer that counts every request under the template of its route."""

    def __init__(self, app: Application, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and count it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            route = _template(scope)
            seconds = time.perf_counter() - began
            self.metrics.requested(route, scope["method"], status, seconds)


def _template(scope: Scope) -> str:
    """The route that took the request; what was asked for is known of fixed addresses only."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template:
        return template
    return scope["path"] if scope["path"] in ASKING else "other"
