"""The report as a reader uses it, from the file itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.eval.report import write_report
from tests.eval.report.samples import every_outcome

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ALL = ["right", "partly", "wrong", "missed", "refused", "false", "silent", "failed"]


class Visit:
    """A page with what it asked for and what it complained about."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path.as_uri())

    def shown(self) -> list[str]:
        ids: list[str] = self.page.locator("article").evaluate_all(
            "all => all.filter(one => one.offsetParent !== null).map(one => one.id)"
        )
        return ids


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    path = tmp_path / "report.html"
    write_report(every_outcome(tmp_path), path)
    page = browser.new_page()
    made = Visit(page, path)
    yield made
    assert made.requests[0] == path.as_uri()
    assert {url.partition("#")[0] for url in made.requests} == {path.as_uri()}
    assert not made.complaints
    page.close()


def test_questions_are_filtered(visit: Visit) -> None:
    page = visit.page
    assert visit.shown() == ALL
    page.locator("#filter-kind").select_option("list")
    assert visit.shown() == ["partly"]
    assert page.locator("#filter-count").inner_text() == "1 of 8 questions"
    page.get_by_role("button", name="Reset").click()
    # Not wait_for_function: it evaluates a string, which the page's policy forbids.
    page.locator("#filter-count", has_text=re.compile("^8")).wait_for()
    page.locator("#filter-text").fill("IT  broke")
    assert visit.shown() == ["failed"]
    page.locator("#filter-text").fill("nothing has this")
    assert visit.shown() == []
    page.locator("#filter-text").fill("")
    page.locator("#filter-outcome").select_option("missed")
    assert visit.shown() == ["missed"]
    page.locator("#filter-outcome").select_option("")
    page.locator("#filter-document").select_option(label="DOC two – b/two.pdf")
    assert visit.shown() == ["right", "partly", "failed"]


def test_questions_are_sorted_by_confidence(visit: Visit) -> None:
    visit.page.locator("#filter-order").select_option("up")
    assert visit.shown() == [
        "silent",
        "refused",
        "false",
        "wrong",
        "missed",
        "partly",
        "right",
        "failed",
    ]
    visit.page.locator("#filter-order").select_option("down")
    assert visit.shown()[0] == "right" and visit.shown()[-1] == "failed"
    visit.page.locator("#filter-order").select_option("")
    assert visit.shown() == ALL


def test_the_keyboard_alone_opens_a_question(visit: Visit) -> None:
    page = visit.page
    page.locator("#wrong summary").first.focus()
    assert not page.locator("#wrong > details").evaluate("one => one.open")
    page.keyboard.press("Enter")
    assert page.locator("#wrong > details").evaluate("one => one.open")
    page.locator('button[data-outcome="partly"]').focus()
    page.keyboard.press("Enter")
    assert visit.shown() == ["partly"]


def test_a_link_opens_its_question_whatever_is_filtered(visit: Visit) -> None:
    page = visit.page
    page.locator("#filter-kind").select_option("list")
    page.evaluate("location.hash = '#missed'")
    page.locator("#missed > details[open]").wait_for()
    assert visit.shown() == ALL


def test_a_phone_needs_no_sideways_scrolling(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    visit.page.get_by_role("button", name="Open all").click()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_everything_is_there(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(every_outcome(tmp_path), path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert not page.locator("#filters").is_visible()
    assert page.locator("article").count() == len(ALL)
    context.close()
