"""The Evaluation tab and the row under an answer in a real browser, over the starter corpus."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answer.confidence import SHIPPED_THRESHOLD
from assistant.workspace import Workspace
from tests.web.serving import Visit, ratio, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTION = "What are the four research questions?"


@dataclass(frozen=True)
class Site:
    url: str
    evaluation: Path


@pytest.fixture(scope="module")
def site(starter_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The starter workspace, its index and its gold set, in a folder of their own."""
    from assistant.answer.assistant import Assistant

    root = tmp_path_factory.mktemp("site") / "workspace"
    runs = shutil.ignore_patterns("runs", "drafts.jsonl", "feedback.jsonl")
    shutil.copytree(starter_workspace.root, root, ignore=runs)
    workspace = Workspace(root)
    with serving(Assistant.open(workspace), (QUESTION,)) as url:
        yield Site(url, workspace.evaluation)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    made = Visit(browser, site.url)
    yield made
    outside = [
        url for url in made.requests if not url.startswith((f"{site.url}/", "data:", "blob:"))
    ]
    made.close()
    assert outside == [] and made.complaints == []


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def to_tab(page: Page) -> None:
    page.click("#evaluation-button")
    page.wait_for_function("document.querySelector('#gold input')?.value === 'gold.jsonl'")
    page.wait_for_selector("#runs .runs, #runs .none")


def clock(site: Site, run: str) -> str:
    """The time by which a run is known."""
    about = json.loads((site.evaluation / "runs" / run / "run.json").read_text(encoding="utf-8"))
    return str(about["begun"])[11:19]


def begin(page: Page, limit: int, **fields: str) -> None:
    page.fill("#limit input", str(limit))
    for name, value in fields.items():
        page.fill(f"#{name} input", value)
    page.click("#run")


def finish(page: Page) -> str:
    """Watch a run that was just begun until its end; its name."""
    page.wait_for_selector("#job progress")
    link = page.wait_for_selector('#job [data-phase="finished"] a', timeout=120_000)
    assert link
    found = re.search(r"/runs/([^/]+)/report", str(link.get_attribute("href")))
    assert found
    page.wait_for_selector(f'#runs [data-run="{found[1]}"] .number')
    return found[1]


def choose(page: Page, place: str, text: str) -> None:
    """Choose what begins with ``text`` in a list."""
    page.click(f"{place} input")
    page.locator('ul[role="listbox"] li', has_text=text).first.click()
    page.wait_for_selector('ul[role="listbox"]', state="detached")


def opened(visit: Visit, place: str) -> Page:
    """What a link opens in a tab of its own, whose requests are watched too."""
    with visit.context.expect_page() as made:
        visit.page.click(place)
    page = made.value
    page.wait_for_load_state()  # a page that is not yet attached cannot be loaded again
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", visit._heard)
    page.reload()
    return page


def test_a_run_from_the_order_to_its_report_and_its_comparison(visit: Visit, site: Site) -> None:
    page = visit.page
    to_tab(page)
    assert page.locator("#stop").is_disabled()
    # The threshold in force, which is in no settings: an empty field once stood for 0.
    assert float(page.locator("#threshold input").input_value()) == SHIPPED_THRESHOLD
    begin(page, 8)
    first = finish(page)
    made = json.loads((site.evaluation / "runs" / first / "run.json").read_text())
    assert made["fingerprint"]["threshold"] == SHIPPED_THRESHOLD
    assert page.locator("#stop").is_disabled() and page.locator("#run").is_enabled()
    assert "8 of 8 questions" in page.locator("#job").inner_text()
    assert len(lines(site.evaluation / "runs" / first / "answers.jsonl")) == 8

    report = opened(visit, "#job a")
    assert "8 questions" in report.locator("body").inner_text()
    pictures = report.locator('a[href*="pages/picture?"]')
    address = pictures.first.evaluate("link => link.href")
    assert address.startswith(f"{site.url}/pages/picture?")
    assert visit.context.request.get(address).headers["content-type"] == "image/png"
    report.close()

    begin(page, 8, threshold="0.9", statements="2")
    second = finish(page)
    assert second != first
    settings = json.loads((site.evaluation / "runs" / second / "run.json").read_text())
    assert settings["fingerprint"]["settings"]["answer"]["threshold"] == 0.9
    choose(page, "#before", clock(site, first))
    choose(page, "#after", clock(site, second))
    page.wait_for_selector("#open-comparison")
    comparison = opened(visit, "#open-comparison")
    assert first in comparison.url and second in comparison.url
    assert "answer.threshold" in comparison.content()
    comparison.close()

    asked = lines(site.evaluation / "gold.jsonl")[3]
    choose(page, "#of", clock(site, first))
    assert page.locator("#ask-it").is_disabled()
    choose(page, "#gold-question", asked["id"])
    page.click("#ask-it:not([disabled])")
    visit.answered(1)
    assert page.locator("#turn-1 .question").inner_text() == asked["question"]
    assert page.locator("#desk").is_visible() and not page.locator("#bench").is_visible()


def test_a_run_is_stopped_and_seen_by_all(visit: Visit, browser: Browser, site: Site) -> None:
    page = visit.page
    to_tab(page)
    begin(page, 0, threshold="0.77")
    page.wait_for_function("document.querySelector('#job progress')?.value > 1")
    other = Visit(browser, site.url)
    to_tab(other.page)
    other.page.wait_for_selector("#job progress")
    assert other.page.locator("#run").is_disabled()
    other.page.click("#stop")
    page.wait_for_selector('#job [data-phase="stopped"]')
    other.page.wait_for_selector('#job [data-phase="stopped"]')
    text = page.locator("#job").inner_text()
    found = re.search(r"after (\d+) of (\d+) questions", text)
    assert found and 0 < int(found[1]) < int(found[2]) and "is kept" in text
    newest = page.locator("#runs tbody tr", has_text="unfinished").first
    name = str(newest.get_attribute("data-run"))
    assert len(lines(site.evaluation / "runs" / name / "answers.jsonl")) == int(found[1])
    other.close()


def test_questions_are_answered_while_an_evaluation_runs(visit: Visit, site: Site) -> None:
    page = visit.page
    to_tab(page)
    begin(page, 0, threshold="0.78")
    page.wait_for_function("document.querySelector('#job progress')?.value > 0")
    page.click("#ask-button")
    visit.ask(QUESTION)
    assert page.locator("#turn-1 .cite").count() > 0
    page.click("#evaluation-button")
    page.click("#stop")
    page.wait_for_selector('#job [data-phase="stopped"]')


def test_an_order_without_sense_is_one_sentence(visit: Visit, site: Site) -> None:
    page = visit.page
    to_tab(page)
    before = len(list((site.evaluation / "runs").glob("*")))
    begin(page, 8, passages="100000")
    page.wait_for_selector("#job .error")
    assert "200 at most" in page.locator("#job .error").inner_text()
    assert page.locator("#run").is_enabled()
    assert len(list((site.evaluation / "runs").glob("*"))) == before


def test_feedback_is_saved_once(visit: Visit, site: Site) -> None:
    page = visit.page
    assert not page.locator("#opinion").is_visible()
    before = len(lines(site.evaluation / "feedback.jsonl"))
    visit.ask(QUESTION)
    page.click("#bad")
    page.locator("#reasons label", has_text="Incomplete").click()
    page.fill("#comment textarea", "one\ntwo \u2028 three")
    page.dblclick("#send-opinion")
    page.wait_for_selector("#opinion-note .said")
    assert "Thank you" in page.locator("#opinion-note").inner_text()
    page.wait_for_selector("#opinion-form", state="hidden")
    page.click("#good")
    assert not page.locator("#reasons").is_visible()
    page.click("#send-opinion")
    page.wait_for_selector("#opinion-note >> text=noted already")
    kept = lines(site.evaluation / "feedback.jsonl")
    assert len(kept) == before + 1
    assert kept[-1]["reasons"] == ["incomplete"] and kept[-1]["comment"] == "one\ntwo \u2028 three"
    assert kept[-1]["question"] == QUESTION and kept[-1]["answer"]["citations"]


def test_answers_and_refusals_are_saved_as_drafts(visit: Visit, site: Site) -> None:
    page = visit.page
    for question in (QUESTION, "How do I bake sourdough bread at high altitude?"):
        visit.ask(question)
        assert page.locator("#opinion-note").inner_text() == ""
        page.click("#save-draft")
        page.fill("#comment textarea", "for review")
        page.dblclick("#send-opinion")
        page.wait_for_selector("#opinion-note >> text=Saved as a draft question.")
    drafts = lines(site.evaluation / "drafts.jsonl")
    assert [draft["answerable"] for draft in drafts] == [True, False]
    assert drafts[0]["evidence"] and drafts[0]["draft"]["note"] == "for review"
    to_tab(page)
    page.click("#gold input")
    offered = page.locator('ul[role="listbox"] li').all_inner_texts()
    assert [text.split()[-1] for text in offered] == ["gold.jsonl", "adversarial.jsonl"]


def test_an_address_brings_its_question_along(browser: Browser, site: Site) -> None:
    visit = Visit(browser, f"{site.url}/?q={QUESTION.replace(' ', '+')}")
    visit.answered(1)
    assert visit.page.locator("#turn-1 .question").inner_text() == QUESTION
    visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_tab_fits_and_can_be_read(
    browser: Browser, site: Site, width: int, scheme: str
) -> None:
    visit = Visit(browser, site.url, width=width, height=844, scheme=scheme)
    page = visit.page
    visit.ask(QUESTION)
    page.click("#bad")
    page.wait_for_selector("#reasons")
    assert visit.sideways() <= 0
    places = ["#good", "#bad", "#save-draft", "#reasons label span", "#send-opinion"]
    low = {place: found for place in places if (found := ratio(page, place)) < 4.5}
    page.click("#cancel-opinion")
    to_tab(page)
    assert visit.sideways() <= 0
    if not page.locator("#job .job").count():
        begin(page, 3)
        finish(page)
    places = ["#bench h2", "#run", "#gold input", "#job p", "#runs th", "#runs .number", "#runs a"]
    places += ["#runs .made", "#evaluation-button", "#ask-button", "#limit input"]
    low |= {place: found for place in places if (found := ratio(page, place)) < 4.5}
    assert visit.sideways() <= 0 and not low
    visit.close()


def test_the_tab_can_be_used_with_the_keyboard(visit: Visit) -> None:
    page = visit.page
    visit.tab_to("#ask-button", key="Shift+Tab")
    page.keyboard.press("ArrowRight")
    if not page.locator("#bench").is_visible():
        visit.tab_to("#evaluation-button")
        page.keyboard.press("Enter")
    page.wait_for_selector("#run")
    visit.tab_to("#run")
    names = page.locator("#bench input").evaluate_all(
        "inputs => inputs.map((input) => input.getAttribute('aria-label') || "
        "(input.labels && input.labels.length ? input.labels[0].innerText : ''))"
    )
    assert names and all(name.strip() for name in names)
