"""Two workspaces, each opened once: the starter corpus, and papers made for the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.workspace import Workspace
from tests.answer.papers import guides


@pytest.fixture(scope="session")
def starter(starter_workspace: Workspace) -> Assistant:
    return Assistant.open(starter_workspace)


@pytest.fixture(scope="session")
def guide_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return guides(Path(tmp_path_factory.mktemp("guides")) / "workspace")


@pytest.fixture(scope="session")
def guide(guide_workspace: Workspace) -> Assistant:
    return Assistant.open(guide_workspace)
