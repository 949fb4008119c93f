"""The conversations that a visitor keeps, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.config import Settings, WebSettings
from tests.web.fakes import FakeAssistant
from tests.web.serving import Visit, ratio, serving
from tests.web.test_markup import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def unfold(visit: Visit) -> None:
    visit.page.click("#history .label-wrap")
    visit.page.wait_for_selector("#talks :is(.talks, .note)", state="visible")


def begin(visit: Visit) -> None:
    """A new conversation."""
    visit.page.click("#new")
    visit.page.wait_for_selector('#log .turns[data-count="0"]', state="attached")


def names(visit: Visit) -> list[str]:
    return list(visit.page.locator(".talk .open").all_inner_texts())


def test_a_conversation_is_opened_again_and_goes_on(visit: Visit, fake: FakeAssistant) -> None:
    first, second, third = list(fake.replies)[:3]
    page = visit.page
    visit.ask(first)
    visit.ask(second)
    begin(visit)
    visit.ask(third)
    page.reload()
    page.wait_for_function("window.assistantViewer === true")
    unfold(visit)
    page.wait_for_selector(".talk")
    assert names(visit) == [third, first]
    assert "2 questions" in page.locator(".talk").nth(1).inner_text()
    page.locator(".talk .open").nth(1).click()
    visit.answered(2)
    assert page.locator(".question").all_inner_texts() == [first, second]
    assert page.locator("#viewer img").count() == 1, "its first citation is open"
    visit.cite(1, 3)
    visit.check_marks(page.locator("#card-1-3"), fake.folder)
    assert page.locator(".talk.current .open").inner_text() == first
    visit.ask(third)
    assert page.locator("#turn-3 .question").inner_text() == third
    assert fake.asides[-1] == ((first, second), False)
    page.wait_for_selector(".talk.current >> text=3 questions")
    assert names(visit) == [first, third], "the one that changed last comes first"
    assert visit.complaints == []


def test_a_conversation_is_renamed(visit: Visit, fake: FakeAssistant) -> None:
    page = visit.page
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    visit.ask(next(iter(fake.replies)))
    unfold(visit)
    page.click(".talk [data-event=edit]")
    field = page.locator("#talk-name").locator("input, textarea")
    field.wait_for()
    assert field.input_value() == names(visit)[0]
    text = " ".join(HOSTILE)[:100]
    field.fill(text)
    page.click("#save-name")
    page.wait_for_selector("#rename-form", state="hidden")
    page.wait_for_function(
        "text => document.querySelector('.talk .open').textContent.includes(text)",
        arg=HOSTILE[0],
    )
    page.click(".talk [data-event=delete]")
    page.wait_for_selector("#delete-question >> text=cannot be brought back")
    assert HOSTILE[0] in page.locator("#delete-question").inner_text()
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src=x], svg[onload], #history a:not([download])").count() == 0


def test_a_conversation_is_deleted_after_a_question(visit: Visit, fake: FakeAssistant) -> None:
    first, second, *_ = fake.replies
    page = visit.page
    visit.ask(first)
    begin(visit)
    visit.ask(second)
    unfold(visit)
    page.locator(".talk [data-event=delete]").nth(1).click()
    page.wait_for_selector("#delete-form", state="visible")
    page.click("#keep-talk")
    page.wait_for_selector("#delete-form", state="hidden")
    assert names(visit) == [second, first]
    page.locator(".talk [data-event=delete]").nth(1).click()
    page.wait_for_selector("#delete-form", state="visible")
    page.click("#delete-talk")
    page.wait_for_function("document.querySelectorAll('.talk').length === 1")
    assert page.locator("#turn-1 .question").inner_text() == second, "the open one stays"
    page.click(".talk [data-event=delete]")
    page.wait_for_selector("#delete-form", state="visible")
    page.click("#delete-talk")
    page.wait_for_selector("#examples", state="visible")
    assert page.locator(".talk, .turn").count() == 0


@pytest.mark.parametrize(("label", "suffix"), [("Markdown", ".md"), ("Word", ".docx")])
def test_a_conversation_is_downloaded(
    visit: Visit, fake: FakeAssistant, tmp_path: Path, label: str, suffix: str
) -> None:
    question = next(iter(fake.replies))
    visit.ask(question)
    unfold(visit)
    with visit.page.expect_download() as download:
        visit.page.click(f".talk a >> text={label}")
    assert download.value.suggested_filename.endswith(suffix)
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    content = saved.read_bytes()
    assert content.startswith(b"PK") if suffix == ".docx" else question in content.decode()


def test_visitors_have_conversations_of_their_own(
    browser: Browser, site: str, fake: FakeAssistant
) -> None:
    one, other = Visit(browser, site), Visit(browser, site)
    one.ask(next(iter(fake.replies)))
    for visit in (one, other):
        unfold(visit)
    assert one.page.locator(".talk").count() == 1
    other.page.reload()
    other.page.wait_for_function("window.assistantViewer === true")
    unfold(other)
    assert other.page.locator(".talk").count() == 0
    link = str(one.page.locator(".talk a").first.get_attribute("href"))
    assert one.context.request.get(f"{site}/{link}").status == 200
    assert other.context.request.get(f"{site}/{link}").status == 404
    one.close()
    other.close()


def test_where_nothing_is_kept_nothing_is_listed(browser: Browser, fake: FakeAssistant) -> None:
    fake.settings = Settings(web=WebSettings(history=False))
    with serving(fake, ()) as url:
        visit = Visit(browser, url)
        visit.ask(next(iter(fake.replies)))
        assert visit.page.locator("#history").count() == 0
        assert visit.context.cookies() == []
        visit.close()


def test_a_file_that_cannot_be_written_does_not_end_the_chat(
    visit: Visit, fake: FakeAssistant
) -> None:
    fake.workspace.conversations.write_bytes(b"no database" * 100)
    first, second, *_ = fake.replies
    visit.ask(first)
    visit.page.wait_for_selector("#notice >> text=This conversation is not kept")
    visit.ask(second)
    assert visit.page.locator("#notice .sentence").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_can_be_read(
    browser: Browser, site: str, fake: FakeAssistant, scheme: str, width: int
) -> None:
    visit = Visit(browser, site, width=width, height=844, scheme=scheme)
    for question in list(fake.replies)[:2]:
        begin(visit)
        visit.ask(question)
    unfold(visit)
    visit.page.locator(".talk [data-event=edit]").first.click()
    visit.page.wait_for_selector("#rename-form", state="visible")
    places = [".talk .open", ".talk .when", ".talk a", ".talk .quiet", ".talk:last-child .when"]
    places += ["#save-name", "#keep-name", "#talk-name :is(input, textarea)"]
    low = {place: ratio(visit.page, place) for place in places}
    assert visit.sideways() <= 0
    visit.page.locator(".talk [data-event=delete]").first.click()
    visit.page.wait_for_selector("#delete-form", state="visible")
    for place in ("#delete-talk", "#keep-talk", "#delete-question p"):
        low[place] = ratio(visit.page, place)
    assert {place: found for place, found in low.items() if found < 4.5} == {}
    assert visit.sideways() <= 0
    visit.close()


def test_the_list_can_be_used_with_the_keyboard(visit: Visit, fake: FakeAssistant) -> None:
    page = visit.page
    visit.ask(next(iter(fake.replies)))
    begin(visit)
    page.locator("#history .label-wrap").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".talk")
    for event, field in (("edit", "#talk-name"), ("delete", "#delete-form")):
        visit.tab_to(f".talk [data-event={event}]")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{field} :focus")
    page.keyboard.press("Enter")  # the focus is on Cancel
    page.wait_for_selector("#delete-form", state="hidden")
    assert page.evaluate("document.activeElement.matches('#history .label-wrap')")
    visit.tab_to(".talk .open")
    page.keyboard.press("Enter")
    visit.answered(1)
    labels = [one.get_attribute("aria-label") for one in page.locator(".talk .quiet").all()]
    assert all(label and names(visit)[0] in label for label in labels)
