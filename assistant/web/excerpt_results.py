"""The excerpts that were found, one part of them at a time."""

from __future__ import annotations

from collections.abc import Collection

from assistant.answer.render import cite
from assistant.excerpts.query import Found
from assistant.types import Excerpt
from assistant.web.excerpt_card import (
    act,
    copy_quote,
    pages,
    place,
    quotation,
    repeats,
    show_page,
    source,
    trail,
)
from assistant.web.excerpt_fields import MODE_NAMES
from assistant.web.labels import count
from assistant.web.markup import Markup, element, join

AT_ONCE = 50  # excerpts that are shown together
BEGIN = (
    "Search for a question, for words, for a phrase in quotation marks, or for a place such as "
    "\u201cOps Digest para 1-5\u201d."
)


def nothing_yet() -> str:
    """What stands there before the first search."""
    return str(element("p", BEGIN, class_="placeholder"))


def failed(sentence: str) -> str:
    """Why there are no results."""
    return str(element("p", sentence, class_="error", role="alert"))


def result_line(found: Found) -> str:
    """How many there are and which of them are shown: ``177 excerpts, 1-50 shown``."""
    if not found.total:
        return "No excerpt found."
    line = count(found.total, "excerpt")
    if len(found.excerpts) < found.total:
        first, last = found.offset + 1, found.offset + len(found.excerpts)
        line += f", {first:,}\u2013{last:,} shown"
    return line


def results(found: Found, ticked: Collection[str] = (), automatic: bool = False) -> str:
    """One part of what was found; ``ticked`` are the ids of excerpts that are collected.

    ``automatic``: how it was searched for was left to the assistant, and is said.
    """
    how = f" Searched as: {MODE_NAMES[found.mode].lower()}." if automatic else ""
    line = result_line(found)
    turning = pages(found.offset, len(found.excerpts), found.total, AT_ONCE, "excerpts")
    every = act("Tick all on this page", "like", "", "Collect all excerpts on this page")
    head = element(
        "div",
        element("p", element("strong", line), how, class_="line"),
        every if found.excerpts else None,
        element("a", "To the selection", href="#collected", class_="quiet jump"),
        turning,
        class_="head",
    )
    shown = (_result(number, one, one.id in ticked) for number, one in enumerate(found.excerpts))
    listed = element("ol", *shown, class_="found", role="list") if found.excerpts else None
    foot = element("div", turning, class_="foot") if turning else None
    return str(
        element(
            "section",
            join(head, listed, foot),
            class_="results",
            aria_label="Excerpts found",
            data_said=line,
            data_offset=found.offset,
            data_total=found.total,
        )
    )


def _result(number: int, excerpt: Excerpt, ticked: bool) -> Markup:
    name, key = cite(excerpt), str(number)
    tick = element(
        "label",
        element(
            "input",
            type="checkbox",
            data_event="select",
            data_value=excerpt.id,
            checked=ticked,
            aria_label=f"Collect {name}: {excerpt.quote[:60]}",
        ),
        class_="tick",
    )
    acts = element(
        "div",
        show_page(excerpt),
        act("Wider", "expand", key, f"One more sentence on either side of {name}"),
        act("Narrower", "collapse", key, f"One sentence less on either side of {name}"),
        copy_quote(excerpt),
        class_="acts",
    )
    body = element(
        "div",
        quotation(excerpt),
        source(excerpt),
        trail(excerpt),
        repeats(excerpt),
        acts,
        class_="body",
    )
    return element("li", tick, body, class_="excerpt", **place(excerpt))
