"""The chat with a real small language model behind it, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.answer.assistant import Assistant
from assistant.workspace import Workspace
from tests import smallmodel
from tests.answer.modelled import with_model
from tests.web.serving import Visit, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.llm]

QUESTION = "What are the purposes of security cooperation?"


@pytest.fixture(scope="module")
def assistant(starter_workspace: Workspace, small_model: Path) -> Iterator[Assistant]:
    with smallmodel.served(small_model) as served:
        settings = {"context_window": 2048, "max_tokens": 120}
        made = Assistant.open(
            with_model(starter_workspace, served.address, served.model, **settings)
        )
        made.warm_up()
        yield made


def test_a_real_model_streams_and_only_what_holds_is_left(
    browser: Browser, assistant: Assistant
) -> None:
    with serving(assistant, []) as url:
        visit = Visit(browser, url)
        visit.send(QUESTION)
        turn = visit.page.locator("#turn-1")
        visit.page.wait_for_selector("#draft .draft", timeout=60_000)
        assert "[" not in visit.page.locator("#draft .draft").inner_text()
        visit.page.wait_for_selector("#turn-1:not(.pending)", timeout=120_000)
        statements = turn.locator(".statement")
        assert statements.count() > 0
        for place in range(statements.count()):
            assert statements.nth(place).locator(".cite").count() > 0
        assert not visit.complaints
        visit.close()


def test_stop_frees_a_real_model_for_the_next_question(
    browser: Browser, assistant: Assistant
) -> None:
    with serving(assistant, []) as url:
        visit = Visit(browser, url)
        visit.send(QUESTION)
        visit.page.wait_for_selector("#draft .draft", timeout=60_000)
        visit.page.get_by_role("button", name="Stop").click()
        visit.page.wait_for_selector("#turn-1:not(.pending)")
        assert "Stopped" in visit.page.locator("#turn-1").inner_text()
        began = time.monotonic()
        visit.send("How many levels of warfare are there?")
        visit.page.wait_for_selector("#draft .draft", timeout=60_000)
        assert time.monotonic() - began < 60
        visit.close()
