"""Look-ups: the paragraph or page that a question names in a document that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.index.store import Store
from assistant.retrieve.query import Query
from assistant.types import Document, Passage


@dataclass(frozen=True, slots=True)
class Place:
    """What became of a look-up.

    ``documents`` are those looked into, ``passages`` what stands there, empty where the
    place was not found; ``pages`` gives the physical page by document where a page was
    asked for.
    """

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...] = ()
    pages: dict[str, int] = field(default_factory=dict)


def look_up(store: Store, query: Query, documents: Sequence[Document]) -> Place:
    """Passages at the place that ``query`` names in ``documents``, in reading order."""
    passages: list[Passage] = []
    pages: dict[str, int] = {}
    for document in documents:
        if query.paragraph is not None:
            passages.extend(_paragraph(store, document, query.paragraph))
            continue
        number = query.pdf_page or _physical(store, document, query.page or "")
        if number is not None:
            pages[document.id] = number
            passages.extend(store.passages_at([document.id], None, number))
    return Place(tuple(documents), tuple(passages), pages)


def preferred(documents: Sequence[Document]) -> list[Document]:
    """``documents`` without editions of which one that is in force is among them."""
    current = {document.designation for document in documents if document.status == "current"}
    return [d for d in documents if d.status == "current" or d.designation not in current]


def _paragraph(store: Store, document: Document, label: str) -> list[Passage]:
    """Passages of the paragraph, whatever the case of its letters."""
    spellings = dict.fromkeys([label, label[0].upper() + label[1:].lower(), label.lower()])
    for spelling in spellings:
        if found := store.passages_at([document.id], spelling, None):
            return found
    return []


def _physical(store: Store, document: Document, label: str) -> int | None:
    """The page that prints ``label``, or the first of a range "19-21"."""
    number = store.page_of_label(document.id, label)
    first, dash, _ = label.partition("-")
    if number is None and dash and first.isdigit():
        number = store.page_of_label(document.id, first)
    return number
