"""Selections to export: fifty excerpts of the starter corpus, and excerpts of any text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from assistant.excerpts.selection import Selected, Selection
from assistant.index.store import Store
from assistant.index.wording import Wording
from assistant.types import Document, Excerpt, Passage, Span

MADE = datetime(2025, 3, 2, 9, 30, tzinfo=UTC)
ADP = Document(
    "0123456789abcdef",
    "adp/3-0.pdf",
    "5ha",
    "ADP 3-0",
    "Operations",
    publisher="Department of the Army",
    edition=date(2025, 3, 21),
    marking="UNCLASSIFIED",
    distribution="Approved for public release.",
    url="https://armypubs.example/adp3-0?a=1;b=2",
    page_count=90,
)
EXCERPT = Excerpt(
    "0123456789abcdef:31.5-22",
    ADP,
    ("Chapter 2", "Tenets"),
    "2-14",
    "19",
    31,
    (Span(31, 5, 22),),
    "Depth is a tenet.",
)


def selection(*items: Selected, name: str = "Depth and breadth") -> Selection:
    return Selection(name, items, "f00dfeed00112233", MADE)


def fifty(store: Store) -> Selection:
    """Fifty sentences spread over all documents, some over two pages, with notes and repeats."""
    wording = Wording(store)
    found: list[Excerpt] = []
    for document in store.documents():
        for passage in store.passages(document.id):
            if passage.kind not in ("contents", "table") and passage.paragraph != "":
                found += _sentences(store, wording, document, passage)
    crossing = [one for one in found if len(one.spans) > 1][:3]
    unnumbered = [one for one in found if one.paragraph is None][:5]
    rest = [one for one in found if one not in crossing and one not in unnumbered]
    count = 50 - len(crossing) - len(unnumbered)
    spread = [rest[index * len(rest) // count] for index in range(count)]
    chosen = [*crossing, *unnumbered, *spread]
    chosen[9] = replace(chosen[9], repeats=(chosen[40], chosen[41]))
    items = [
        Selected(one, f"Note {number} on {one.document.designation}" if number % 3 else "")
        for number, one in enumerate(chosen, 1)
    ]
    return Selection("Security cooperation: fifty excerpts", tuple(items), "f00dfeed", MADE)


def _sentences(
    store: Store, wording: Wording, document: Document, passage: Passage
) -> list[Excerpt]:
    excerpts = []
    for spans in wording.sentences(document.id, passage.spans, passage.paragraph):
        quote = wording.text(document.id, spans)
        page = store.page(document.id, spans[0].page)
        if len(quote) > 40 and page is not None:
            excerpts.append(
                Excerpt(
                    f"{document.id}:" + "+".join(f"{s.page}.{s.start}-{s.end}" for s in spans),
                    document,
                    passage.heading,
                    passage.paragraph,
                    page.label,
                    spans[0].page,
                    spans,
                    quote,
                )
            )
    return excerpts


def hostile(text: str, *, places: bool = True) -> Selection:
    """A selection with ``text`` wherever a user or a document fills in a value."""
    source = replace(
        ADP,
        file=text,
        designation=text,
        title=text,
        publisher=text,
        marking=text,
        distribution=text,
        url=text,
        status="superseded",
        superseded_by=text,
    )
    where = {"paragraph": text, "printed_page": text} if places else {}
    one = replace(EXCERPT, document=source, heading=(text, text), quote=text, **where)
    other = replace(one, id=text, spans=(Span(32, 0, 9), Span(33, 0, 4)), repeats=(one,))
    items = (Selected(one, text), Selected(other, text, changed=True), Selected(EXCERPT, text))
    return Selection(text, items, text, MADE)
