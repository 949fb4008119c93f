"""A matrix made, worked on and exported, in a real browser, over the starter documents."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

from assistant.answer.assistant import Assistant
from assistant.config import Settings, WebSettings
from assistant.workspace import Workspace
from tests.web.serving import Visit, ratio, serving
from tests.web.test_browser_excerpts import PHRASE, find, look, tick
from tests.web.test_markup import HOSTILE
from tests.web.words import letters

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

MAKING = 180_000  # milliseconds; a machine with other work takes its time


@pytest.fixture(scope="module")
def assistant(starter_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("matrix") / "workspace"
    shutil.copytree(starter_workspace.root, folder)
    return Assistant.open(Workspace(folder))


@pytest.fixture(scope="module")
def address(assistant: Assistant, browser: Browser) -> Iterator[str]:
    """A server on which the matrix was made."""
    with serving(assistant, ()) as url:
        visit = arrive(browser, url)
        assert visit.page.locator(".matrix").count() == 0
        visit.page.click("#make-matrix")
        visit.page.wait_for_selector("#matrix-progress >> text=Making the matrix")
        visit.page.wait_for_selector(".matrix", timeout=MAKING)
        visit.page.wait_for_selector("#make-matrix:not([disabled])")
        visit.close()
        yield url


@pytest.fixture
def planner(browser: Browser, address: str) -> Iterator[Visit]:
    visit = arrive(browser, address)
    visit.page.wait_for_selector(".matrix")
    yield visit
    visit.close()


def arrive(browser: Browser, url: str, **looks: object) -> Visit:
    visit = Visit(browser, url, **looks)  # type: ignore[arg-type]
    visit.page.get_by_role("tab", name="Matrix").click()
    visit.page.wait_for_selector("#make-matrix", state="visible")
    return visit


def again(visit: Visit) -> None:
    visit.page.reload()
    visit.page.wait_for_function("window.assistantViewer === true")
    visit.page.get_by_role("tab", name="Matrix").click()
    visit.page.wait_for_selector(".matrix")


def passages(visit: Visit, row: int) -> list[str]:
    cells = visit.page.locator(".matrix tbody tr").nth(row - 1).locator("blockquote")
    return list(cells.all_text_contents())


def number(visit: Visit) -> int:
    return int(str(visit.page.locator(".matrix").get_attribute("data-passages")))


def has(visit: Visit, count: int) -> None:
    visit.page.wait_for_selector(f'.matrix[data-passages="{count}"]')


def test_a_passage_is_shown_on_its_page(planner: Visit, assistant: Assistant) -> None:
    cell = planner.page.locator(".matrix .cell").nth(1)
    cell.locator("[data-open]").click()
    planner.settled()
    planner.check_marks(cell, assistant.workspace.corpus)
    planner.check_quote(cell, assistant.workspace.corpus)
    planner.page.locator(".matrix th [data-open]").first.click()
    planner.settled()
    assert planner.page.locator("#matrix-page #viewer .box").count() > 0
    assert planner.complaints == []


def test_what_was_changed_lasts_and_is_in_the_files(
    planner: Visit, tmp_path: Path, browser: Browser, address: str
) -> None:
    page, count = planner.page, number(planner)
    removed, kept, *_ = passages(planner, 1)
    page.locator(".matrix [data-event=delete]").first.click()
    has(planner, count - 1)
    assert removed not in passages(planner, 1)
    text = "Ask G-5. " + " ".join(HOSTILE)
    field = page.locator(".matrix textarea").first
    field.fill(text)
    field.blur()
    page.wait_for_function(
        "text => document.querySelector('.matrix textarea').defaultValue === text", arg=text
    )
    page.locator(".matrix .tick input").first.click()
    page.wait_for_selector(".matrix .line >> text=1 reviewed")
    page.locator(".matrix [data-event=edit]").nth(1).click()
    page.wait_for_selector("#adding-title >> text=Add to recommendation 2")
    page.wait_for_selector("#adding-text :focus")
    page.fill("#adding-text :is(input, textarea)", PHRASE)
    page.press("#adding-text :is(input, textarea)", "Enter")
    page.wait_for_selector("#matrix-offers .line >> text=found")
    added = str(page.locator("#matrix-offers blockquote").first.text_content())
    page.locator("#matrix-offers [data-event=like]").first.click()
    has(planner, count)
    again(planner)
    assert removed not in passages(planner, 1) and added in passages(planner, 2)
    assert page.locator(".matrix textarea").first.input_value() == text
    assert page.locator(".matrix .tick input").first.is_checked()
    assert page.locator(".matrix .sure >> text=added by hand").count() == 1
    assert page.evaluate("window.pwned") is None
    for form, read in READERS.items():
        with page.expect_download() as download:
            page.click(f"#matrix-exports a[href*='export.{form}']")
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        content = letters(read(saved))
        assert all(letters(one) in content for one in (kept, added, "Ask G-5."))
        assert letters(removed) not in content
    other = arrive(browser, address)
    other.page.wait_for_selector(".matrix")
    assert removed in passages(other, 1), "another planner's matrix is as it was found"
    other.close()


def read_docx(path: Path) -> str:
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def read_xlsx(path: Path) -> str:
    sheets = openpyxl.load_workbook(path).worksheets
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row if cell)


READERS: dict[str, Callable[[Path], str]] = {
    "docx": read_docx,
    "xlsx": read_xlsx,
    "json": lambda path: json.dumps(json.loads(path.read_text()), ensure_ascii=False),
}


def test_an_excerpt_of_the_selection_is_added(planner: Visit) -> None:
    look(planner)
    find(planner, PHRASE)
    tick(planner, 1)
    (wanted,) = planner.page.locator("#selection blockquote").all_text_contents()
    planner.page.get_by_role("tab", name="Matrix").click()
    count = number(planner)
    planner.page.locator(".matrix [data-event=edit]").nth(2).click()
    planner.page.wait_for_selector("#matrix-offers .line >> text=From Selection 1")
    planner.page.locator("#matrix-offers [data-event=like]").click()
    has(planner, count + 1)
    assert wanted in passages(planner, 3)


def test_a_report_without_recommendations_is_told(browser: Browser, address: str) -> None:
    visit = arrive(browser, address)
    visit.page.locator("#report input").click()
    visit.page.get_by_role("option", name="SC Policy Digest").click()
    visit.page.click("#make-matrix")
    visit.page.wait_for_selector("#matrix-progress .error >> text=no list under a heading")
    visit.close()


def test_where_nothing_is_kept_the_matrix_can_be_read(
    browser: Browser, assistant: Assistant
) -> None:
    unkept = assistant.with_settings(Settings(web=WebSettings(history=False)))
    with serving(unkept, ()) as url:
        visit = arrive(browser, url)
        visit.page.click("#make-matrix")
        visit.page.wait_for_selector(".matrix", timeout=MAKING)
        visit.page.wait_for_selector("#matrix-notice >> text=Changes of the matrix cannot be kept")
        assert visit.page.locator(".matrix :is([data-event], textarea)").count() == 0
        visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_tab_can_be_read(browser: Browser, address: str, scheme: str, width: int) -> None:
    visit = arrive(browser, address, width=width, height=844, scheme=scheme)
    page = visit.page
    page.wait_for_selector(".matrix")
    assert visit.sideways() <= 0
    places = [".matrix .line strong", ".matrix blockquote", ".matrix .citation", ".matrix .trail"]
    places += [
        ".matrix .sure",
        ".matrix .quiet",
        ".matrix .tick",
        ".matrix th p",
        "#matrix-exports a",
    ]
    places += [
        ".matrix th .link",
        ".matrix textarea",
        ".matrix .marking",
        "#make-matrix",
        "#matrix-exports a",
    ]
    low = {place: ratio(page, place) for place in places}
    page.locator(".matrix [data-event=edit]").first.click()
    page.wait_for_selector("#matrix-offers .line")
    for place in ("#adding-title p", "#adding-go", "#adding-close", "#matrix-offers .line"):
        low[place] = ratio(page, place)
    assert {place: value for place, value in low.items() if value < 4.5} == {}
    assert visit.sideways() <= 0
    unnamed = page.evaluate(
        """[...document.querySelectorAll('#grid :is(button, input, textarea, a)')]
        .filter((one) => one.offsetParent && !one.ariaLabel && !one.textContent.trim()
          && !(one.labels && one.labels.length)).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert unnamed == [] and visit.complaints == []
    visit.close()
