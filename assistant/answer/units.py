"""What can be said: sentences, definitions, rows, and whole lists with their lead-in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer.sections import Section
from assistant.corpus.clean import clean_with_offsets
from assistant.corpus.sentences import sentence_ranges
from assistant.index.store import Store
from assistant.types import Hit, Part, Passage, Span

_LAST = 1000  # position of a list behind the sentences of its passage
SECTION_WORDS = 220  # words up to which the items of a section are said in full
TITLE_WORDS = 6  # words below which an item's first sentence is only its title
MAX_ITEMS = 40  # items a list may have and still be said as a whole
REACH = 6  # passages to either side in which the rest of a list is looked for
_LABEL = re.compile(
    r"^(?:(?:[A-Z]|\d{1,2})-\d{1,3}\.|[A-Z]{0,2}\d{1,2}(?:\.[A-Z]?\d{1,2})+\.?|[a-z]\.|\d{1,2}\.)\s+"
)
_INTRODUCES = re.compile(r"[:—]$|\b(?:following|as follows|below|these)\b", re.IGNORECASE)
_BULLET = re.compile(r"^(?:•|[–—-]|o(?= ))\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be said as one statement.

    ``text`` is what is shown; ``spans`` is where it stands, in order. ``passages`` are the
    ids of the passages it was taken from.
    """

    kind: Literal["sentence", "list", "row", "section"]
    text: str
    spans: tuple[Span, ...]
    passage: Passage
    hit: Hit
    position: int
    last: int = -1  # position of the last sentence where several were joined
    members: tuple[Unit, ...] = ()  # of a section: what is said in its place, one by one

    def is_followed_by(self, other: Unit) -> bool:
        """Whether ``other`` is the next sentence of the same passage."""
        return (
            self.kind == other.kind == "sentence"
            and self.passage.id == other.passage.id
            and other.position == max(self.position, self.last) + 1
        )

    def joined_with(self, other: Unit) -> Unit:
        """This unit and the next sentence as one."""
        text, spans = f"{self.text} {other.text}", (*self.spans, *other.spans)
        return replace(self, text=text, spans=spans, last=other.position)


class UnitFinder:
    """Finds the units of the passages that were found."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def units(self, hits: Sequence[Hit]) -> list[Unit]:
        """Units of all hits; a list that runs over several passages is given once, whole."""
        found: list[Unit] = []
        seen: set[tuple[str, Span]] = set()
        for hit in hits:
            for unit in self._of_passage(hit):
                key = (hit.document.id, unit.spans[0])
                if key not in seen:
                    seen.add(key)
                    found.append(unit)
        return found

    def section(self, section: Section) -> Unit:
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
                elif part.kind == "text" and not items:
                    before = (hit, part)
        lead_in = self._introduction(before) if before else []
        words = sum(len(self._text(hit.document.id, part.spans).split()) for hit, part in items)
        if words <= SECTION_WORDS:
            pieces = [*(unit.spans for unit in lead_in), *(part.spans for _, part in items)]
            first = replace(section.hit, passage=items[0][0].passage)
            return self._unit("section", first, pieces[:MAX_ITEMS], 0, lead_in=bool(lead_in))
        members = [
            *lead_in,
            *(self._unit("list", hit, [self._beginning(hit, p)], 0) for hit, p in items[:MAX_ITEMS]),
        ]
        return replace(
            self._unit("section", section.hit, [unit.spans for unit in members], 0),
            members=tuple(members),
        )

    def _introduction(self, before: tuple[Hit, Part]) -> list[Unit]:
        """The sentence before a list, where it says that a list follows."""
        hit, part = before
        sentences = list(self._sentence_spans(hit.document.id, part.spans))
        unit = self._unit("sentence", hit, sentences[-1:], 0)
        return [unit] if _INTRODUCES.search(unit.text) else []

    def _beginning(self, hit: Hit, part: Part) -> tuple[Span, ...]:
        """The first sentence of an item, and the second where the first is only a title."""
        sentences = list(self._sentence_spans(hit.document.id, part.spans, keep_label=True))
        first = self._text(hit.document.id, sentences[0])
        short = len(first.split()) < TITLE_WORDS and len(sentences) > 1
        return (*sentences[0], *sentences[1]) if short else sentences[0]

    def _of_passage(self, hit: Hit) -> Iterator[Unit]:
        passage = hit.passage
        if passage.kind == "contents":
            return
        position = 0
        for part in passage.parts:
            if part.kind == "text" and passage.kind != "table":  # a table's text is its caption
                for unit in self._sentences(hit, part, position):
                    position += 1
                    yield unit
            elif part.kind == "item" and passage.kind == "table":
                if position > 0:  # the first row is the header
                    yield self._unit("row", hit, [part.spans], position)
                position += 1
        if passage.kind == "table":
            yield from self._whole_table(hit)
            return
        whole = self._whole_list(hit)
        if whole is not None:
            yield whole

    def _whole_table(self, hit: Hit) -> Iterator[Unit]:
        """All rows below the header, after the caption."""
        parts = hit.passage.parts
        rows = [part.spans for part in parts if part.kind == "item"][1 : MAX_ITEMS + 1]
        if parts[0].kind == "text" and len(rows) >= 2:
            yield self._unit("list", hit, [parts[0].spans, *rows], _LAST, lead_in=True)

    def _sentences(self, hit: Hit, part: Part, position: int) -> Iterator[Unit]:
        """Sentences of a part; one that runs over a page keeps both of its spans."""
        for spans in self._sentence_spans(hit.passage.document_id, part.spans):
            unit = self._unit("sentence", hit, [spans], position)
            if len(unit.text) > 2:
                yield unit
                position += 1

    def _sentence_spans(
        self, document_id: str, spans: Sequence[Span], *, keep_label: bool = False
    ) -> Iterator[tuple[Span, ...]]:
        text, offsets = "", []
        for span in spans:
            cleaned = clean_with_offsets(self._raw(document_id, span), span.start)
            if text:
                text += " "
                offsets.append((span.page, cleaned.offsets[0] if cleaned.offsets else span.start))
            text += cleaned.text
            offsets.extend((span.page, offset) for offset in cleaned.offsets)
        for start, end in sentence_ranges(text):
            label = None if keep_label else _LABEL.match(text[start:end])
            if label and label.end() < end - start:
                start += label.end()
            yield _joined(offsets[start:end])

    def _whole_list(self, hit: Hit) -> Unit | None:
        """The list that the passage holds or continues, with its lead-in."""
        passage = hit.passage
        if not any(part.kind == "item" for part in passage.parts):
            return self._sub_paragraphs(hit)
        around = self._store.neighbours(passage, REACH, REACH)
        here = next(i for i, p in enumerate(around) if p.id == passage.id)
        first = last = here
        while first > 0 and _continues(around[first - 1], around[first]):
            first -= 1
        while last + 1 < len(around) and _continues(around[last], around[last + 1]):
            last += 1
        parts = [part for p in around[first : last + 1] for part in p.parts]
        return self._list_unit(hit, parts)

    def _list_unit(self, hit: Hit, parts: Sequence[Part]) -> Unit | None:
        """The first run of items among ``parts`` and the sentence before it."""
        start = next(i for i, part in enumerate(parts) if part.kind == "item")
        end = start
        while end < len(parts) and parts[end].kind == "item":
            end += 1
        items = [part.spans for part in parts[start:end]][:MAX_ITEMS]
        lead_in: list[tuple[Span, ...]] = []
        if start > 0:
            before = parts[start - 1].spans
            lead_in = list(self._sentence_spans(hit.passage.document_id, before))[-1:]
        return self._unit("list", hit, [*lead_in, *items], _LAST, lead_in=bool(lead_in))

    def _sub_paragraphs(self, hit: Hit) -> Unit | None:
        """Lettered paragraphs below one that introduces them ("The Director:" a. … b. …)."""
        passage = hit.passage
        if passage.paragraph is None or not passage.text.rstrip().endswith((":", "—", "that")):
            return None
        below = f"{passage.paragraph}."
        items: list[tuple[Span, ...]] = []
        for following in self._store.neighbours(passage, 0, MAX_ITEMS)[1:]:
            if not (following.paragraph or "").startswith(below):
                break
            items.extend(part.spans for part in following.parts if part.kind == "text")
        lead_in = list(self._sentence_spans(passage.document_id, passage.parts[-1].spans))
        if not items or not lead_in:
            return None
        return self._unit("list", hit, [lead_in[-1], *items], _LAST, lead_in=True)

    def _unit(
        self,
        kind: Literal["sentence", "list", "row", "section"],
        hit: Hit,
        pieces: Sequence[tuple[Span, ...]],
        position: int,
        *,
        lead_in: bool = False,
    ) -> Unit:
        texts = [self._text(hit.passage.document_id, spans) for spans in pieces]
        if kind in ("list", "section"):
            head = texts[:1] if lead_in else []
            items = texts[1:] if lead_in else texts
            texts = head + [f"• {_BULLET.sub('', text)}" for text in items]
        spans = tuple(span for piece in pieces for span in piece)
        return Unit(kind, "\n".join(texts), spans, hit.passage, hit, position)

    def _text(self, document_id: str, spans: Sequence[Span]) -> str:
        pieces = [
            clean_with_offsets(self._raw(document_id, span), span.start).text.strip()
            for span in spans
        ]
        return " ".join(piece for piece in pieces if piece)

    def _raw(self, document_id: str, span: Span) -> str:
        page = self._store.page(document_id, span.page)
        return page.text[span.start : span.end] if page else ""


def _continues(passage: Passage, following: Passage) -> bool:
    """Whether ``following`` goes on with the list at the end of ``passage``."""
    return (
        passage.parts[-1].kind == "item"
        and following.parts[0].kind == "item"
        and passage.paragraph == following.paragraph
        and passage.heading == following.heading
        and not following.heading_spans
    )


def _joined(places: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Spans that cover (page, offset) places, one per page and ascending run of offsets."""
    spans: list[Span] = []
    for page, offset in places:
        if spans and spans[-1].page == page and spans[-1].start <= offset:
            spans[-1] = Span(page, spans[-1].start, max(spans[-1].end, offset + 1))
        else:
            spans.append(Span(page, offset, offset + 1))
    return tuple(spans)
