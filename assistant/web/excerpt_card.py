"""The pieces of which an excerpt is shown, among the results and in a selection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from assistant.answer.render import cite, edition
from assistant.types import Excerpt
from assistant.web.cards import VERSION
from assistant.web.labels import standing, title
from assistant.web.markup import Markup, element, join


def place(excerpt: Excerpt) -> dict[str, object]:
    """The attributes by which the page viewer finds and marks an excerpt."""
    document = excerpt.document
    return {
        "data_file": document.file,
        "data_version": document.sha256[:VERSION],
        "data_count": document.page_count,
        "data_spans": json.dumps([[span.page, span.start, span.end] for span in excerpt.spans]),
        "data_name": cite(excerpt),
        "data_document": edition(document),
    }


def quotation(excerpt: Excerpt) -> Markup:
    """The quote, with the words that were searched for marked."""
    return element("blockquote", *_pieces(excerpt.quote, excerpt.matches))


def source(excerpt: Excerpt) -> Markup:
    """The full citation, and whether the document is in force and marked."""
    document = excerpt.document
    flag = standing(document)
    return element(
        "p",
        element("span", cite(excerpt), class_="citation", title=title(document)),
        element("span", document.marking, class_="marking") if document.marking else None,
        element("span", flag, class_="flag") if flag else None,
        class_="source",
    )


def trail(excerpt: Excerpt) -> Markup | None:
    """The headings above an excerpt."""
    path = " \u203a ".join(excerpt.heading)
    return element("p", path, class_="trail") if path else None


def repeats(excerpt: Excerpt) -> Markup | None:
    """Where the same stands too; each place opens its page."""
    if not excerpt.repeats:
        return None
    others = [
        element("li", show_page(one, cite(one), "link"), **place(one)) for one in excerpt.repeats
    ]
    return element("div", "Also in:", element("ul", *others), class_="repeats")


def show_page(excerpt: Excerpt, text: str = "Show page", class_: str = "quiet") -> Markup:
    """A button that opens the page; it stands in an element with the attributes of ``place``."""
    return element(
        "button",
        text,
        type="button",
        class_=class_,
        data_open=True,
        aria_label=f"Show the page of {cite(excerpt)}",
    )


def copy_quote(excerpt: Excerpt) -> Markup:
    """A button that copies the quote with its citation."""
    return element(
        "button",
        "Copy",
        type="button",
        class_="quiet",
        data_copy=f"\u201c{excerpt.quote}\u201d ({cite(excerpt)})",
        aria_label=f"Copy the quote of {cite(excerpt)}",
    )


def act(text: str, event: str, value: str, label: str, **attributes: object) -> Markup:
    """A button that raises ``event`` with ``value``."""
    return element(
        "button",
        text,
        type="button",
        class_="quiet",
        data_event=event,
        data_value=value,
        aria_label=label,
        **attributes,
    )


def pages(offset: int, shown: int, total: int, most: int, noun: str) -> Markup | None:
    """The buttons that turn from one part of a long list to another, None where it is short."""
    if total <= most and not offset:
        return None
    before, after = max(0, offset - most), offset + most
    return element(
        "nav",
        act("\u2039 Previous", "apply", str(before), f"Previous {noun}", disabled=offset <= 0),
        element("span", f"{offset + 1:,}\u2013{offset + shown:,} of {total:,}"),
        act("Next \u203a", "apply", str(after), f"Next {noun}", disabled=after >= total),
        class_="turning",
        aria_label=f"More {noun}",
    )


def _pieces(text: str, matches: Sequence[tuple[int, int]]) -> Iterator[Markup]:
    at = 0
    for start, end in sorted(matches):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        yield join(text[at:start], element("mark", text[start:end]))
        at = end
    yield join(text[at:])
