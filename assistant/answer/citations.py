"""Citations: made from spans, verified against the stored page before they are shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.units import Unit
from assistant.corpus.clean import clean
from assistant.index.store import Store
from assistant.types import Citation, Document, Span, Statement

log = logging.getLogger(__name__)


class Citer:
    """Numbers the citations of one answer; the same place gets the same number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._citations: list[Citation] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, in order of their numbers."""
        return tuple(self._citations)

    def cite(self, unit: Unit) -> Statement | None:
        """The unit as a statement with its citations; None where one does not verify."""
        document = unit.hit.document
        found: list[Citation] = []
        for span in merged(unit.spans, self._gap_is_blank(document)):
            citation = self._citation(document, unit.passage.paragraph, span)
            if citation is None or not self._verify(citation, unit):
                log.warning(
                    "dropped a statement from %s page %d: its quote does not verify",
                    document.file,
                    span.page,
                )
                return None
            found.append(citation)
        return Statement(unit.text, tuple(self._number(citation) for citation in found))

    def _citation(
        self, document: Document, paragraph: str | None, span: Span
    ) -> Citation | None:
        page = self._store.page(document.id, span.page)
        if page is None:
            return None
        return Citation(
            number=0,
            document=document,
            paragraph=paragraph,
            printed_page=page.label,
            pdf_page=span.page,
            quote=clean(page.text[span.start : span.end]).strip(),
            start=span.start,
            end=span.end,
            status="superseded" if document.status == "superseded" else "verified",
        )

    def _verify(self, citation: Citation, unit: Unit) -> bool:
        """Whether the page, read anew, holds the quote there, and the quote the words said."""
        page = self._store.page(citation.document.id, citation.pdf_page)
        if page is None or not 0 <= citation.start < citation.end <= len(page.text):
            return False
        if not citation.quote or clean(page.text[citation.start : citation.end]) != citation.quote:
            return False
        said = "".join(unit.text.replace("•", "").split())
        quoted = "".join(citation.quote.replace("•", "").split())
        return unit.kind in ("list", "section") or quoted in said or said in quoted

    def _gap_is_blank(self, document: Document):  # type: ignore[no-untyped-def]
        def blank(page: int, start: int, end: int) -> bool:
            stored = self._store.page(document.id, page)
            return stored is not None and not clean(stored.text[start:end]).strip(" •")

        return blank

    def _number(self, citation: Citation) -> int:
        for known in self._citations:
            if replace(citation, number=known.number) == known:
                return known.number
        number = len(self._citations) + 1
        self._citations.append(replace(citation, number=number))
        return number


def merged(spans: Sequence[Span], blank) -> list[Span]:  # type: ignore[no-untyped-def]
    """``spans`` with neighbours on one page joined where ``blank`` says nothing lies between.

    ``blank(page, start, end)`` tells whether a range of a page shows nothing.
    """
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.page == span.page
            and last.end <= span.start
            and blank(span.page, last.end, span.start)
        ):
            joined[-1] = Span(span.page, last.start, span.end)
        else:
            joined.append(span)
    return joined
