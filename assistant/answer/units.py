"""What can be said: sentences, rows, and whole lists with their lead-in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from assistant.answer.lists import ListFinder, Listing
from assistant.answer.sections import Section
from assistant.index.store import Store
from assistant.index.wording import Spans, Wording
from assistant.types import Hit, Part, Passage, Span

SECTION_WORDS: Final = 220  # words up to which the items of a section are said in full
TITLE_WORDS: Final = 6  # words below which an item's first sentence is only its title
LONG_ITEM: Final = 45  # words from which an item is a paragraph, said by its sentences
LIST_WORDS: Final = 150  # words up to which the items of a list are said in full
MAX_ITEMS: Final = 40  # items a list may have and still be said as a whole
_LAST: Final = 1000  # position of a list behind the sentences of its passage
_INTRODUCES = re.compile(r"[:—]$|\b(?:following|as follows|below|these)\b", re.IGNORECASE)
_BULLET = re.compile(r"^(?:•|[–—-]|o(?= ))\s*")

Kind = Literal["sentence", "item", "list", "row", "section"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be said as one statement.

    ``text`` is what is shown, one line for each piece; ``spans`` is where it stands, in
    order. ``position`` orders the units of a passage.
    """

    kind: Kind
    text: str
    spans: Spans
    passage: Passage
    hit: Hit
    position: int
    last: int = -1  # position of the last sentence where several were joined
    members: tuple[Unit, ...] = ()  # of a section: what is said in its place, one by one
    above: Unit | None = None  # the sentence without which this one has no subject

    def is_followed_by(self, other: Unit) -> bool:
        """Whether ``other`` is the next sentence of the same passage."""
        return (
            self.kind == other.kind == "sentence"
            and self.passage.id == other.passage.id
            and other.position == max(self.position, self.last) + 1
        )

    def with_above(self) -> Unit:
        """This unit as it is said: after the sentence that introduces it."""
        if self.above is None:
            return self
        text = f"{self.above.text}\n• {_BULLET.sub('', self.text)}"
        return replace(self, text=text, spans=(*self.above.spans, *self.spans), above=None)

    def joined_with(self, other: Unit) -> Unit:
        """This unit and the next sentence as one."""
        text, spans = f"{self.text} {other.text}", (*self.spans, *other.spans)
        return replace(self, text=text, spans=spans, last=other.position)

    def overlaps(self, other: Unit) -> bool:
        """Whether the two have characters of a page in common."""
        return self.hit.document.id == other.hit.document.id and any(
            a.page == b.page and a.start < b.end and b.start < a.end
            for a in self.spans
            for b in other.spans
        )


class UnitFinder:
    """Finds the units of the passages that were found."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wording = Wording(store)
        self._lists = ListFinder(store, self._wording)

    def units(self, hits: Sequence[Hit]) -> list[Unit]:
        """Units of all hits; a list that runs over several passages is given once, whole."""
        found: list[Unit] = []
        seen: set[tuple[str, Spans]] = set()
        for hit in hits:
            for unit in self._of_passage(hit):
                key = (hit.document.id, unit.spans)
                if key not in seen:
                    seen.add(key)
                    found.append(unit)
        return found

    def members(self, section: Section) -> list[Unit]:
        """Each item of the lists of a section by itself, whole unless it is very long."""
        found = []
        for passage in (p for p in section.passages if p.kind == "list"):
            hit = replace(section.hit, passage=passage)
            for position, part in enumerate(passage.parts):
                if part.kind == "item":
                    long = len(self._text(hit, part.spans).split()) > LIST_WORDS
                    spans = self._beginning(hit, part) if long else part.spans
                    found.append(self._unit("list", hit, [spans], position))
        return found

    def section(self, section: Section) -> Unit | None:
        """The items of a section, each a statement of its own, after what introduces them.

        Of items that explain themselves at length only the beginning is said.
        """
        items: list[tuple[Hit, Part]] = []
        before: tuple[Hit, Part] | None = None
        for passage in section.passages:
            hit = replace(section.hit, passage=passage)
            for part in passage.parts:
                if part.kind == "item" and passage.kind == "list":
                    items.append((hit, part))
                elif part.kind == "text" and passage.kind != "footnote" and not items:
                    before = (hit, part)
        items = items[:MAX_ITEMS]
        lead_in = self._introduction(before) if before else []
        words = sum(len(self._text(hit, part.spans).split()) for hit, part in items)
        if words <= SECTION_WORDS:
            pieces = [*(unit.spans for unit in lead_in), *(part.spans for _, part in items)]
            first = replace(section.hit, passage=items[0][0].passage)
            return self._unit("section", first, pieces, 0, lead_in=bool(lead_in))
        members = [
            *lead_in,
            *(
                self._unit("list", hit, [beginning], 0)
                for hit, part in items
                if (beginning := self._beginning(hit, part))
            ),
        ]
        if not members:
            return None
        whole = self._unit("section", section.hit, [unit.spans for unit in members], 0)
        return replace(whole, members=tuple(members))

    def _introduction(self, before: tuple[Hit, Part]) -> list[Unit]:
        """The sentence before a list, where it says that a list follows."""
        hit, part = before
        sentences = self._sentences(hit, part)
        unit = self._unit("sentence", hit, sentences[-1:], 0)
        return [unit] if _INTRODUCES.search(unit.text) else []

    def _beginning(self, hit: Hit, part: Part) -> Spans:
        """The first sentence of an item, and the second where the first is only a title."""
        sentences = self._wording.sentences(hit.document.id, part.spans)
        if len(sentences) > 1 and len(self._text(hit, sentences[0]).split()) < TITLE_WORDS:
            return (*sentences[0], *sentences[1])
        return sentences[0] if sentences else ()

    def _of_passage(self, hit: Hit) -> Iterator[Unit]:
        passage = hit.passage
        if passage.kind == "contents":
            return
        if passage.kind == "table":
            yield from self._of_table(hit)
            return
        if passage.kind == "glossary":
            yield from self._of_glossary(hit)
            return
        whole = self._lists.whole_list(passage)
        above = self._lists.introduction(passage)
        position = 0
        for part in passage.parts:
            position += 1  # sentences before and after an item do not follow each other
            if part.kind == "item" and len(self._text(hit, part.spans).split()) < LONG_ITEM:
                yield self._item(hit, part, whole, position)
                continue
            for spans in self._sentences(hit, part):
                unit = self._unit("sentence", hit, [spans], position)
                if above:
                    unit = replace(unit, above=self._unit("sentence", hit, [above], 0))
                # What only announces a list says nothing without it.
                if len(unit.text) > 2 and not (whole and _announces(unit, whole)):
                    yield unit
                position += 1
        if whole is not None:
            yield self._listed(hit, whole)

    def _item(self, hit: Hit, part: Part, whole: Listing | None, position: int) -> Unit:
        """One item of a list, after the sentence that leads in."""
        lead_in = [whole.lead_in] if whole and whole.lead_in and part.spans in whole.items else []
        return self._unit("item", hit, [*lead_in, part.spans], position, lead_in=bool(lead_in))

    def _of_glossary(self, hit: Hit) -> Iterator[Unit]:
        """Each entry by itself: terms that stand in alphabetical order are not one list."""
        for position, part in enumerate(hit.passage.parts):
            # Apart, so that neighbours are not taken for sentences that follow each other.
            yield self._unit("row", hit, [part.spans], position)

    def _of_table(self, hit: Hit) -> Iterator[Unit]:
        """Each row below the header, and all of them after the caption."""
        table = self._lists.table(hit.passage)
        for position, spans in enumerate(table.items, start=1):
            yield self._unit("row", hit, [spans], position)
        if table.lead_in and len(table.items) >= 2:
            yield self._listed(hit, table)

    def _listed(self, hit: Hit, listing: Listing) -> Unit:
        items = listing.items[:MAX_ITEMS]
        if sum(len(self._text(hit, spans).split()) for spans in items) > LIST_WORDS:
            beginnings = (self._beginning(hit, Part("item", spans)) for spans in items)
            items = tuple(spans for spans in beginnings if spans)
        pieces = [*([listing.lead_in] if listing.lead_in else []), *items]
        return self._unit("list", hit, pieces, _LAST, lead_in=bool(listing.lead_in))

    def _sentences(self, hit: Hit, part: Part) -> list[Spans]:
        return self._wording.sentences(hit.document.id, part.spans, hit.passage.paragraph)

    def _unit(
        self,
        kind: Kind,
        hit: Hit,
        pieces: Sequence[Spans],
        position: int,
        *,
        lead_in: bool = False,
    ) -> Unit:
        texts = [self._text(hit, spans) for spans in pieces]
        if kind in ("item", "list", "section"):
            head = texts[:1] if lead_in else []
            items = texts[1:] if lead_in else texts
            texts = head + [f"• {_BULLET.sub('', text)}" for text in items]
        spans: list[Span] = [span for piece in pieces for span in piece]
        return Unit(kind, "\n".join(texts), tuple(spans), hit.passage, hit, position)

    def _text(self, hit: Hit, spans: Sequence[Span]) -> str:
        return self._wording.text(hit.document.id, spans)


def _announces(unit: Unit, listing: Listing) -> bool:
    """Whether the sentence is the lead-in of the list and ends by announcing it."""
    return unit.spans == listing.lead_in and unit.text.endswith((":", "—"))
