"""The passages that a model is given: chosen, numbered, and fitted into its context window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.planted import is_order_to_a_model
from assistant.answer.prompt import Rendered
from assistant.answer.render import hit_name
from assistant.answer.support import Evidence
from assistant.answer.units import Unit
from assistant.index.store import Store
from assistant.index.wording import Spans, Wording
from assistant.types import Hit, Passage

MOST: Final = 10  # passages that a model is given
HEADINGS: Final = 2  # innermost headings that are shown with a passage

# What could be taken for a marker of ours, or for the end of a passage.
_MARKER = re.compile(r"[\[【]\s*([^\[\]【】]{0,40}?\d[^\[\]【】]{0,40}?)\s*[\]】]")
_BRACKETS = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class Source:
    """A passage under its ``number``; ``spans`` says where each sentence of ``evidence`` stands.

    ``planted``: sentences of it that speak to a model were left out.
    """

    number: int
    hit: Hit
    evidence: Evidence
    spans: tuple[Spans, ...]
    planted: bool = False

    @property
    def text(self) -> str:
        """The passage as the model reads it: nothing in it can end it or pass for a marker."""
        name = _harmless(hit_name(self.hit)).replace('"', "'")
        heading = " › ".join(self.hit.passage.heading[-HEADINGS:])
        above = f"{_harmless(heading)}\n" if heading else ""
        body = f"{above}{_harmless(self.evidence.text)}"
        return f'<passage number="{self.number}" source="{name}">\n{body}\n</passage>'


def rendered(sources: Sequence[Source]) -> Rendered:
    """All passages as they stand in the prompt."""
    return Rendered("\n".join(source.text for source in sources))


class SourceFinder:
    """Chooses what a model is given to answer from."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wording = Wording(store)

    def sources(self, units: Sequence[Unit], hits: Sequence[Hit], room: int) -> tuple[Source, ...]:
        """At most ``MOST`` passages that fit into ``room`` characters together.

        First those that hold ``units``, the extractive answer, then ``hits`` in their order. The
        first one is given even where it does not fit, so that the model's own limit decides.
        """
        found: list[Source] = []
        for hit in self._in_order(units, hits):
            source = self._source(len(found) + 1, hit)
            if not source.evidence.sentences:
                continue
            room -= len(source.text) + 1
            if found and (len(found) == MOST or room < 0):
                break
            found.append(source)
        return tuple(found)

    def _in_order(self, units: Sequence[Unit], hits: Sequence[Hit]) -> Iterator[Hit]:
        held = (
            Hit(passage, unit.hit.document, self._label(passage), unit.hit.score, unit.hit.rank)
            for unit in units
            for passage in self._holding(unit)
        )
        seen: set[str] = set()
        for hit in (*held, *hits):
            if hit.passage.id not in seen and hit.passage.kind != "contents":
                seen.add(hit.passage.id)
                yield hit

    def _label(self, passage: Passage) -> str | None:
        page = self._store.page(passage.document_id, passage.spans[0].page)
        return page.label if page else None

    def _holding(self, unit: Unit) -> list[Passage]:
        """The passages in which the spans of a unit lie: a list may run over several."""
        found: dict[str, Passage] = {}
        for span in unit.spans:
            for passage in self._store.passages_at([unit.hit.document.id], None, span.page):
                if any(
                    s.page == span.page and s.start < span.end and span.start < s.end
                    for s in passage.spans
                ):
                    found[passage.id] = passage
        return list(found.values())

    def _source(self, number: int, hit: Hit) -> Source:
        """The passage, its lead-in first, without what it says to models."""
        passage, document = hit.passage, hit.document
        lead_in = [passage.lead_in] if passage.lead_in else []
        text, ranges, places, planted = "", list[tuple[int, int]](), list[Spans](), False
        for part in [*lead_in, *(part.spans for part in passage.parts)]:
            text += "\n" if text and not text.endswith("\n") else ""
            for spans in self._wording.sentences(document.id, part, passage.paragraph):
                sentence = self._wording.text(document.id, spans)
                if is_order_to_a_model(sentence):
                    planted = True
                    continue
                text += " " if text and not text.endswith("\n") else ""
                ranges.append((len(text), len(text) + len(sentence)))
                places.append(spans)
                text += sentence
        name = f"{document.designation} {document.title}"
        evidence = Evidence(text, tuple(ranges), passage.heading, name)
        return Source(number, hit, evidence, tuple(places), planted)


def _harmless(text: str) -> str:
    return _MARKER.sub(r"(\1)", text.translate(_BRACKETS))
