"""How soon a model's words are on the page, and what checking them costs.

    python -m benchmarks.streaming --index WORKSPACE [--questions 20]

Two things are measured on the questions of the gold file:

- *First words*: from the moment at which a scripted server sends its first piece to the moment at
  which the page in a real browser holds it, by the page's own clock. Once from a server that
  begins at once, while the page is still drawing the question, and once from one that reads the
  prompt for half a second first.
- *Checking*: the share of the time of the whole answer that splitting and checking take, with the
  small language model of the tests, which really writes, and with a scripted one that sends twenty
  pieces a second.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from assistant.answer.assistant import Assistant
from assistant.types import Answer
from assistant.workspace import Workspace
from benchmarks.asking import questions_for
from tests import smallmodel
from tests.answer.adversary import prompt_of, sentences
from tests.conftest import CHROMIUM_ARGS
from tests.llm_server import Script, ScriptedServer, scripted, words
from tests.web.serving import Visit, serving

PACE = 0.05  # seconds between pieces of a scripted reply, as a small server writes
READING = 0.5  # seconds before its first piece, in which a server reads the prompt
# Notes in the page when the first words of a draft are in it, in milliseconds since 1970.
WATCH = """() => {
  window.seen = null;
  window.watch?.disconnect();
  window.watch = new MutationObserver(() => {
    if (!window.seen && document.querySelector("#draft .draft"))
      window.seen = performance.timeOrigin + performance.now();
  });
  window.watch.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def main(argv: list[str] | None = None) -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args(argv)
    workspace = Workspace.find(arguments.index)
    asked = questions_for(workspace, workspace.gold, arguments.questions)
    print("| | median | 95 % | most | n |\n|---|---|---|---|---|")
    for reading in (0.0, READING):
        with scripted(lambda body, first=reading: truthful(body, first)) as server:
            assistant = Assistant.open(with_model(workspace, server.address, "scripted"))
            assistant.warm_up()
            delays = first_words(assistant, server, asked, arguments.chromium)
            name = f"first words on the page, ms after the server's (which reads {reading:g} s)"
            print(row(name, delays, 1000, 0))
            if reading:
                shares = [share for q in asked if (share := checking(assistant, q)) is not None]
                print(
                    row("checking, % of the answer's time (scripted, 20 pieces/s)", shares, 100, 1)
                )
    if smallmodel.lacking() is None:
        with smallmodel.served(smallmodel.model_folder(smallmodel.CACHE)) as small:
            assistant = Assistant.open(with_model(workspace, small.address, small.model))
            shares = [share for q in asked if (share := checking(assistant, q)) is not None]
        print(row(f"checking, % of the answer's time ({small.model})", shares, 100, 1))


def truthful(body: dict[str, Any], first: float) -> Script:
    """A reply made of the first sentences of the passages, each with its marker."""
    told = sentences(prompt_of(body))[:5]
    reply = " ".join(f"{text.rstrip('.')} [{number}]." for number, text in told)
    return Script(pieces=words(reply or "The documents do not say."), first=first, between=PACE)


def with_model(workspace: Workspace, address: str, model: str) -> Workspace:
    """``workspace`` with answers by the model at ``address``."""
    settings = workspace.settings
    changed = {"base_url": address, "model": model, "context_window": 2048, "max_tokens": 160}
    return workspace.with_settings(
        settings.model_copy(update={"llm": settings.llm.model_copy(update=changed)})
    )


def first_words(
    assistant: Assistant, server: ScriptedServer, questions: list[str], chromium: str
) -> list[float]:
    """Seconds from the server's first piece to a model's words on the page, for each answer."""
    delays = []
    with browser(chromium) as running, serving(assistant, []) as url:
        visit = Visit(running, url)
        for number, question in enumerate(questions, start=1):
            before = len(server.sent)
            visit.page.evaluate(WATCH)
            visit.send(question)
            visit.page.wait_for_selector(f"#turn-{number}:not(.pending)")
            seen = visit.page.evaluate("window.seen")
            if seen and len(server.sent) > before and server.sent[-1]:
                delays.append(
                    seen / 1000 - (time.time() - time.perf_counter()) - server.sent[-1][0]
                )
        visit.close()
    return delays


def checking(assistant: Assistant, question: str) -> float | None:
    """The share of the time of an answer that the checks took; None where no model wrote."""
    *_, answer = assistant.stream(question)
    if not isinstance(answer, Answer) or "check" not in answer.seconds:
        return None
    return answer.seconds["check"] / answer.seconds["total"]


def row(name: str, values: list[float], scale: float, digits: int) -> str:
    """A line of the table."""
    ordered = sorted(value * scale for value in values)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    figures = (statistics.median(ordered), late, ordered[-1])
    shown = " | ".join(f"{figure:.{digits}f}" for figure in figures)
    return f"| {name} | {shown} | {len(ordered)} |"


@contextmanager
def browser(chromium: str) -> Iterator[Any]:
    """A headless browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield running
        running.close()


if __name__ == "__main__":
    main()
