"""Blocks become passages: the units that are embedded, found and shown.

A passage never crosses a heading or a numbered paragraph, holds a list together with the
sentence that introduces it, and never exceeds what the embedding model reads.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.corpus.block import Block
from assistant.corpus.clean import Cleaned, clean, clean_with_offsets
from assistant.corpus.headings import Style
from assistant.corpus.sentences import sentence_ranges
from assistant.types import Part, Passage, PassageKind, Span

Measure = Callable[[str], int]
SMALL = 40  # measure below which unnumbered neighbours under one heading are joined
_BARE_DIVISION = re.compile(
    r"(?:chapter|section|appendix|annex|enclosure|part|subtitle|title)\s*[\dA-Z]{0,5}[.:]?",
    re.IGNORECASE,
)
HEADINGS_SHOWN = 2  # innermost headings that are embedded with a passage


@dataclass(slots=True)
class _Group:
    """Blocks that belong in one passage as far as they fit."""

    heading: tuple[str, ...]
    heading_spans: list[Span]
    label: str | None
    kind: PassageKind
    blocks: list[Block] = field(default_factory=list)


class PassageMaker:
    """Makes the passages of one document.

    ``measure`` counts what the model reads (its tokens, special ones included);
    ``capacity`` is the most it reads. ``texts`` are the raw page texts by page number.
    """

    def __init__(
        self,
        document_id: str,
        texts: Mapping[int, str],
        measure: Measure,
        capacity: int,
    ) -> None:
        self._document_id = document_id
        self._texts = texts
        self._measure = measure
        self._capacity = capacity
        self._seen: dict[str, int] = {}

    def make(self, blocks: Sequence[Block]) -> list[Passage]:
        """Passages in reading order; every character of ``blocks`` is in exactly one."""
        passages: list[Passage] = []
        for group in self._groups(blocks):
            for passage in self._fill(group, len(passages)):
                passages.append(passage)
        return passages

    def _groups(self, blocks: Sequence[Block]) -> Iterator[_Group]:
        path: list[tuple[Style, str]] = []
        below: Block | None = None  # heading directly above
        pending: list[Span] = []
        group: _Group | None = None
        for block in blocks:
            if block.kind == "heading":
                if group is not None:
                    yield group
                    group = None
                pending.extend(block.spans)
                if block.spans[0].page == 1 and len(self._texts) > 3:
                    continue  # a cover's large type is above everything and says nothing
                text = self._text(block.spans)
                if below is not None and _BARE_DIVISION.fullmatch(path[-1][1]):
                    # "Chapter 2" and the title in the next line are one heading.
                    path[-1] = (path[-1][0], f"{path[-1][1]} {text}")
                    below = None
                    continue
                while path and path[-1][0] <= block.style:
                    path.pop()
                path.append((block.style, text))
                below = block
                continue
            below = None
            heading = tuple(text for _, text in path)
            kind = _passage_kind(block, group)
            if group is None or not self._joins(group, block, kind):
                if group is not None:
                    yield group
                group = _Group(heading, pending, block.label, kind)
                pending = []
            group.blocks.append(block)
        if group is not None:
            yield group
        if pending:  # headings at the very end with nothing below them
            block = Block("text", pending)
            yield _Group((), [], None, "paragraph", [block])

    def _joins(self, group: _Group, block: Block, kind: PassageKind) -> bool:
        if kind != group.kind and not (group.kind == "paragraph" and kind == "list"):
            return False
        if group.label != block.label:
            return False
        if kind == "table" and block.kind != "item":
            # A caption opens a table; what was drawn in a figure comes before its caption.
            return block.kind == "caption" and group.blocks[-1].kind == "text"
        if kind in ("table", "contents") or block.kind == "item":
            if kind == "list":
                group.kind = "list"
            return True
        if block.label is not None and kind != "footnote":
            return True
        if kind in ("footnote", "glossary"):
            return kind == "glossary" and len(self._text(block.spans)) < 60
        if group.kind == "list":
            return False
        size = sum(self._measure(self._text(b.spans)) for b in group.blocks)
        return size < SMALL

    def _fill(self, group: _Group, order: int) -> Iterator[Passage]:
        """Split ``group`` into passages that fit, with its lead-in carried along."""
        context = " - ".join(group.heading[-HEADINGS_SHOWN:])
        lead_in = self._lead_in(group)
        room = self._capacity - self._measure(context)
        parts: list[Part] = []
        used = 0
        first = True
        for part in self._pieces(group, min(room, self._capacity - 40)):
            size = self._measure(self._text(part.spans))
            if parts and used + size > room:
                yield self._passage(group, parts, first, lead_in, order)
                order += 1
                first, parts = False, []
                used = self._measure(self._text(lead_in)) if part.kind == "item" else 0
                if used + size > room:
                    lead_in, used = (), 0
            parts.append(part)
            used += size
        if parts:
            yield self._passage(group, parts, first, lead_in, order)

    def _lead_in(self, group: _Group) -> tuple[Span, ...]:
        """The last sentence before the first item, which says what is listed."""
        before: Block | None = None
        for block in group.blocks:
            if block.kind == "item":
                break
            before = block
        if before is None or all(block.kind != "item" for block in group.blocks):
            return ()
        pieces = list(self._sentences(before.spans[-1]))
        return (pieces[-1],)

    def _pieces(self, group: _Group, room: int) -> Iterator[Part]:
        for block in group.blocks:
            kind = "item" if block.kind == "item" else "text"
            if self._measure(self._text(block.spans)) <= room:
                yield Part(kind, tuple(block.spans))  # type: ignore[arg-type]
                continue
            for span in block.spans:
                for piece in self._split(span, room):
                    yield Part(kind, (piece,))  # type: ignore[arg-type]

    def _split(self, span: Span, room: int) -> Iterator[Span]:
        """``span`` at sentence ends, and where one sentence is too long, between words."""
        start = span.start
        end = start
        for sentence in self._sentences(span):
            if end > start and self._size(span.page, start, sentence.end) > room:
                yield Span(span.page, start, end)
                start = sentence.start
            while self._size(span.page, start, sentence.end) > room:
                cut = self._fitting_cut(span.page, start, sentence.end, room)
                yield Span(span.page, start, cut)
                start = cut
            end = sentence.end
        if span.end > start:
            yield Span(span.page, start, span.end)

    def _fitting_cut(self, page: int, start: int, end: int, room: int) -> int:
        low, high = start + 1, end
        while low < high:  # the longest beginning that fits
            middle = (low + high + 1) // 2
            if self._size(page, start, middle) <= room:
                low = middle
            else:
                high = middle - 1
        text = self._texts[page]
        blank = max(text.rfind(mark, start + 1, low) for mark in " \n")
        return blank + 1 if blank > start else low

    def _size(self, page: int, start: int, end: int) -> int:
        return self._measure(clean(self._texts[page][start:end]))

    def _sentences(self, span: Span) -> Iterator[Span]:
        cleaned = self._clean(span)
        for start, end in sentence_ranges(cleaned.text):
            low, high = cleaned.raw_range(start, end)
            yield Span(span.page, low, high)

    def _clean(self, span: Span) -> Cleaned:
        raw = self._texts[span.page][span.start : span.end]
        return clean_with_offsets(raw, span.start)

    def _text(self, spans: Sequence[Span]) -> str:
        return " ".join(self._clean(span).text for span in spans)

    def _passage(
        self,
        group: _Group,
        parts: Sequence[Part],
        first: bool,
        lead_in: tuple[Span, ...],
        order: int,
    ) -> Passage:
        spans = [span for part in parts for span in part.spans]
        text = "\n".join(self._text(part.spans) for part in parts)
        carried = lead_in if not first and parts[0].kind == "item" else ()
        kind = group.kind
        if kind == "list" and all(part.kind == "text" for part in parts):
            kind = "paragraph"
        key = "\0".join([self._document_id, group.label or "", *group.heading, text])
        digest = hashlib.sha256(key.encode()).hexdigest()[:24]
        repeat = self._seen[digest] = self._seen.get(digest, 0) + 1
        assert spans  # a part has at least one span
        return Passage(
            id=digest if repeat == 1 else f"{digest}-{repeat}",
            document_id=self._document_id,
            heading=group.heading,
            paragraph=group.label,
            kind=kind,
            parts=tuple(parts),
            text=text,
            heading_spans=tuple(group.heading_spans) if first else (),
            lead_in=carried,
            order=order,
        )


def embedded_text(passage: Passage, lead_in: str = "") -> str:
    """What the model reads of a passage: its innermost headings, lead-in and text."""
    context = " - ".join(passage.heading[-HEADINGS_SHOWN:])
    return "\n".join(piece for piece in (context, lead_in, passage.text) if piece)


def _passage_kind(block: Block, group: _Group | None) -> PassageKind:
    if block.kind in ("footnote", "contents"):
        return block.kind
    if block.kind == "caption":
        return "table"
    if block.table:
        return "table"
    if block.glossary:
        return "glossary"
    return "list" if block.kind == "item" else "paragraph"
