"""From PDFs to marked lines in the browser: nothing is prepared, everything is real."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.web.serving import Visit, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assistant.answer.assistant import Assistant

pytestmark = pytest.mark.browser

STARTER_QUESTIONS = (
    "What does the report recommend about classification requirements?",
    "Which operations did the authors study with allies?",
    "What are the four research questions?",
)
REAL_QUESTIONS = (
    "Who is responsible for security cooperation policy?",
    "What is the role of the Director, DSCA in security cooperation?",
    "What is the policy on allocating security cooperation resources?",
)
REAL = "issuances/DoDD_5132.03_29Dec2016.pdf"


@dataclass(frozen=True)
class Site:
    url: str
    corpus: Path
    assistant: Assistant


def site(root: Path, files: dict[str, Path]) -> Iterator[Site]:
    """Index ``files`` in a workspace of their own and serve it."""
    from assistant.answer.assistant import Assistant
    from assistant.index.builder import build_index
    from assistant.workspace import create_workspace

    workspace = create_workspace(root / "workspace", empty=True)
    for name, path in files.items():
        target = workspace.corpus / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    build_index(workspace)
    assistant = Assistant.open(workspace)
    with serving(assistant, ()) as url:
        yield Site(url, workspace.corpus, assistant)


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    files = {path.name: path for path in (ROOT / "corpus").glob("*.*") if path.is_file()}
    yield from site(tmp_path_factory.mktemp("starter"), files)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shared_corpus: Path) -> Iterator[Site]:
    yield from site(tmp_path_factory.mktemp("real"), {REAL: shared_corpus / REAL})


def ask_and_check(browser: Browser, site: Site, questions: tuple[str, ...]) -> None:
    """Ask, click every citation, and compare the boxes with the words of the PDF."""
    visit = Visit(browser, site.url)
    answered = 0
    for turn, question in enumerate(questions, start=1):
        visit.ask(question)
        cites = visit.page.locator(f"#turn-{turn} .cite")
        cards = {cites.nth(at).get_attribute("data-card") for at in range(cites.count())}
        for card in sorted(str(card) for card in cards):
            visit.cite(turn, int(card.rpartition("-")[2]))
            shown = visit.page.locator(f"#{card}")
            visit.check_marks(shown, site.corpus)
            visit.check_quote(shown, site.corpus)
            named = str(shown.get_attribute("data-name"))
            assert visit.page.locator("#viewer-name").inner_text() == named
            assert re.search(r"\bp\. \S+", named)
        answered += bool(cards)
    assert answered == len(questions), "a question that the documents answer was refused"
    others = [url for url in visit.requests if not url.startswith((f"{site.url}/", "data:"))]
    assert visit.requests and others == []
    assert visit.complaints == []
    visit.close()


def test_starter_documents(browser: Browser, starter: Site) -> None:
    ask_and_check(browser, starter, STARTER_QUESTIONS)


@pytest.mark.shared
def test_a_real_document(browser: Browser, real: Site) -> None:
    ask_and_check(browser, real, REAL_QUESTIONS)


def test_what_the_documents_do_not_say(browser: Browser, starter: Site) -> None:
    visit = Visit(browser, starter.url)
    visit.ask("How do I bake sourdough bread at high altitude?")
    assert visit.page.locator("#turn-1 .verdict").is_visible()
    assert visit.page.locator("#turn-1 .cite").count() == 0
    card = visit.page.locator("#cards .card").first
    card.locator(".opener").click()
    visit.settled()
    visit.check_marks(card, starter.corpus)
    visit.close()


def test_the_page_says_what_is_indexed(browser: Browser, starter: Site) -> None:
    visit = Visit(browser, starter.url)
    summary = starter.assistant.summary()
    line = visit.page.locator(".index-line").inner_text()
    assert f"{summary.documents} documents" in line and f"{summary.pages:,} pages" in line
    assert summary.fingerprint[:12] in line
    rows = visit.page.locator(".documents tbody tr")
    assert rows.count() == summary.documents
    assert visit.page.locator(".documents .flag").count() == sum(
        document.status != "current" for document in starter.assistant.documents()
    )
    visit.close()


def test_every_page_of_a_passage_is_marked(browser: Browser, starter: Site) -> None:
    """A passage that runs over a page break is marked on both pages."""
    visit = Visit(browser, starter.url)
    visit.ask(STARTER_QUESTIONS[0])
    cards = visit.page.locator("#cards .card[id^=hit]")
    for at in range(cards.count()):
        pages = {span[0] for span in json.loads(str(cards.nth(at).get_attribute("data-spans")))}
        if len(pages) > 1:
            visit.page.locator(".others summary").click()
            cards.nth(at).locator(".opener").click()
            visit.settled()
            visit.check_marks(cards.nth(at), starter.corpus)
            visit.tool("next")
            visit.check_marks(cards.nth(at), starter.corpus)
            break
    visit.close()
