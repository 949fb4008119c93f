"""Fixtures of the web tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.web.fakes import FakeAssistant
from tests.web.samples import library


@pytest.fixture
def fake(tmp_path: Path) -> FakeAssistant:
    """Prepared answers over the starter documents."""
    files = {path.name: path for path in sorted((ROOT / "corpus").glob("*.pdf"))}
    return library(tmp_path / "corpus", files)
