"""The fixed parts of the page: its head, the list of documents and the page viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer.render import edition
from assistant.types import Document
from assistant.web.cards import VERSION
from assistant.web.labels import STATUS_NAMES, count, day, standing, title
from assistant.web.markup import Markup, element, join

if TYPE_CHECKING:
    from assistant.index.reader import IndexSummary

NAME = "Doctrine Assistant"


def brand() -> str:
    """The name of the page and what it promises."""
    promise = "Answers only from the indexed documents, every statement cited."
    return str(element("header", element("h1", NAME), element("p", promise), class_="brand"))


def switch() -> str:
    """The light and dark switch, and the place for spoken messages."""
    return str(
        join(
            element("button", "Dark", type="button", id="theme", class_="quiet"),
            element("div", id="announcer", role="status", aria_live="polite", class_="unseen"),
        )
    )


def index_line(summary: IndexSummary) -> str:
    """What is indexed and from when, on one line."""
    built = summary.built
    facts = [
        count(summary.documents, "document"),
        count(summary.pages, "page"),
        count(summary.passages, "passage"),
        f"indexed {day(built)} {built:%H:%M}",
    ]
    return str(
        element(
            "p",
            " \u00b7 ".join(facts),
            element("span", " \u00b7 index ", element("code", summary.fingerprint[:12])),
            class_="index-line",
            title=f"Index {summary.fingerprint}, embedded by {summary.model}",
        )
    )


def document_table(documents: Sequence[Document]) -> str:
    """Every indexed document; its name opens its first page."""
    columns = ("Document", "Status", "Pages")
    head = element("tr", *(element("th", name, scope="col") for name in columns))
    return str(
        element(
            "div",
            element("table", element("thead", head), element("tbody", *map(_row, documents))),
            class_="documents",
            tabindex="0",
            role="region",
            aria_label="Indexed documents",
        )
    )


def _row(document: Document) -> Markup:
    opener = element(
        "button",
        edition(document),
        type="button",
        class_="link",
        data_open=True,
        aria_label=f"Show the first page of {edition(document)}",
    )
    status = standing(document) or STATUS_NAMES[document.status]
    return element(
        "tr",
        element("td", opener, element("span", title(document) or "", class_="title")),
        element("td", status, class_="flag" if document.status != "current" else None),
        element("td", f"{document.page_count:,}", class_="number"),
        data_file=document.file,
        data_version=document.sha256[:VERSION],
        data_count=document.page_count,
        data_spans="[]",
        data_name=edition(document),
        data_document=edition(document),
    )


def viewer() -> str:
    """The frame in which the script shows a page and marks the cited lines."""
    tools = join(
        _tool("previous", "\u2039", "Previous page"),
        element("span", "", id="viewer-page-name", class_="page-name"),
        _tool("next", "\u203a", "Next page"),
        _tool("cited", "Cited page", "Back to the cited page"),
        element(
            "span",
            _tool("smaller", "\u2212", "Zoom out"),
            element("span", "100 %", id="viewer-zoom"),
            _tool("larger", "+", "Zoom in"),
            class_="zoom",
        ),
    )
    return str(
        element(
            "section",
            element("h2", "No page open", id="viewer-name"),
            element("div", tools, class_="tools", role="toolbar", aria_label="Page viewer"),
            element("p", "", id="viewer-message", hidden=True),
            element(
                "div",
                element("div", id="viewer-sheet"),
                id="viewer-scroll",
                tabindex="0",
                role="region",
                aria_label="Page picture",
            ),
            id="viewer",
            class_="closed",
            aria_label="Page viewer",
        )
    )


def _tool(name: str, sign: str, label: str) -> Markup:
    return element(
        "button",
        sign,
        type="button",
        class_="tool",
        data_tool=name,
        aria_label=label,
        title=label,
        disabled=True,
    )
