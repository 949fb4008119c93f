"""Fixtures of the API's tests: one assistant over the starter corpus, and one real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer.assistant import Assistant
from assistant.api.app import api_app
from assistant.config import override
from assistant.workspace import Workspace
from tests.web.serving import serving

QUESTION = "How many levels of warfare are there?"
DIGEST = "operations_multinational_digest.pdf"


@pytest.fixture(scope="session")
def assistant(starter_workspace: Workspace) -> Assistant:
    """Answers from the starter corpus, without a limit on how often it may be asked."""
    settings = override(starter_workspace.settings, {"api.rate": ""})
    made = Assistant.open(starter_workspace.with_settings(settings))
    made.warm_up()
    return made


@pytest.fixture
def api(assistant: Assistant) -> Iterator[Callable[..., TestClient]]:
    """Makes a client of an application of its own under other settings of ``[api]``."""
    with ExitStack() as stack:

        def made(**settings: Any) -> TestClient:
            changes = {f"api.{name}": value for name, value in settings.items()}
            other = assistant.with_settings(override(assistant.workspace.settings, changes))
            return stack.enter_context(entered(other))

        yield made


@pytest.fixture(scope="session")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with entered(assistant) as made:
        yield made


def entered(assistant: Assistant) -> TestClient:
    """A client that keeps one event loop, as a server does, once it is entered."""
    return TestClient(api_app(assistant), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def url(assistant: Assistant) -> Iterator[str]:
    """The address of a real server: the API and the chat, behind the gate."""
    with serving(assistant, []) as address:
        yield address
