"""Documents, excerpts and progress as JSON; answers are in ``assistant.answer.record``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from assistant.answer.record import citation_json, hit_json, statement_json
from assistant.excerpts.query import Found
from assistant.types import Document, Excerpt, Hit, Page, Progress


def progress_json(progress: Progress) -> dict[str, Any]:
    """How far a model has come."""
    return {
        "standalone": progress.standalone,
        "statements": [statement_json(statement) for statement in progress.statements],
        "citations": [citation_json(citation) for citation in progress.citations],
        "draft": progress.draft,
    }


def document_json(document: Document) -> dict[str, Any]:
    """A document and what is known about it."""
    return {
        "id": document.id,
        "file": document.file,
        "sha256": document.sha256,
        "designation": document.designation,
        "title": document.title,
        "publisher": document.publisher,
        "edition": document.edition.isoformat() if document.edition else None,
        "status": document.status,
        "supersedes": list(document.supersedes),
        "superseded_by": document.superseded_by,
        "marking": document.marking,
        "distribution": document.distribution,
        "url": document.url,
        "pages": document.page_count,
    }


def page_json(document: Document, page: Page) -> dict[str, Any]:
    """A page as text."""
    return {
        "document": document.id,
        "file": document.file,
        "pdf_page": page.number,
        "printed_page": page.label,
        "text": page.text,
    }


def excerpt_json(excerpt: Excerpt) -> dict[str, Any]:
    """An excerpt and the places that repeat it."""
    document = excerpt.document
    return {
        "id": excerpt.id,
        "file": document.file,
        "document": document.id,
        "designation": document.designation,
        "title": document.title,
        "edition": document.edition.isoformat() if document.edition else None,
        "status": document.status,
        "marking": document.marking,
        "heading": list(excerpt.heading),
        "paragraph": excerpt.paragraph,
        "printed_page": excerpt.printed_page,
        "pdf_page": excerpt.pdf_page,
        "spans": [
            {"pdf_page": span.page, "start": span.start, "end": span.end} for span in excerpt.spans
        ],
        "quote": excerpt.quote,
        "score": round(excerpt.score, 6),
        "matches": [list(match) for match in excerpt.matches],
        "repeats": [excerpt_json(repeat) for repeat in excerpt.repeats],
    }


def found_json(found: Found, limit: int) -> dict[str, Any]:
    """A page of excerpts."""
    return {
        "excerpts": [excerpt_json(excerpt) for excerpt in found.excerpts],
        "total": found.total,
        "offset": found.offset,
        "limit": limit,
        "mode": found.mode,
        "index": found.index,
    }


def hits_json(question: str, hits: Sequence[Hit], offset: int, limit: int) -> dict[str, Any]:
    """A page of the passages found."""
    shown = hits[offset : offset + limit]
    return {
        "question": question,
        "hits": [hit_json(hit) for hit in shown],
        "offset": offset,
        "limit": limit,
    }


def next_page(
    path: str, asked: Sequence[tuple[str, str]], offset: int, limit: int, total: int
) -> str | None:
    """The address of the page after this one, None where it is the last."""
    if offset + limit >= total:
        return None
    kept = [(name, value) for name, value in asked if name not in ("offset", "limit")]
    return f"{path}?{urlencode([*kept, ('offset', offset + limit), ('limit', limit)])}"
