from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.excerpts.selection import Selection
from assistant.index.generations import STORE, current_generation
from assistant.index.store import Store
from assistant.workspace import Workspace
from tests.export import samples


@pytest.fixture(scope="session")
def starter_store(starter_workspace: Workspace) -> Iterator[Store]:
    generation = current_generation(starter_workspace.index)
    assert generation is not None
    store = Store(generation / STORE)
    yield store
    store.close()


@pytest.fixture(scope="session")
def fifty(starter_store: Store) -> Selection:
    return samples.fifty(starter_store)
