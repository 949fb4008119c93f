"""The matrix of the starter's report, built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.index.reader import Index, open_index
from assistant.matrix.builder import build_matrix
from assistant.matrix.values import Matrix
from assistant.workspace import Workspace


@pytest.fixture(scope="session")
def index(starter_workspace: Workspace) -> Iterator[Index]:
    opened = open_index(starter_workspace)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def built(starter_workspace: Workspace, index: Index) -> Matrix:
    return build_matrix(starter_workspace, index)
