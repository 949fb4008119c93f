"""What the tests of the evaluation share."""

from __future__ import annotations

import pytest

from assistant.answer.assistant import Assistant
from assistant.eval.gold import GoldSet
from assistant.workspace import Workspace
from tests.eval.systems import starter_gold


@pytest.fixture(scope="session")
def gold() -> GoldSet:
    """The starter gold set."""
    return starter_gold()


@pytest.fixture(scope="session")
def starter(starter_workspace: Workspace) -> Assistant:
    return Assistant.open(starter_workspace)
