"""Every fault of a model's server, made on a real socket and seen in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.answer.assistant import Assistant
from assistant.workspace import Workspace
from tests.answer.modelled import MODELS_FAULTS, faulty
from tests.answer.test_generative import QUESTION
from tests.web.serving import Visit, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", MODELS_FAULTS)
def test_a_fault_is_a_sentence_on_the_page_and_the_chat_goes_on(
    browser: Browser, starter_workspace: Workspace, name: str
) -> None:
    with (
        faulty(starter_workspace, name) as (workspace, well),
        serving(Assistant.open(workspace), []) as url,
    ):
        visit = Visit(browser, url)
        visit.ask(QUESTION)
        turn = visit.page.locator("#turn-1")
        notice = turn.locator(".fallback").inner_text()
        assert notice.endswith("instead.") and "Error" not in notice and "\n" not in notice
        assert turn.locator(".statement .cite").count() > 0
        assert "extractive answer" in turn.locator(".facts").inner_text()
        well.set()
        visit.ask(QUESTION)
        assert "generative answer" in visit.page.locator("#turn-2 .facts").inner_text()
        assert visit.page.locator("#turn-2 .fallback").count() == 0
        assert visit.complaints == []
        visit.close()
