"""Applications beside the routes, and what they begin and end with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Match, Mount

from assistant.api.guard import for_programs
from assistant.api.problems import Scope

_HEALTH = frozenset({"/healthz", "/readyz", "/metrics"})


class Rest(Mount):
    """What is at every other address: an unknown one of the API is told in the API's words."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this application is to answer."""
        path = scope.get("path", "")
        if path in _HEALTH or for_programs(path):
            return Match.NONE, {}
        return super().matches(scope)


def lifespan_of(
    inner: Sequence[Starlette],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Runs what the applications within one begin and end with: FastAPI itself does not.

    ``inner`` is read when the outer one begins.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for one in inner:
                await stack.enter_async_context(one.router.lifespan_context(one))
            yield

    return lifespan
