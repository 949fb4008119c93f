"""The chat as a visitor uses it, in a real browser, over prepared answers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.types import Statement
from tests.web.fakes import FakeAssistant, answer, citation, hit
from tests.web.serving import Visit, ratio, serving
from tests.web.test_markup import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_citation_shows_its_card_and_its_marked_page(visit: Visit, fake: FakeAssistant) -> None:
    question = next(iter(fake.replies))
    visit.ask(question)
    assert visit.page.locator("#viewer img").count() == 1  # the first citation opens by itself
    visit.cite(1, 4)
    card = visit.page.locator("#card-1-4")
    assert "active" in str(card.get_attribute("class"))
    visit.check_marks(card, fake.folder)
    assert visit.page.locator('.cite[aria-current="true"]').first.inner_text() == "[4]"


def test_pages_can_be_turned_and_enlarged(visit: Visit, fake: FakeAssistant) -> None:
    visit.ask(next(iter(fake.replies)))
    page, sheet = visit.page, visit.page.locator("#viewer-sheet")
    number = int(str(sheet.get_attribute("data-page")))
    visit.tool("next")
    assert sheet.get_attribute("data-page") == str(number + 1)
    assert page.locator("#viewer-page-name").inner_text().startswith(f"p. {number - 1} (PDF p.")
    visit.tool("previous")
    visit.tool("previous")
    assert page.locator("#viewer .box").count() == 0
    visit.tool("cited")
    assert sheet.get_attribute("data-page") == str(number)
    assert page.locator("#viewer .box").count() > 0
    width = visit.width("#viewer-sheet")
    page.click('[data-tool="larger"]')
    assert visit.width("#viewer-sheet") == pytest.approx(width * 1.25, abs=2)
    visit.check_marks(page.locator(".card.active"), fake.folder)
    page.click('[data-tool="smaller"]')
    assert visit.width("#viewer-sheet") == pytest.approx(width, abs=2)


def test_earlier_answers_keep_their_evidence(visit: Visit, fake: FakeAssistant) -> None:
    first, second, *_ = fake.replies
    visit.ask(first)
    visit.ask(second)
    assert visit.page.locator("#card-2-1").is_visible()
    assert not visit.page.locator("#card-1-1").is_visible()
    visit.cite(1, 2)
    assert visit.page.locator("#card-1-2").is_visible()
    assert not visit.page.locator("#card-2-1").is_visible()


def test_an_abstention_looks_like_one_and_its_passages_open(
    visit: Visit, fake: FakeAssistant
) -> None:
    source = fake.known[0]
    fake.replies["fish"] = lambda q: answer(q, hits=[hit(1, source)], abstained=True, reason="No.")
    visit.ask("fish")
    assert visit.page.locator("#turn-1 .abstained .verdict").is_visible()
    assert visit.page.locator("#turn-1 .cite").count() == 0
    visit.page.click("#hit-1-1 .opener")
    visit.settled()
    visit.check_marks(visit.page.locator("#hit-1-1"), fake.folder)


def test_errors_are_sentences_and_the_chat_goes_on(visit: Visit, fake: FakeAssistant) -> None:
    def broken(question: str) -> None:
        raise RuntimeError("secret detail")

    fake.replies["break"] = broken
    visit.ask("break")
    assert "went wrong" in visit.page.locator("#turn-1 .error").inner_text()
    visit.ask("   ")
    assert visit.page.locator("#turn-2 .error").inner_text() == "Ask a question first."
    visit.ask("why " * 25_000)
    assert "2,000 characters" in visit.page.locator("#turn-3 .error").inner_text()
    visit.ask(next(iter(fake.replies)))
    assert visit.page.locator("#turn-4 .cite").count() > 0
    assert "secret" not in visit.page.content()


def test_a_page_that_cannot_be_shown_says_why(visit: Visit, fake: FakeAssistant) -> None:
    source = replace(fake.known[0], page_count=999)
    fake.replies["far"] = lambda q: answer(
        q, [Statement("S.", (1,))], [citation(1, source, pdf_page=900)]
    )
    visit.ask("far")
    visit.page.wait_for_selector("#viewer-message:not([hidden])")
    assert "has no page 900" in visit.page.locator("#viewer-message").inner_text()
    visit.ask(next(iter(fake.replies)))
    assert not visit.page.locator("#viewer-message").is_visible()


def test_documents_and_questions_never_become_markup(browser: Browser, fake: FakeAssistant) -> None:
    text = " ".join(HOSTILE)
    source = replace(fake.known[0], title=text, designation=HOSTILE[0], marking=text)
    fake.known[0] = source
    fake.replies[text] = lambda q: answer(
        q,
        [Statement(f"{text}\n\u2022 {text}", (1,))],
        [citation(1, source, quote=text, paragraph=HOSTILE[2], pdf_page=4)],
        [hit(1, source, text=text)],
        notes=(text,),
    )
    with serving(fake, [text]) as url:
        visit = Visit(browser, url)
        visit.page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        visit.ask(text)
        visit.page.click("#filters .label-wrap")
        visit.page.click("#files input")
        visit.page.wait_for_timeout(300)
        for place in ("#turn-1 .question", "#card-1-1 blockquote", "#turn-1 li"):
            assert HOSTILE[0] in visit.page.locator(place).first.inner_text()
        assert visit.page.evaluate("window.pwned") is None
        assert visit.page.locator("img[src=x], #log a, #cards a, .katex, svg[onload]").count() == 0
        visit.close()


def test_the_page_asks_nobody_but_its_own_server(
    browser: Browser, site: str, fake: FakeAssistant
) -> None:
    visit = Visit(browser, site)
    for question in list(fake.replies)[:2]:
        visit.ask(question)
    visit.cite(1, 2)
    visit.tool("next")
    visit.page.wait_for_timeout(500)
    asked = [url for url in visit.requests if not url.startswith(("data:", "blob:"))]
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    assert visit.complaints == []
    visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(
    browser: Browser, site: str, fake: FakeAssistant, scheme: str
) -> None:
    visit = Visit(browser, site, width=390, height=844, scheme=scheme)
    assert visit.sideways() <= 0
    for question in list(fake.replies)[:2]:
        visit.ask(question)
    visit.cite(2, 3)
    assert visit.sideways() <= 0
    card = visit.page.locator("#card-2-3").bounding_box()
    talk = visit.page.locator("#talk").bounding_box()
    sheet = visit.page.locator("#viewer-sheet").bounding_box()
    assert card and talk and sheet
    assert talk["y"] + talk["height"] <= card["y"] < sheet["y"]
    assert 0 <= card["y"] < 844 and sheet["y"] < 844, "a citation brings its card and page"
    visit.check_marks(visit.page.locator("#card-2-3"), fake.folder)
    visit.close()


def test_everything_can_be_done_with_the_keyboard(visit: Visit, fake: FakeAssistant) -> None:
    page = visit.page
    page.evaluate("document.activeElement.blur()")
    visit.tab_to("#question textarea")
    page.keyboard.type(next(iter(fake.replies)))
    page.keyboard.press("Enter")
    page.wait_for_selector('#log .turns[data-done="1"]')
    visit.settled()
    visit.tab_to('#turn-1 .cite[data-card="card-1-2"]', key="Shift+Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus can be seen"
    page.keyboard.press("Enter")
    page.wait_for_selector("#card-1-2.active")
    visit.settled()
    visit.check_marks(page.locator("#card-1-2"), fake.folder)
    focused = page.evaluate("document.activeElement.dataset.card")
    assert focused == "card-1-2", "the focus stays where the reader was"
    visit.tab_to('[data-tool="next"]')
    page.keyboard.press("Enter")
    visit.settled()
    assert "Showing" in page.locator("#announcer").inner_text()


def test_the_answer_is_spoken(visit: Visit, fake: FakeAssistant) -> None:
    announcer = visit.page.locator("#announcer")
    assert announcer.get_attribute("aria-live") == "polite"
    visit.page.evaluate(
        "window.heard = []; new MutationObserver(() => window.heard.push("
        "document.getElementById('announcer').textContent)).observe("
        "document.getElementById('announcer'), {childList: true})"
    )
    question, reply = next(iter(fake.replies.items()))
    visit.ask(question)
    visit.page.wait_for_timeout(600)
    heard = " ".join(visit.page.evaluate("window.heard"))
    assert reply(question).statements[0].text[:40] in heard


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    browser: Browser, site: str, fake: FakeAssistant, scheme: str
) -> None:
    source = replace(fake.known[0], status="superseded", superseded_by="another")
    fake.replies["old"] = lambda q: answer(
        q,
        [Statement("S.", (1,))],
        [citation(1, source, pdf_page=4)],
        [hit(1, source)],
        notes=("It is superseded.",),
    )
    visit = Visit(browser, site, scheme=scheme)
    visit.ask(next(iter(fake.replies)))
    visit.ask("old")
    visit.ask("unanswered")
    visit.ask(" ")
    low = {
        place: found
        for place in (
            *("h1", ".index-line", ".question", ".statement p", ".cite", ".cite.flagged"),
            *(".warning", ".verdict", ".reason", ".error", ".facts", ".quiet", "#viewer h2"),
            *("#send", "#new", "#question textarea", ".documents .title", ".link"),
        )
        if (found := ratio(visit.page, place)) < 4.5
    }
    visit.cite(2, 1)
    low |= {
        place: found
        for place in (".card .where", ".card blockquote", ".card .flag", ".opener .mark")
        if (found := ratio(visit.page, place)) < 4.5
    }
    assert not low
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(int(part) for part in re.findall(r"\d+", ground)[:3]) > 384
    assert light == (scheme == "light")
    visit.close()


def test_light_and_dark_can_be_switched_and_are_remembered(visit: Visit) -> None:
    page = visit.page
    assert page.locator("body.dark").count() == 0
    page.click("#theme")
    assert page.locator("body.dark").count() == 1
    page.reload()
    page.wait_for_selector("body.dark #theme")
    assert page.locator("#theme").inner_text() == "Light"


@pytest.mark.parametrize("clipboard", ["granted", "refused", "absent"])
def test_an_answer_is_copied_with_its_citations(
    visit: Visit, fake: FakeAssistant, clipboard: str
) -> None:
    page = visit.page
    if clipboard == "granted":
        visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    elif clipboard == "refused":
        page.evaluate(
            "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
        )
    else:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    visit.ask(next(iter(fake.replies)))
    page.click("#turn-1 [data-copy]")
    page.wait_for_selector("#turn-1 [data-copy] >> text=Copied")
    page.click("#question textarea")
    page.keyboard.press("Control+v")
    pasted = page.locator("#question textarea").input_value()
    assert pasted == page.locator("#turn-1 [data-copy]").get_attribute("data-copy")
    assert "[1]" in pasted


def test_filters_restrict_and_a_new_chat_forgets(visit: Visit, fake: FakeAssistant) -> None:
    page = visit.page
    page.click("#filters .label-wrap")
    page.click("#statuses label >> nth=0")
    page.click("#files input")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    visit.ask("filtered")
    _, filters = fake.asked[-1]
    assert filters.statuses == ("current",) and filters.files == (fake.known[0].file,)
    assert "current documents only" in page.locator("#turn-1 .scope").inner_text()
    page.click("#new")
    page.wait_for_selector('#log .turns[data-count="0"]', state="attached")
    page.wait_for_selector("#viewer", state="hidden")
    page.wait_for_selector("#examples", state="visible")
    visit.ask("again")
    assert page.locator("#turn-1 .question").inner_text() == "again"


def test_a_document_opens_from_the_list(visit: Visit, fake: FakeAssistant) -> None:
    visit.page.locator(".documents .link").nth(1).click()
    visit.settled()
    sheet = visit.page.locator("#viewer-sheet")
    assert sheet.get_attribute("data-file") == fake.known[1].file
    assert sheet.get_attribute("data-page") == "1"


def test_two_visitors_do_not_see_each_other(
    browser: Browser, site: str, fake: FakeAssistant
) -> None:
    fake.delay = 0.4
    visits = [Visit(browser, site), Visit(browser, site)]
    for number, visit in enumerate(visits):
        visit.send(f"question of visitor {number}")
    for number, visit in enumerate(visits):
        visit.answered(1)
        questions = visit.page.locator(".question").all_inner_texts()
        assert questions == [f"question of visitor {number}"]
        visit.close()


def test_examples_are_asked_with_a_click(visit: Visit, fake: FakeAssistant) -> None:
    visit.page.click("button.example >> nth=0")
    visit.answered(1)
    assert visit.page.locator("#turn-1 .question").inner_text() == next(iter(fake.replies))
    assert not visit.page.locator("#examples").is_visible()


def test_the_same_marks_on_a_real_document(
    browser: Browser, shared_corpus: Path, tmp_path: Path
) -> None:
    from tests.web.samples import library

    path = shared_corpus / "doctrine" / "ARN43323-ADP_3-0-000-WEB-1.pdf"
    fake = library(tmp_path / "shared", {"doctrine/ADP 3-0 & 'more'.pdf": path})
    with serving(fake, ()) as url:
        visit = Visit(browser, url)
        visit.ask(next(iter(fake.replies)))
        for number in (1, 2, 3, 4):
            visit.cite(1, number)
            visit.check_marks(visit.page.locator(f"#card-1-{number}"), fake.folder)
        visit.close()
