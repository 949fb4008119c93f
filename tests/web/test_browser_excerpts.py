"""Excerpts searched for, collected and exported, in a real browser, over the starter documents."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import bibtexparser
import docx
import openpyxl
import pytest
import rispy
from pypdf import PdfReader

from assistant.answer.assistant import Assistant
from assistant.config import Settings, WebSettings
from assistant.excerpts.selection import Selected
from assistant.excerpts.store import SelectionStore
from assistant.web.selection_panel import CHANGED, FORMAT_NAMES
from assistant.workspace import Workspace
from tests.web.serving import Visit, ratio, serving
from tests.web.test_markup import HOSTILE
from tests.web.words import letters

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PHRASE = '"joint force"'


@pytest.fixture(scope="module")
def assistant(starter_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("excerpts") / "workspace"
    shutil.copytree(starter_workspace.root, folder)
    return Assistant.open(Workspace(folder))


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with serving(assistant, ()) as url:
        yield url


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Visit]:
    visit = arrive(browser, address)
    yield visit
    visit.close()


def arrive(browser: Browser, url: str, **looks: object) -> Visit:
    visit = Visit(browser, url, **looks)  # type: ignore[arg-type]
    look(visit)
    return visit


def look(visit: Visit) -> None:
    """Go to the tab, and wait until it shows what is kept."""
    visit.page.get_by_role("tab", name="Excerpts").click()
    visit.page.wait_for_selector("#excerpt-text :is(input, textarea)", state="visible")
    visit.page.wait_for_selector("#selection .selection", state="attached")


def find(visit: Visit, text: str, mode: str | None = None) -> int:
    """Search, and say how many there are."""
    page = visit.page
    if mode:
        choose(visit, "#excerpt-mode", mode)
    page.evaluate("document.querySelector('#found .results')?.removeAttribute('data-total')")
    page.fill("#excerpt-text :is(input, textarea)", text)
    page.press("#excerpt-text :is(input, textarea)", "Enter")
    page.wait_for_selector("#found .results[data-total]")
    return int(str(page.locator("#found .results").get_attribute("data-total")))


def choose(visit: Visit, place: str, name: str) -> None:
    visit.page.locator(f"{place} input").click()
    visit.page.get_by_role("option", name=name, exact=False).first.click()
    visit.page.keyboard.press("Escape")


def tick(visit: Visit, *places: int) -> None:
    for place in places:
        before = visit.page.locator("#selection .item").count()
        visit.page.locator("#found .tick input").nth(place).click()
        has_items(visit, before + 1)


def has_items(visit: Visit, count: int) -> None:
    visit.page.wait_for_selector(f'#selection .selection[data-count="{count}"]', state="attached")


def quotes(visit: Visit, place: str = "#selection") -> list[str]:
    return list(visit.page.locator(f"{place} blockquote").all_text_contents())


def settled(visit: Visit, change: Callable[[], object]) -> None:
    """Make a change of the selection and wait until it is shown."""
    page = visit.page
    page.evaluate("document.querySelector('#selection .selection').dataset.old = '1'")
    change()
    page.wait_for_selector("#selection .selection:not([data-old])")


def act(visit: Visit, event: str, item: int) -> None:
    button = visit.page.locator("#selection .item").nth(item).locator(f"[data-event={event}]")
    settled(visit, button.click)


def note(visit: Visit, item: int, text: str) -> None:
    field = visit.page.locator("#selection textarea").nth(item)
    field.fill(text)
    field.blur()
    visit.page.wait_for_function(
        "([item, text]) => document.querySelectorAll('#selection textarea')[item]"
        ".defaultValue === text",
        arg=[item, text],
    )


def test_excerpts_are_collected_ordered_annotated_and_still_there_after_a_reload(
    reader: Visit, assistant: Assistant
) -> None:
    page = reader.page
    assert find(reader, PHRASE) == 5
    assert "5 excerpts" in page.locator("#found .line").inner_text()
    marked = {text.casefold() for text in page.locator("#found mark").all_text_contents()}
    assert marked == {"joint force"}
    tick(reader, 0, 1, 2)
    first, second, third = quotes(reader)
    assert [first, second, third] == quotes(reader, "#found")[:3]
    act(reader, "retry", 0)
    act(reader, "undo", 2)
    assert quotes(reader) == [second, third, first]
    note(reader, 1, "Use this one.\nIt is short.")
    act(reader, "expand", 1)
    wider = quotes(reader)[1]
    assert third in wider and len(wider) > len(third)
    assert page.locator("#found .tick input").nth(2).is_checked(), "it is still collected"
    assert not page.locator("#found .tick input").nth(3).is_checked()
    page.reload()
    page.wait_for_function("window.assistantViewer === true")
    look(reader)
    has_items(reader, 3)
    assert quotes(reader) == [second, wider, first]
    assert page.locator("#selection textarea").nth(1).input_value().startswith("Use this one.\n")
    act(reader, "collapse", 1)
    assert quotes(reader)[1] == third
    act(reader, "delete", 0)
    assert quotes(reader) == [third, first]
    assert reader.complaints == []


def test_a_note_goes_with_its_excerpt(reader: Visit) -> None:
    find(reader, PHRASE)
    tick(reader, 0, 1, 2)
    notes = reader.page.locator("#selection textarea")
    note(reader, 0, "mine")
    act(reader, "retry", 0)
    assert [field.input_value() for field in notes.all()] == ["", "mine", ""]
    notes.nth(2).fill("half a thou")  # and still being written when the list is made anew
    reader.page.evaluate("document.querySelector('#selection [data-event=delete]').click()")
    has_items(reader, 2)
    assert notes.first.input_value() == "mine"
    note(reader, 0, "mine, too")
    reader.page.reload()
    reader.page.wait_for_function("window.assistantViewer === true")
    look(reader)
    has_items(reader, 2)
    assert notes.first.input_value() == "mine, too"


def test_ticks_go_with_their_excerpts(reader: Visit) -> None:
    find(reader, PHRASE)
    tick(reader, 0, 1)
    wanted = quotes(reader)
    find(reader, "operations", "All words")
    shown = quotes(reader, "#found")
    boxes = reader.page.locator("#found .tick input").all()
    ticked = [quote for quote, box in zip(shown, boxes, strict=True) if box.is_checked()]
    assert set(ticked) <= set(wanted)
    find(reader, PHRASE, "Automatic")
    ticks = reader.page.locator("#found .tick input")
    assert [ticks.nth(place).is_checked() for place in range(5)] == [True, True, *[False] * 3]


def test_a_result_is_put_back_where_it_was_ticked(reader: Visit) -> None:
    find(reader, PHRASE)
    tick(reader, 0, 1)
    reader.page.locator("#found .tick input").nth(0).click()
    has_items(reader, 1)
    assert quotes(reader) == quotes(reader, "#found")[1:2]
    act(reader, "delete", 0)
    reader.page.wait_for_function("!document.querySelector('#found .tick input:checked')")
    reader.page.click("#found [data-event=like]")
    has_items(reader, 5)
    assert reader.page.locator("#found .tick input:checked").count() == 5


def test_a_page_is_shown_with_the_excerpt_marked(reader: Visit, assistant: Assistant) -> None:
    page, corpus = reader.page, assistant.workspace.corpus
    find(reader, PHRASE)
    result = page.locator("#found .excerpt").nth(1)
    result.locator("[data-open]").first.click()
    reader.settled()
    assert page.locator("#excerpt-page #viewer img").is_visible()
    reader.check_marks(result, corpus)
    reader.check_quote(result, corpus)
    before = quotes(reader, "#found")[1]
    result.locator("[data-event=expand]").click()
    page.wait_for_function(
        "before => document.querySelectorAll('#found blockquote')[1].textContent !== before",
        arg=before,
    )
    assert result.locator("mark").count() == 1, "the phrase is still marked"
    result.locator("[data-open]").first.click()
    reader.settled()
    reader.check_marks(result, corpus)
    page.click("[data-tool=close]")
    assert not page.locator("#viewer").is_visible()


def test_each_tab_keeps_the_page_that_was_opened_there(reader: Visit) -> None:
    page = reader.page
    find(reader, PHRASE)
    page.locator("#found [data-open]").first.click()
    reader.settled()
    here = page.locator("#viewer-sheet").get_attribute("data-page")
    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("#desk", state="visible")
    assert page.locator("#viewer-frame #viewer").count() == 0
    page.locator("#indexed .documents [data-open]").last.click()
    reader.settled()
    assert page.locator("#viewer-frame #viewer img").is_visible()
    assert page.locator("#viewer-sheet").get_attribute("data-page") == "1"
    look(reader)
    page.wait_for_selector("#excerpt-page #viewer img")
    reader.settled()
    assert page.locator("#viewer-sheet").get_attribute("data-page") == here


def test_long_results_are_sent_page_by_page(reader: Visit) -> None:
    page = reader.page
    total = find(reader, "operations", "All words")
    assert total > 100
    line = page.locator("#found .line")
    assert f"{total} excerpts, 1\u201350 shown" in line.inner_text()
    seen = quotes(reader, "#found")
    assert len(seen) == 50
    page.locator("#found [data-event=apply]").nth(1).click()
    page.wait_for_selector('#found .results[data-offset="50"]')
    assert f"{total} excerpts, 51\u2013100 shown" in line.inner_text()
    second = quotes(reader, "#found")
    assert len(second) == 50 and second != seen
    page.locator("#found [data-event=apply]").first.click()
    page.wait_for_selector('#found .results[data-offset="0"]')
    assert quotes(reader, "#found") == seen


def test_filters_and_sorting_restrict_and_order_what_is_found(reader: Visit) -> None:
    page = reader.page
    everything = find(reader, "operations", "All words")
    page.click("#excerpt-filters > button")
    page.wait_for_selector("#excerpt-statuses input", state="visible")
    choose(reader, "#excerpt-statuses", "Superseded")
    old = find(reader, "operations")
    assert 0 < old < everything
    assert page.locator("#found .flag").count() == min(old, 50)
    page.fill("#excerpt-since input, #excerpt-since textarea", "2020")
    assert find(reader, "operations") == 0
    assert "No excerpt found." in page.locator("#found").inner_text()
    page.fill("#excerpt-since input, #excerpt-since textarea", "soon")
    page.press("#excerpt-text :is(input, textarea)", "Enter")
    page.wait_for_selector("#found .error >> text=Write a date of edition as 2024")
    page.fill("#excerpt-since input, #excerpt-since textarea", "")
    page.fill("#excerpt-first-page input, #excerpt-first-page textarea", "3")
    page.fill("#excerpt-last-page input, #excerpt-last-page textarea", "3")
    choose(reader, "#excerpt-order", "Document and page")
    assert 0 < find(reader, "operations") < old
    places = page.locator("#found .excerpt").all()
    pages = [json.loads(str(one.get_attribute("data-spans")))[0][:2] for one in places]
    assert {number for number, _ in pages} == {3}
    assert pages == sorted(pages)


def test_a_place_is_found_by_its_name_and_nothing_is_said_plainly(reader: Visit) -> None:
    assert find(reader, "Ops Digest para 1-5") == 1
    assert "Searched as: place." in reader.page.locator("#found .line").inner_text()
    field = reader.page.locator("#excerpt-text :is(input, textarea)")
    field.fill("  ")
    field.press("Enter")
    reader.page.wait_for_selector("#found .error >> text=Write what to search for.")
    field.fill('"..."')
    field.press("Enter")
    reader.page.wait_for_selector("#found .error >> text=nothing to search for")


def test_selections_are_named_opened_and_deleted(reader: Visit) -> None:
    page = reader.page
    page.click("#selections > button")
    find(reader, PHRASE)
    tick(reader, 0, 1)
    page.click("#new-selection")
    has_items(reader, 0)
    assert page.locator("#found .tick input:checked").count() == 0
    tick(reader, 2)
    names = page.locator("#selection-list .open")
    assert names.all_inner_texts() == ["Selection 2", "Selection 1"]
    page.locator("#selection-list [data-event=edit]").first.click()
    page.wait_for_selector("#rename-selection :focus")
    text = " ".join(HOSTILE)[:110]
    page.fill("#selection-name :is(input, textarea)", text)
    page.click("#save-selection-name")
    page.wait_for_selector("#rename-selection", state="hidden")
    assert HOSTILE[0] in page.locator("#selection h2").inner_text()
    assert HOSTILE[0] in names.first.inner_text()
    names.nth(1).click()
    has_items(reader, 2)
    assert page.locator("#found .tick input:checked").count() == 2
    page.locator("#selection-list [data-event=delete]").first.click()
    page.wait_for_selector("#delete-selection-form", state="visible")
    page.click("#delete-selection")
    page.wait_for_selector("#delete-selection-form", state="hidden")
    assert names.all_inner_texts() == ["Selection 1"]
    page.reload()
    page.wait_for_function("window.assistantViewer === true")
    look(reader)
    has_items(reader, 2)
    assert page.evaluate("window.pwned") is None


def test_notes_never_become_markup(reader: Visit, tmp_path: Path) -> None:
    page = reader.page
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    find(reader, PHRASE)
    tick(reader, 0)
    text = "</textarea>" + " ".join(HOSTILE)
    note(reader, 0, text)
    page.reload()
    page.wait_for_function("window.assistantViewer === true")
    look(reader)
    has_items(reader, 1)
    assert page.locator("#selection textarea").input_value() == text
    assert page.evaluate("window.pwned") is None
    assert page.locator("#finder :is(img[src=x], svg[onload], script)").count() == 0


def read_docx(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def read_xlsx(path: Path) -> str:
    rows = openpyxl.load_workbook(path)["Excerpts"].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell)


def read_csv(path: Path) -> str:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return "\n".join(cell for row in rows for cell in row)


def read_json(path: Path) -> str:
    return json.dumps(json.loads(path.read_text()), ensure_ascii=False)


def read_bib(path: Path) -> str:
    library = bibtexparser.parse_string(path.read_text())
    assert library.entries and not library.failed_blocks
    return path.read_text().replace("{", "").replace("}", "")


def read_ris(path: Path) -> str:
    records = rispy.loads(path.read_text(encoding="utf-8"))
    return "\n".join(str(record.get("abstract", "")) for record in records)


def read_pdf(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


READERS: dict[str, Callable[[Path], str]] = {
    "docx": read_docx,
    "xlsx": read_xlsx,
    "csv": read_csv,
    "md": lambda path: path.read_text().replace("\\", ""),
    "json": read_json,
    "bib": read_bib,
    "ris": read_ris,
    "pdf": read_pdf,
}


def test_what_was_collected_is_in_every_file_that_is_downloaded(
    reader: Visit, tmp_path: Path
) -> None:
    assert set(READERS) == set(FORMAT_NAMES)
    find(reader, PHRASE)
    tick(reader, 0, 1, 2)
    wanted = quotes(reader)
    choose(reader, "#style", "Chicago")
    reader.page.wait_for_selector("#exports a[href$='style=chicago']")
    for form, read in READERS.items():
        with reader.page.expect_download() as download:
            reader.page.click(f"#exports a[href*='export.{form}']")
        assert download.value.suggested_filename == f"Selection-1.{form}"
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        content = letters(read(saved))
        missing = [quote for quote in wanted if letters(quote) not in content]
        assert not missing, f"not in the {form} file: {missing}"


def test_another_visitor_cannot_have_a_selection(
    browser: Browser, reader: Visit, address: str
) -> None:
    find(reader, PHRASE)
    tick(reader, 0)
    link = str(reader.page.locator("#exports a").first.get_attribute("href"))
    other = arrive(browser, address)
    assert reader.context.request.get(f"{address}/{link}").status == 200
    assert other.context.request.get(f"{address}/{link}").status == 404
    assert other.page.locator("#selection .item").count() == 0
    other.close()


def test_what_the_index_no_longer_has_is_marked(reader: Visit, assistant: Assistant) -> None:
    find(reader, PHRASE)
    tick(reader, 0, 1)
    (cookie,) = [c for c in reader.context.cookies() if c["name"] == "assistant_user"]
    user = f"cookie:{cookie['value']}"
    store = SelectionStore(assistant.workspace.selections)
    (listed,) = store.listed(user)
    kept = store.load(user, listed.id)
    first = kept.items[0].excerpt
    changed = Selected(replace(first, quote="What an earlier edition said."))
    store.save(user, listed.id, replace(kept, items=(changed, kept.items[1]), index="older"))
    reader.page.reload()
    reader.page.wait_for_function("window.assistantViewer === true")
    look(reader)
    has_items(reader, 2)
    flags = reader.page.locator("#selection .flag.changed")
    assert flags.all_inner_texts() == [CHANGED]
    assert quotes(reader)[0] == "What an earlier edition said."


def test_where_nothing_is_kept_a_selection_lives_as_long_as_the_page(
    browser: Browser, assistant: Assistant, tmp_path: Path
) -> None:
    unkept = assistant.with_settings(Settings(web=WebSettings(history=False)))
    with serving(unkept, ()) as url:
        visit = arrive(browser, url)
        visit.page.wait_for_selector("#not-kept >> text=only as long as this page is open")
        find(visit, PHRASE)
        tick(visit, 0, 1)
        wanted = quotes(visit)
        with visit.page.expect_download() as download:
            visit.page.click("#exports a[href*='export.docx']")
        saved = tmp_path / "kept.docx"
        download.value.save_as(saved)
        assert all(letters(quote) in letters(read_docx(saved)) for quote in wanted)
        assert visit.context.cookies() == []
        visit.page.reload()
        visit.page.wait_for_function("window.assistantViewer === true")
        look(visit)
        visit.page.wait_for_timeout(300)
        assert visit.page.locator("#selection .item").count() == 0
        visit.close()


def test_everything_can_be_done_with_the_keyboard(reader: Visit) -> None:
    page = reader.page
    page.focus("#excerpt-text :is(input, textarea)")
    page.keyboard.type(PHRASE)
    page.keyboard.press("Enter")
    page.wait_for_selector("#found .excerpt")
    reader.tab_to("#found .tick input")
    page.keyboard.press("Space")
    has_items(reader, 1)
    assert page.evaluate("document.activeElement.matches('#found .tick input')")
    reader.tab_to("#found .excerpt:nth-child(2) .tick input")
    page.keyboard.press("Space")
    has_items(reader, 2)
    reader.tab_to("#found [data-event=expand]", key="Shift+Tab")
    settled_text = quotes(reader, "#found")[0]
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('#found blockquote').textContent !== before",
        arg=settled_text,
    )
    page.wait_for_function("document.activeElement.matches('#found [data-event=expand]')")
    first = quotes(reader)[0]
    page.locator("#selection [data-event=retry]").first.focus()
    settled(reader, lambda: page.keyboard.press("Enter"))
    assert quotes(reader)[1] == first
    page.wait_for_function("document.activeElement.closest('#selection .item:nth-child(2)')")
    said = page.locator("#announcer").inner_text()
    assert "2 excerpts in Selection 1" in said
    unnamed = page.evaluate(
        """[...document.querySelectorAll('#finder :is(button, input, textarea, a)')]
        .filter((one) => one.offsetParent && !one.ariaLabel && !one.textContent.trim()
          && !(one.labels && one.labels.length)).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_tab_can_be_read(browser: Browser, address: str, scheme: str, width: int) -> None:
    visit = arrive(browser, address, width=width, height=844, scheme=scheme)
    page = visit.page
    page.click("#selections > button")
    page.click("#excerpt-filters > button")
    page.wait_for_selector("#excerpt-statuses input", state="visible")
    find(visit, "operations", "All words")
    tick(visit, 0, 1)
    assert visit.sideways() <= 0
    page.locator("#selection-list [data-event=edit]").first.click()
    page.wait_for_selector("#rename-selection", state="visible")
    places = ["#found .line strong", "#found mark", "#found .citation", "#found .trail"]
    places += ["#found .quiet", "#found .flag", "#found .marking", "#found .turning span"]
    places += ["#selection h2", "#selection .mark", "#selection textarea", "#selection .quiet"]
    places += ["#selection .note-field span", "#exports a", "#selection-list .open"]
    places += ["#selection-list .when", "#new-selection", "#save-selection-name", "#excerpt-go"]
    places += ["#excerpt-mode [data-testid=block-info]", "#excerpt-mode input"]
    low = {place: ratio(page, place) for place in places}
    assert {place: value for place, value in low.items() if value < 4.5} == {}
    page.locator("#found [data-open]").first.click()
    visit.settled()
    page.wait_for_selector("#viewer img", state="visible")
    assert visit.sideways() <= 0
    assert visit.complaints == []
    visit.close()


def test_the_tab_asks_nobody_but_its_own_server(reader: Visit, address: str) -> None:
    find(reader, PHRASE)
    tick(reader, 0)
    reader.page.locator("#found [data-open]").first.click()
    reader.settled()
    asked = [url for url in reader.requests if not url.startswith(("data:", "blob:"))]
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(f"{address}/")] == []
    assert reader.complaints == []
