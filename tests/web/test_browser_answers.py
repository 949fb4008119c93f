"""Answers that a model writes, in a real browser: watched, stopped, edited, asked again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING

import pytest

from assistant.types import Progress, Statement
from assistant.web.talks import STOPPED
from tests.web.fakes import FakeAssistant, answer
from tests.web.samples import cited
from tests.web.serving import Visit, ratio
from tests.web.test_markup import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

QUESTION = "And on classification?"
ALONE = "What is recommended on the classification of plans?"
LONG = "and so on, until it fills the frame of the chat; " * 60


@dataclass
class Written:
    """An answer that is written as the test says: ``show`` a piece, ``end`` with the answer."""

    fake: FakeAssistant
    question: str = QUESTION
    said: SimpleQueue[Progress | None] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        source = self.fake.known[0]
        self.citations = cited(source, self.fake.folder / source.file, 3)
        self.statements = [Statement(one.quote, (one.number,)) for one in self.citations]
        self.fake.pieces[self.question] = self.pieces
        self.fake.replies[self.question] = lambda q: answer(
            q, self.statements, self.citations, standalone=ALONE, mode="generative", model="small"
        )

    def pieces(self) -> Iterator[Progress]:
        while (piece := self.said.get()) is not None:
            yield piece

    def show(self, draft: str, checked: int = 0) -> None:
        done = tuple(self.statements[:checked]), tuple(self.citations[:checked])
        self.said.put(Progress(ALONE, *done, draft))

    def end(self) -> None:
        self.said.put(None)


def seen(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def draft(visit: Visit, text: str) -> None:
    visit.page.wait_for_selector(f"#draft >> text={text}")


def announced(visit: Visit) -> list[str]:
    return list(visit.page.evaluate("window.heard"))


def listen(visit: Visit) -> None:
    visit.page.evaluate(
        "window.heard = []; new MutationObserver(() => window.heard.push("
        "document.getElementById('announcer').textContent)).observe("
        "document.getElementById('announcer'), {childList: true})"
    )


def test_a_draft_becomes_checked_statements(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    listen(visit)
    visit.send(QUESTION)
    page.wait_for_selector("#turn-1.pending >> text=Searching")
    written.show("The plans")
    draft(visit, "The plans")
    assert ALONE in page.locator("#turn-1 .searched").inner_text()
    assert "Being checked" in page.locator("#draft").inner_text()
    assert page.locator("#draft button, #turn-1 .cite").count() == 0
    written.show("must be", checked=2)
    draft(visit, "must be")
    assert page.locator("#turn-1 .statement").count() == 2
    page.locator("#turn-1 .cite").nth(1).click()
    visit.settled()
    visit.check_marks(page.locator("#card-1-2"), fake.folder)
    written.show("known", checked=3)
    draft(visit, "known")
    assert "active" in str(page.locator("#card-1-2").get_attribute("class")), "it stays open"
    assert page.locator("#card-1-3").is_visible()
    page.wait_for_timeout(400)
    assert [said for said in announced(visit) if "Showing" not in said] == []
    written.end()
    visit.answered(1)
    assert page.locator("#draft .draft").count() == 0 and page.locator("#now .turn").count() == 0
    assert page.locator("#turn-1 .statement").count() == 3
    assert "active" in str(page.locator("#card-1-2").get_attribute("class")), "and is not replaced"
    assert "generative answer \u00b7 small" in page.locator("#turn-1 .facts").inner_text()
    page.wait_for_timeout(400)
    assert written.statements[0].text[:30] in announced(visit)[-1]
    assert visit.complaints == []


def test_a_reader_who_scrolled_up_stays_there(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    for question in list(fake.replies)[:2]:
        visit.ask(question)
    top = "document.getElementById('log').scrollTop"
    visit.send(QUESTION)
    written.show(LONG)
    draft(visit, "and so on")
    page.wait_for_timeout(300)
    question = page.locator("#turn-3 .question").bounding_box()
    frame = page.locator("#log").bounding_box()
    assert question and frame and abs(question["y"] - frame["y"]) < 60, "it is read from its top"
    page.locator("#log").hover()
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    there = page.evaluate(top)
    for checked in range(3):
        written.show(LONG + LONG, checked=checked)
        page.wait_for_timeout(150)
        assert page.evaluate(top) == there
    written.end()
    visit.answered(3)
    page.wait_for_timeout(300)
    assert page.evaluate(top) == there


def test_an_answer_is_stopped_and_tried_again(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    assert not page.locator("#stop-answer").is_visible()
    visit.send(QUESTION)
    written.show("The plans")
    draft(visit, "The plans")
    assert not page.locator("#send").is_visible()
    page.click("#stop-answer")
    visit.answered(1)  # though the model says nothing more
    assert page.locator("#turn-1 .error").inner_text() == STOPPED
    assert not page.locator("#stop-answer").is_visible() and page.locator("#send").is_visible()
    written.show("and more")
    assert seen(lambda: fake.ended == [QUESTION]), "the request has ended"
    page.click("#turn-1 [data-event=retry]")
    page.wait_for_selector("#turn-1.pending")
    written.end()
    page.wait_for_selector("#turn-1 .statement")
    assert page.locator(".turn").count() == 1 and page.locator("#turn-1 .error").count() == 0


@pytest.mark.parametrize("how", ["closed", "reloaded", "new chat"])
def test_a_request_ends_with_its_page(
    browser: Browser, site: str, fake: FakeAssistant, how: str
) -> None:
    written, visit = Written(fake), Visit(browser, site)
    visit.send(QUESTION)
    written.show("The plans")
    draft(visit, "The plans")
    if how == "closed":
        visit.page.close()
    elif how == "reloaded":
        visit.page.reload()
        visit.page.wait_for_selector("#question textarea")
    else:
        visit.page.click("#new")
        visit.page.wait_for_selector('#log .turns[data-count="0"]', state="attached")
        visit.page.wait_for_selector("#send", state="visible")

    def told() -> bool:
        written.show("more")
        return fake.ended == [QUESTION]

    assert seen(told)
    if how == "new chat":
        visit.page.wait_for_timeout(300)
        assert visit.page.locator("#log .turn, #draft .draft").count() == 0
    visit.close()


def test_an_answer_is_asked_for_again(visit: Visit, fake: FakeAssistant) -> None:
    first, second, *_ = fake.replies
    visit.ask(first)
    visit.ask(second)
    listen(visit)
    key = visit.page.locator("#log .turns").get_attribute("data-key")
    visit.page.fill("#question textarea", "half a question")
    visit.page.click("#turn-2 [data-event=retry]")
    visit.page.wait_for_selector(f'#log .turns[data-done="2"]:not([data-key="{key}"])')
    visit.settled()
    assert fake.asides[-1][1] and fake.asked[-1][0] == second
    assert visit.page.locator(".turn").count() == 2
    assert visit.page.locator("#turn-1 [data-event]").count() == 0, "only the last can be asked"
    assert visit.page.locator("#question textarea").input_value() == "half a question"
    visit.page.wait_for_timeout(400)
    assert announced(visit), "the new answer is spoken"


def test_the_last_question_is_edited(visit: Visit, fake: FakeAssistant) -> None:
    first, second, third = list(fake.replies)[:3]
    page, box = visit.page, visit.page.locator("#question textarea")
    visit.ask(first)
    visit.ask(second)
    page.click("#turn-2 [data-event=edit]")
    page.wait_for_selector("#edited", state="visible")
    assert box.input_value() == second
    page.click("#keep-last")
    page.wait_for_selector("#edited", state="hidden")
    assert box.input_value() == ""
    page.click("#turn-2 [data-event=edit]")
    page.wait_for_selector("#edited", state="visible")
    assert page.evaluate("document.activeElement.matches('#question textarea')")
    visit.send(third)
    page.wait_for_selector(f"#turn-2 .question >> text={third}")
    page.wait_for_selector('#log .turns[data-done="2"]')
    assert page.locator(".question").all_inner_texts() == [first, third]
    assert not page.locator("#edited").is_visible()


def test_what_was_searched_for_is_changed(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    first = next(iter(fake.replies))
    visit.ask(first)
    visit.send(QUESTION)
    written.end()
    visit.answered(2)
    assert ALONE in page.locator("#turn-2 .searched").inner_text()
    page.click("#turn-2 [data-event=input]")
    field = page.locator("#searched textarea")
    field.wait_for()
    assert field.input_value() == ALONE
    field.fill("What of plans?")
    field.press("Enter")
    page.wait_for_selector("#turn-2 .verdict")
    assert fake.asides[-1] == ((), False) and fake.asked[-1][0] == "What of plans?"
    assert page.locator(".question").all_inner_texts() == [first, "What of plans?"]
    assert not page.locator("#search-form").is_visible()


def test_what_is_not_supported_is_no_part_of_the_answer(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    problem = "no passage names such a duty"
    written.statements[1] = Statement("They must.", (), supported=False, problem=problem)
    visit.send(QUESTION)
    written.end()
    visit.answered(1)
    flagged = page.locator("#turn-1 .unsupported")
    assert f"Not supported by the cited passages: {problem}" in flagged.inner_text()
    assert flagged.locator("button").count() == 0
    struck = "getComputedStyle(document.querySelector('.struck')).textDecorationLine"
    assert page.evaluate(struck) == "line-through"
    assert "1 unsupported statement" in page.locator("#turn-1 .facts").inner_text()
    copied = str(page.locator("#turn-1 [data-copy]").get_attribute("data-copy"))
    assert "They must." not in copied and written.statements[0].text in copied


def test_why_a_model_did_not_answer_stands_first(visit: Visit, fake: FakeAssistant) -> None:
    reply = next(iter(fake.replies.values()))("")
    sentence = "The model does not answer; this is in the documents' own words."
    fake.replies["fall"] = lambda q: answer(q, reply.statements, reply.citations, fallback=sentence)
    visit.ask("fall")
    assert visit.page.locator("#turn-1 .answer > *").first.inner_text() == sentence


def test_what_a_model_writes_never_becomes_markup(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    text = " ".join(HOSTILE)
    visit.send(QUESTION)
    flagged = Statement(text, (), supported=False, problem=text)
    written.said.put(Progress(text, (flagged,), (), text))
    page.wait_for_selector("#draft .draft")
    for place in ("#draft p", "#turn-1 .searched", "#turn-1 .problem", "#turn-1 .struck"):
        assert HOSTILE[0] in page.locator(place).inner_text()
    written.statements, written.citations = [flagged], []
    fake.replies[QUESTION] = lambda q: answer(
        q, [flagged], standalone=text, fallback=text, model=text, mode="generative"
    )
    written.end()
    visit.answered(1)
    page.click("#turn-1 [data-event=input]")
    page.locator("#searched textarea").wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src=x], #log a, svg[onload], .katex").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_an_answer_under_way_can_be_read(
    browser: Browser, site: str, fake: FakeAssistant, scheme: str, width: int
) -> None:
    written, visit = Written(fake), Visit(browser, site, width=width, height=844, scheme=scheme)
    written.statements[0] = Statement("They must.", (), supported=False, problem="No.")
    visit.send(QUESTION)
    written.show("The plans " * 30, checked=2)
    draft(visit, "The plans")
    low = {place: ratio(visit.page, place) for place in ("#draft p", ".state", ".searched span")}
    low |= {place: ratio(visit.page, place) for place in ("#stop-answer", ".searching")}
    assert visit.sideways() <= 0
    written.end()
    visit.answered(1)
    visit.page.click("#turn-1 [data-event=input]")
    visit.page.locator("#searched textarea").wait_for()
    for place in (".problem", ".struck p", "#search-this", "#keep-search", "#searched textarea"):
        low[place] = ratio(visit.page, place)
    assert {place: found for place, found in low.items() if found < 4.5} == {}
    assert visit.sideways() <= 0
    visit.close()


def test_an_answer_can_be_stopped_with_the_keyboard(visit: Visit, fake: FakeAssistant) -> None:
    written, page = Written(fake), visit.page
    visit.send(QUESTION)
    written.show("The plans")
    draft(visit, "The plans")
    visit.tab_to("#stop-answer")
    page.keyboard.press("Enter")
    visit.answered(1)
    assert page.evaluate("document.activeElement.matches('#question textarea')")
    written.show("and more")
    assert seen(lambda: fake.ended == [QUESTION])
    visit.tab_to("#turn-1 [data-event=retry]", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn-1.pending")
    written.end()
    page.wait_for_selector("#turn-1 .statement")
    visit.tab_to("#turn-1 [data-event=input]", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#searched textarea:focus")
