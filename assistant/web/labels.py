"""The short words by which a reader knows a document, a place in it and its standing."""

from __future__ import annotations

from datetime import date

from assistant.answer.render import edition
from assistant.types import Document, Filters, Status

STATUS_NAMES: dict[Status, str] = {
    "current": "Current",
    "superseded": "Superseded",
    "rescinded": "Rescinded",
    "draft": "Draft",
}


def day(value: date | None) -> str:
    """A date the way doctrine writes it, or that there is none."""
    return f"{value.day} {value:%b %Y}" if value else "no date"


def title(document: Document) -> str | None:
    """The title, None where it says no more than the designation."""
    return None if document.title == document.designation else document.title


def document_choice(document: Document) -> str:
    """A line of the document filter."""
    mark = None if document.status == "current" else f"[{document.status}]"
    return " ".join(part for part in (edition(document), title(document), mark) if part)


def page_name(printed: str | None, number: int) -> str:
    """The page as printed; the page of the file where none is printed."""
    return f"p. {printed}" if printed else f"PDF p. {number}"


def both_pages(printed: str | None, number: int) -> str:
    """The printed page and the page of the file, which a reader's PDF viewer needs."""
    return f"p. {printed} (PDF p. {number})" if printed else f"PDF p. {number}"


def page_of(printed: str | None, number: int, pages: int) -> str:
    """Where in its document a page is."""
    place = f"PDF p. {number} of {pages:,}"
    return f"p. {printed} ({place})" if printed else place


def paragraph_name(paragraph: str | None) -> str | None:
    """The numbered paragraph, None where the document numbers none."""
    return f"para {paragraph}" if paragraph else None


def standing(document: Document) -> str | None:
    """Why a document should not be relied on, None for one in force."""
    if document.status == "current":
        return None
    if document.status == "superseded" and document.superseded_by:
        return f"Superseded by {document.superseded_by}"
    return f"{STATUS_NAMES[document.status]} document"


def scope(filters: Filters, documents: tuple[Document, ...]) -> str | None:
    """What a question was restricted to, in words; None for everything."""
    known = {document.file: document for document in documents}
    parts: list[str] = []
    if filters.files:
        names = [edition(known[file]) if file in known else file for file in filters.files]
        shown = ", ".join(names[:4])
        parts.append(shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more")
    if filters.statuses:
        names = [STATUS_NAMES[status].lower() for status in filters.statuses]
        parts.append(f"{' or '.join(names)} documents only")
    return "; ".join(parts) or None


def count(number: int, noun: str) -> str:
    """A number with its noun: ``1 page``, ``1,204 pages``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
