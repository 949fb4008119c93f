"""Citations: made from spans, verified against the stored page before they are shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answer.units import Unit
from assistant.corpus.clean import clean
from assistant.index.store import Store
from assistant.index.wording import Wording
from assistant.types import Citation, Document, Page, Passage, Span, Statement

log = logging.getLogger(__name__)

IsBlank = Callable[[int, int, int], bool]  # whether page, start, end shows nothing


@dataclass(frozen=True, slots=True)
class Place:
    """A span and the label of the paragraph that it is cited by."""

    span: Span
    paragraph: str | None


class Citer:
    """Numbers the citations of one answer; the same place gets the same number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wording = Wording(store)
        self._citations: list[Citation] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, in order of their numbers."""
        return tuple(self._citations)

    def cite(self, unit: Unit) -> Statement | None:
        """The unit as a statement with its citations; None where one does not verify."""
        document = unit.hit.document
        places = [self._place(unit, span) for span in unit.spans]
        verified = [place for place in places if place is not None]
        if len(verified) < len(places) or not self._says(unit):
            log.warning(
                "dropped a statement from %s page %d: its quote does not verify",
                document.file,
                unit.spans[0].page if unit.spans else unit.hit.page,
            )
            return None
        joined = merged(verified, lambda *range_: self._is_blank(document, *range_))
        numbers = [self._number(self._citation(document, place)) for place in joined]
        return Statement(unit.text, tuple(dict.fromkeys(numbers)))

    def _place(self, unit: Unit, span: Span) -> Place | None:
        """Where the span is cited; None where the page does not hold what was indexed there.

        Passages were made from the page when it was read. That the page still says the same
        is not a matter of course: files can be damaged, and code can err.
        """
        page = self._page(unit.hit.document, span)
        passages = self._passages(unit.hit.document, span) if page else []
        if page is None or not passages or not all(map(self._is_intact, passages)):
            return None
        quote = _packed(clean(page.text[span.start : span.end]))
        if not quote or quote not in _packed("".join(passage.text for passage in passages)):
            return None
        return Place(span, _paragraph(passages[0], unit.passage))

    def _is_intact(self, passage: Passage) -> bool:
        """Whether the pages hold, where the passage stands, what it was indexed with."""
        texts = (self._wording.text(passage.document_id, part.spans) for part in passage.parts)
        return _packed("".join(texts)) == _packed(passage.text)

    def _says(self, unit: Unit) -> bool:
        """Whether each line of the statement is in what its spans quote, in their order."""
        quoted = ""
        for span in unit.spans:
            page = self._page(unit.hit.document, span)
            quoted += _packed(clean(page.text[span.start : span.end])) if page else ""
        position = 0
        for line in map(_packed, unit.text.split("\n")):
            found = quoted.find(line, position)
            if found < 0:
                return False
            position = found + len(line)
        return bool(quoted)

    def _citation(self, document: Document, place: Place) -> Citation:
        page = self._store.page(document.id, place.span.page)
        assert page is not None  # _place has read it
        return Citation(
            number=0,
            document=document,
            paragraph=place.paragraph,
            printed_page=page.label,
            pdf_page=page.number,
            quote=clean(page.text[place.span.start : place.span.end]).strip(),
            start=place.span.start,
            end=place.span.end,
            status="superseded" if document.status == "superseded" else "verified",
        )

    def _page(self, document: Document, span: Span) -> Page | None:
        """The page of the span, where the span lies in it."""
        page = self._store.page(document.id, span.page)
        inside = page is not None and 0 <= span.start < span.end <= len(page.text)
        return page if inside else None

    def _passages(self, document: Document, span: Span) -> list[Passage]:
        """The passages that the characters of the span were put into, in reading order."""
        return [
            passage
            for passage in self._store.passages_at([document.id], None, span.page)
            if any(
                s.page == span.page and s.start < span.end and span.start < s.end
                for s in passage.spans
            )
        ]

    def _is_blank(self, document: Document, page: int, start: int, end: int) -> bool:
        stored = self._store.page(document.id, page)
        return stored is not None and not clean(stored.text[start:end]).strip(" •")

    def _number(self, citation: Citation) -> int:
        for known in self._citations:
            if replace(citation, number=known.number) == known:
                return known.number
        number = len(self._citations) + 1
        self._citations.append(replace(citation, number=number))
        return number


def merged(places: Sequence[Place], is_blank: IsBlank) -> list[Place]:
    """``places`` with neighbours of one paragraph on one page joined over what is blank."""
    joined: list[Place] = []
    for place in places:
        last, span = joined[-1] if joined else None, place.span
        if (
            last is not None
            and last.paragraph == place.paragraph
            and last.span.page == span.page
            and last.span.end <= span.start
            and is_blank(span.page, last.span.end, span.start)
        ):
            joined[-1] = replace(last, span=Span(span.page, last.span.start, span.end))
        else:
            joined.append(place)
    return joined


def _packed(text: str) -> str:
    """Without blanks and bullets: what must agree however lines and lists are set."""
    return "".join(text.replace("•", "").split())


def _paragraph(passage: Passage, said_from: Passage) -> str | None:
    """Sub-paragraphs are cited by the paragraph that introduces them, where that is said."""
    label, above = passage.paragraph, said_from.paragraph
    if label and above and label.startswith(f"{above}."):
        return above
    return label
