"""The form of the Excerpts tab: what may be chosen in it, and the search that it asks for."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.errors import UsageError
from assistant.excerpts.query import ExcerptQuery, Mode, Order
from assistant.types import Document, Filters, Status
from assistant.web.labels import STATUS_NAMES, document_choice

MODE_NAMES: Final[dict[Mode, str]] = {
    "auto": "Automatic",
    "question": "Question",
    "words": "All words",
    "phrase": "Exact phrase",
    "place": "Place",
}
ORDER_NAMES: Final[dict[Order, str]] = {
    "relevance": "Relevance",
    "document": "Document and page",
    "date": "Newest edition",
}
UNMARKED: Final = "No marking"
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LAST_PAGE: Final = 1_000_000

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the documents leave to choose from: what is shown, and what it stands for."""

    files: list[Choice]
    publishers: list[Choice]
    statuses: list[Choice]
    markings: list[Choice]


def choices(documents: Sequence[Document]) -> Choices:
    """The filters that tell these documents apart."""
    present = {document.status for document in documents}
    markings = sorted({document.marking or "" for document in documents})
    return Choices(
        files=[(document_choice(document), document.file) for document in documents],
        publishers=[
            (name, name) for name in sorted({d.publisher for d in documents if d.publisher})
        ],
        statuses=[(name, status) for status, name in STATUS_NAMES.items() if status in present],
        markings=[(marking or UNMARKED, marking) for marking in markings],
    )


def asked(
    text: str | None,
    mode: Mode | None,
    files: Sequence[str] | None,
    publishers: Sequence[str] | None,
    statuses: Sequence[Status] | None,
    markings: Sequence[str] | None,
    since: str | None,
    until: str | None,
    first_page: str | None,
    last_page: str | None,
    first_paragraph: str | None,
    last_paragraph: str | None,
    order: Order | None,
    grouped: bool | None,
) -> ExcerptQuery:
    """The search that the fields of the form ask for; an empty field restricts nothing.

    Raises UsageError where a date or a range makes no sense.
    """
    begin, end = _day(since, last=False), _day(until, last=True)
    if begin and end and begin > end:
        raise UsageError("The first date of edition is after the last one.")
    return ExcerptQuery(
        text=text or "",
        mode=mode if mode in MODE_NAMES else "auto",
        filters=Filters(
            files=tuple(files or ()),
            statuses=tuple(statuses or ()),
            publishers=tuple(publishers or ()),
            markings=tuple(markings or ()),
            since=begin,
            until=end,
        ),
        pages=_pages(first_page, last_page),
        paragraphs=_paragraphs(first_paragraph, last_paragraph),
        order=order if order in ORDER_NAMES else "relevance",
        grouped=bool(grouped),
    )


def _day(text: str | None, last: bool) -> date | None:
    """``2024``, ``2024-06`` or ``2024-06-30``: the first day of it, or the last."""
    written = (text or "").strip()
    if not written:
        return None
    match = _DAY.fullmatch(written)
    try:
        if match is None:
            raise ValueError(written)
        year = int(match[1])
        month = int(match[2] or (12 if last else 1))
        final = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, int(match[3] or final))
    except ValueError as error:
        raise UsageError("Write a date of edition as 2024, 2024-06 or 2024-06-30.") from error


def _pages(first: str | None, last: str | None) -> tuple[int, int] | None:
    written = [(text or "").strip() for text in (first, last)]
    if not any(written):
        return None
    if not all(text.isdecimal() and len(text) < 8 for text in written if text):
        raise UsageError("Write a PDF page as a number, such as 12.")
    begin, end = int(written[0] or 1), int(written[1] or _LAST_PAGE)
    if begin > end:
        raise UsageError("The first PDF page is after the last one.")
    return begin, end


def _paragraphs(first: str | None, last: str | None) -> tuple[str, str] | None:
    begin, end = (first or "").strip(), (last or "").strip()
    return (begin, end) if begin or end else None
