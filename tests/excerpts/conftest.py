"""The starter corpus, and the real documents, opened once."""

from __future__ import annotations

import pytest

from assistant.answer.assistant import Assistant
from assistant.workspace import Workspace


@pytest.fixture(scope="session")
def starter(starter_workspace: Workspace) -> Assistant:
    return Assistant.open(starter_workspace)
