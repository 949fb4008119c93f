"""Fixtures of the web tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.web.fakes import FakeAssistant
from tests.web.samples import library
from tests.web.serving import Visit, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def fake(tmp_path: Path) -> FakeAssistant:
    """Prepared answers over the starter documents."""
    files = {path.name: path for path in sorted((ROOT / "corpus").glob("*.pdf"))}
    return library(tmp_path / "corpus", files)


@pytest.fixture
def site(fake: FakeAssistant) -> Iterator[str]:
    with serving(fake, list(fake.replies)) as url:
        yield url


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    made = Visit(browser, site)
    yield made
    made.close()
