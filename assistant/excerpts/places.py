"""Places of excerpts: their names, what stands there, and how far they reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from assistant.corpus.clean import clean
from assistant.errors import DocumentError
from assistant.index.reader import Index
from assistant.index.sentences import Sentence
from assistant.index.wording import Wording
from assistant.types import Excerpt, Page, Span

MOST_AROUND: Final = 50  # sentences by which an excerpt may be widened on either side
_NAME = re.compile(
    r"^(?P<document>[0-9a-f]{4,64}):(?P<places>\d+\.\d+-\d+(?:\+\d+\.\d+-\d+){0,499})$"
)
_GONE: Final = "There is no such place in the index; search for the excerpt again."


def name_of(document_id: str, spans: Iterable[Span]) -> str:
    """The id of the excerpt at these spans."""
    return f"{document_id}:" + "+".join(f"{s.page}.{s.start}-{s.end}" for s in spans)


class Places:
    """Reads excerpts from one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._wording = Wording(index.store)

    def named(self, name: str) -> Excerpt:
        """The excerpt with this id; raises DocumentError where there is no such place."""
        match = _NAME.match(name)
        document = self._index.documents.get(match["document"]) if match else None
        if match is None or document is None:
            raise DocumentError(_GONE)
        parts = (re.split(r"[.-]", place) for place in match["places"].split("+"))
        spans = tuple(Span(*map(int, part)) for part in parts)
        for span in spans:
            page = self._page(document.id, span.page)
            if page is None or not span.start < span.end <= len(page.text):
                raise DocumentError(_GONE)
        excerpt = self._excerpt(document.id, spans, self._sentences(document.id, spans))
        if not excerpt.quote:
            raise DocumentError(_GONE)
        return excerpt

    def of_sentences(self, sentences: Sequence[Sentence]) -> Excerpt:
        """The excerpt that these sentences of one document make, in reading order."""
        document = sentences[0].document_id
        spans = [span for sentence in sentences for span in sentence.spans]
        return self._excerpt(document, self._joined(document, spans), sentences)

    def of_line(self, page: Page, start: int, end: int) -> Excerpt:
        """The whole lines around characters that belong to no passage, such as a heading."""
        first = max(page.text.rfind(mark, 0, start) for mark in "\r\n") + 1
        ends = [place for mark in "\r\n" if (place := page.text.find(mark, end)) >= 0]
        span = Span(page.number, first, min(ends, default=len(page.text)))
        return self._excerpt(page.document_id, (span,), ())

    def widened(self, excerpt: Excerpt, before: int, after: int) -> Excerpt:
        """``excerpt`` with so many more sentences on either side, or fewer where negative.

        It stays below its heading and keeps one sentence at least. What is no part of a passage
        stays as it is.
        """
        document = excerpt.document.id
        held = self._sentences(document, excerpt.spans)
        if not held:
            return excerpt
        before, after = min(before, MOST_AROUND), min(after, MOST_AROUND)
        first, last = held[0].row - before, held[-1].row + after
        if first > last:  # the last sentence is not taken away
            first = last = min(max(first, held[0].row), held[-1].row)
        chosen = self._index.store.sentences.by_row(range(first, last + 1))
        headings = self._headings(s.passage for s in (held[0], *chosen.values()))
        here = headings[held[0].passage]
        kept = [
            sentence
            for row, sentence in sorted(chosen.items())
            if sentence.document_id == document
            and (headings[sentence.passage] == here or held[0].row <= row <= held[-1].row)
        ]
        kept = _unbroken(kept, held[0].row, held[-1].row) or held
        return replace(self.of_sentences(kept), score=excerpt.score)

    def _excerpt(
        self, document_id: str, spans: tuple[Span, ...], sentences: Sequence[Sentence]
    ) -> Excerpt:
        page = self._page(document_id, spans[0].page)
        heading = self._headings([sentences[0].passage]) if sentences else {}
        return Excerpt(
            id=name_of(document_id, spans),
            document=self._index.documents[document_id],
            heading=next(iter(heading.values()), ()),
            paragraph=sentences[0].paragraph if sentences else None,
            printed_page=page.label if page else None,
            pdf_page=spans[0].page,
            spans=spans,
            quote=self._wording.text(document_id, spans),
        )

    def _joined(self, document_id: str, spans: Sequence[Span]) -> tuple[Span, ...]:
        """``spans`` with neighbours joined that have nothing but blanks or bullets between them."""
        joined: list[Span] = []
        for span in spans:
            last = joined[-1] if joined else None
            if last and last.page == span.page and last.end <= span.start:
                page = self._page(document_id, span.page)
                between = page.text[last.end : span.start] if page else "?"
                if not clean(between).strip(" \u2022"):
                    joined[-1] = Span(span.page, last.start, span.end)
                    continue
            joined.append(span)
        return tuple(joined)

    def _sentences(self, document_id: str, spans: Iterable[Span]) -> list[Sentence]:
        return self._index.store.sentences.at(document_id, spans)

    def _headings(self, passages: Iterable[int]) -> dict[int, tuple[str, ...]]:
        found = self._index.store.passages_by_row(dict.fromkeys(passages))
        return {row: passage.heading for row, passage in found.items()}

    def _page(self, document_id: str, number: int) -> Page | None:
        return self._index.store.page(document_id, number)


def _unbroken(sentences: Sequence[Sentence], first: int, last: int) -> list[Sentence]:
    """The longest run of sentences without a gap that has one of ``first`` to ``last``."""
    runs: list[list[Sentence]] = []
    for sentence in sentences:
        if runs and runs[-1][-1].row == sentence.row - 1:
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    held = [run for run in runs if run[0].row <= last and first <= run[-1].row]
    return max(held, key=len, default=[])
