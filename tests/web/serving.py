"""A running server and a visitor to it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from assistant.web.app import build_app
from assistant.web.gate import LOOPBACK
from assistant.web.server import address, listen
from tests.web.words import Rectangle, letters, words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

WAIT = 30_000  # milliseconds; generous, for machines with other work


@contextmanager
def serving(assistant: Any, examples: Sequence[str]) -> Iterator[str]:
    """The chat of ``assistant`` on a free port, until the block is left."""
    app = build_app(assistant, examples, LOOPBACK)
    with listen("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        yield address(listener)
        server.should_exit = True
        thread.join(10)


class Visit:
    """One visitor: a browser context of its own, and all that its page asked for."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        width: int = 1280,
        height: int = 800,
        scheme: Any = "light",
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        self.context.set_default_timeout(WAIT)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.page.goto(url)
        self.page.wait_for_selector("#question textarea")
        self.page.wait_for_function("window.assistantViewer === true")

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def close(self) -> None:
        self.context.close()

    def send(self, question: str) -> None:
        field = self.page.locator("#question textarea")
        field.fill(question)
        field.press("Enter")

    def ask(self, question: str) -> None:
        """Ask and wait for the answer and, where it has evidence, for the first page."""
        turns = self.page.locator("#log .turns")
        count = int(str(turns.get_attribute("data-done")))
        self.send(question)
        self.answered(count + 1)

    def answered(self, number: int) -> None:
        self.page.wait_for_selector(f'#log .turns[data-done="{number}"]')
        self.settled()

    def settled(self) -> None:
        """Wait until no page is being loaded."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector("#viewer.loading", state="detached")

    def cite(self, turn: int, number: int) -> None:
        self.page.locator(f'#turn-{turn} .cite[data-card="card-{turn}-{number}"]').first.click()
        self.settled()

    def tool(self, name: str) -> None:
        self.page.click(f'[data-tool="{name}"]:not([disabled])')
        self.settled()

    def width(self, place: str) -> float:
        box = self.page.locator(place).bounding_box()
        assert box
        return box["width"]

    def sideways(self) -> int:
        """By how much the page is wider than the window."""
        script = "document.documentElement.scrollWidth - window.innerWidth"
        return int(self.page.evaluate(script))

    def tab_to(self, place: str, key: str = "Tab") -> None:
        for _ in range(80):
            self.page.keyboard.press(key)
            if self.page.evaluate("place => document.activeElement.matches(place)", place):
                return
        raise AssertionError(f"{key} never reaches {place}")

    def marks(self) -> list[Rectangle]:
        """The marked lines as fractions of the page picture, measured on the screen."""
        return [
            Rectangle(*values)
            for values in self.page.evaluate(
                """() => {
                  const image = document.querySelector("#viewer-sheet img");
                  const sheet = image.getBoundingClientRect();
                  const across = (x) => (x - sheet.left) / sheet.width;
                  const down = (y) => (y - sheet.top) / sheet.height;
                  const boxes = [...document.querySelectorAll("#viewer-sheet .box")];
                  return boxes.map((box) => box.getBoundingClientRect())
                    .map((at) => [across(at.left), down(at.top),
                      across(at.right), down(at.bottom)]);
                }"""
            )
        ]

    def check_marks(self, card: Locator, corpus: Path) -> None:
        """The boxes on the picture cover every quoted word of the page, and no other."""
        sheet = self.page.locator("#viewer-sheet")
        file, number = sheet.get_attribute("data-file"), sheet.get_attribute("data-page")
        assert file == card.get_attribute("data-file") and number is not None
        spans = [
            (start, end)
            for page, start, end in json.loads(str(card.get_attribute("data-spans")))
            if page == int(number)
        ]
        found = words(corpus / str(file), int(number))
        quoted = [w for w in found if any(s <= w.start and w.end <= e for s, e in spans)]
        others = [w for w in found if not any(s < w.end and w.start < e for s, e in spans)]
        marks = self.marks()
        assert quoted and marks
        missed = [
            word.text
            for word in quoted
            if not all(any(mark.holds(letter) for mark in marks) for letter in word.letters)
        ]
        assert not missed, f"quoted but not marked: {missed}"
        extra = [w.text for w in others if any(mark.has(*w.place.centre) for mark in marks)]
        assert not extra, f"marked but not quoted: {extra}"

    def check_quote(self, card: Locator, corpus: Path) -> None:
        """The words that a card quotes are those of the page at its offsets."""
        file = str(card.get_attribute("data-file"))
        at = [
            word.text
            for page, start, end in json.loads(str(card.get_attribute("data-spans")))
            for word in words(corpus / file, page)
            if start < word.end and word.start < end
        ]
        assert letters(str(card.locator("blockquote").text_content())) == letters("".join(at))


def ratio(page: Page, place: str) -> float:
    """The WCAG contrast of a visible text with what it stands on."""
    return float(
        page.evaluate(
            """(place) => {
              const element = document.querySelector(place);
              if (!element) return 0;
              const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
              const level = ([r, g, b]) => [r, g, b].map((v) => v / 255)
                .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              let ground = [255, 255, 255];
              for (let at = element; at; at = at.parentElement) {
                const colour = parse(getComputedStyle(at).backgroundColor);
                if (colour.length === 3 || colour[3] > 0.99) { ground = colour; break; }
              }
              const pair = [level(parse(getComputedStyle(element).color)), level(ground)];
              return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
            }""",
            place,
        )
    )
