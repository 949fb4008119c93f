"""What stands at places of the stored pages: their cleaned text, and its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.corpus.clean import clean_with_offsets
from assistant.corpus.sentences import sentence_ranges
from assistant.types import Page, Span

Spans = tuple[Span, ...]

_LABEL = re.compile(
    r"^((?:[A-Z]|\d{1,2})-\d{1,3}|[A-Z]{0,2}\d{1,2}(?:\.[A-Z]?\d{1,2})+|[a-z]|\d{1,2})\.?\s+(?=\S)"
)


class Pages(Protocol):
    """Where pages are read from."""

    def page(self, document_id: str, number: int) -> Page | None:
        """A page, or None where it has no text or does not exist."""


class Wording:
    """Reads stored pages at spans."""

    def __init__(self, store: Pages) -> None:
        self._store = store

    def text(self, document_id: str, spans: Sequence[Span]) -> str:
        """The cleaned text of ``spans``, one after the other."""
        pieces = [
            clean_with_offsets(self._raw(document_id, span), span.start).text.strip()
            for span in spans
        ]
        return " ".join(piece for piece in pieces if piece)

    def sentences(
        self, document_id: str, spans: Sequence[Span], paragraph: str | None = None
    ) -> list[Spans]:
        """The spans of each sentence; one that runs over a page has two.

        The label of ``paragraph`` is left out where it stands before the first sentence.
        """
        text = ""
        places: list[tuple[int, int]] = []  # (which span, offset) of each character
        for which, span in enumerate(spans):
            cleaned = clean_with_offsets(self._raw(document_id, span), span.start)
            if text and cleaned.text:
                text += " "
                places.append((which, cleaned.offsets[0]))
            text += cleaned.text
            places.extend((which, offset) for offset in cleaned.offsets)
        found: list[Spans] = []
        for start, end in sentence_ranges(text):
            if not found and paragraph is not None:
                start += _label_length(text[start:end], paragraph)
            found.append(_spans(places[start:end], spans))
        return found

    def _raw(self, document_id: str, span: Span) -> str:
        page = self._store.page(document_id, span.page)
        return page.text[span.start : span.end] if page else ""


def _label_length(sentence: str, paragraph: str) -> int:
    """Length of the label that opens ``sentence``, where it is that of ``paragraph``.

    "1.5 million soldiers" and "A. Smith" open with what only looks like one.
    """
    label = _LABEL.match(sentence)
    if label is None or not f".{paragraph}".endswith(f".{label.group(1)}"):
        return 0
    return label.end()


def _spans(places: Sequence[tuple[int, int]], spans: Sequence[Span]) -> Spans:
    """The least that covers ``places``, one span for each of ``spans`` that they lie in."""
    covered: dict[int, Span] = {}
    for which, offset in places:
        known = covered.get(which)
        start = known.start if known else offset
        covered[which] = Span(spans[which].page, start, offset + 1)
    return tuple(covered.values())
