"""The values that cross a stage of the flow corpus → index → retrieve → answer.

Every value is frozen. ``start`` and ``end`` are character offsets into one page's
raw text as PDFium numbers its characters (``FPDFText_GetUnicode``), half open, so a
quote is always ``page.text[start:end]`` and its boxes are PDFium's boxes of that range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["current", "superseded", "rescinded", "draft"]
PassageKind = Literal["paragraph", "list", "table", "footnote", "glossary", "contents"]


@dataclass(frozen=True, slots=True)
class Document:
    """One PDF of the corpus and what is known about it.

    ``file`` is the path below ``corpus/`` with forward slashes; ``id`` is derived from
    it. ``edition`` is None where neither the manifest nor the document names a date.
    """

    id: str
    file: str
    sha256: str
    designation: str
    title: str
    publisher: str | None = None
    edition: date | None = None
    status: Status = "current"
    supersedes: tuple[str, ...] = ()
    superseded_by: str | None = None
    marking: str | None = None
    distribution: str | None = None
    url: str | None = None
    page_count: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One physical page: ``number`` is 1-based, ``label`` what is printed on it or None."""

    document_id: str
    number: int
    label: str | None
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters on one physical page."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A block inside a passage: running text, or one item of a list or row of a table."""

    kind: Literal["text", "item"]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of retrieval that never crosses a heading.

    ``text`` is the cleaned text of ``parts`` in reading order. ``heading`` is the path of
    headings above it; ``heading_spans`` are those heading lines that stand directly before
    it and belong to no earlier passage. ``paragraph`` is the label of the numbered
    paragraph it stands in ("2-14", "1.2.a"), None where the document numbers none.
    ``lead_in`` is the sentence that introduces the list this passage continues, where it
    stands in an earlier passage. ``order`` counts passages through the document.
    """

    id: str
    document_id: str
    heading: tuple[str, ...]
    paragraph: str | None
    kind: PassageKind
    parts: tuple[Part, ...]
    text: str
    heading_spans: tuple[Span, ...] = ()
    lead_in: tuple[Span, ...] = ()
    order: int = 0

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of all parts in reading order."""
        return tuple(span for part in self.parts for span in part.spans)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; ``ranks`` gives its 1-based rank by source."""

    passage: Passage
    document: Document
    label: str | None
    score: float
    rank: int
    ranks: dict[str, int] = field(default_factory=dict)

    @property
    def page(self) -> int:
        """The physical page on which the passage begins."""
        return self.passage.spans[0].page


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands: ``quote`` is the cleaned ``page.text[start:end]``."""

    number: int
    document: Document
    paragraph: str | None
    printed_page: str | None
    pdf_page: int
    quote: str
    start: int
    end: int
    status: Literal["verified", "superseded"] = "verified"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, or one list with its lead-in, and the citations that carry it.

    ``support`` is how well they carry it, between 0 and 1. A statement that they do not carry is
    not ``supported``: it has no citations, ``problem`` says why, and it is nothing to rely on.
    """

    text: str
    citations: tuple[int, ...]
    support: float = 1.0
    supported: bool = True
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to a question, or why it says nothing.

    ``evidence`` names what ``confidence`` was made of, each between 0 and 1. ``seconds`` has
    the keys ``retrieve``, ``answer`` and ``total``; ``index`` is the fingerprint of the index
    that answered. ``standalone`` is a follow-up as a question that stands alone, None where the
    question was asked as it is. ``model`` and ``prompt`` (the templates' hash) say what a
    generative answer was made with; ``fallback`` why an extractive one stands in its place.
    """

    question: str
    searched: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    abstained: bool
    reason: str | None
    confidence: float
    mode: Literal["extractive", "generative"]
    index: str
    seconds: dict[str, float]
    model: str | None = None
    notes: tuple[str, ...] = ()
    evidence: dict[str, float] = field(default_factory=dict)
    standalone: str | None = None
    prompt: str | None = None
    fallback: str | None = None

    @property
    def supported(self) -> tuple[Statement, ...]:
        """The statements that may be copied, exported and relied on."""
        return tuple(statement for statement in self.statements if statement.supported)


@dataclass(frozen=True, slots=True)
class Progress:
    """An answer that a model is writing: what of it was checked, and the ``draft`` of what was not.

    ``standalone`` is as in ``Answer``.
    """

    standalone: str | None = None
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is restricted to; an empty tuple, or None, restricts nothing.

    ``since`` and ``until`` are the first and last date of an edition; a document without a
    date is left out by either. A document without a marking is found by the marking "".
    """

    files: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    publishers: tuple[str, ...] = ()
    markings: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def allow(self, document: Document) -> bool:
        """Whether ``document`` may be searched."""
        edition = document.edition
        return (
            (not self.files or document.file in self.files)
            and (not self.statuses or document.status in self.statuses)
            and (not self.publishers or document.publisher in self.publishers)
            and (not self.markings or (document.marking or "") in self.markings)
            and (self.since is None or (edition is not None and edition >= self.since))
            and (self.until is None or (edition is not None and edition <= self.until))
        )


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Whole sentences of one section of a document, as they stand there.

    ``id`` names its place ("DOCUMENT:12.340-512", ranges of further pages behind a "+") and
    stays the same as long as the document does. ``spans`` has one range for each page, in reading
    order; ``printed_page`` and ``pdf_page`` are where it begins. ``quote`` is the cleaned text of
    ``spans``, and ``matches`` are half-open ranges of characters of it that were searched for.
    ``repeats`` are the places of other documents that say the same in the same words.
    """

    id: str
    document: Document
    heading: tuple[str, ...]
    paragraph: str | None
    printed_page: str | None
    pdf_page: int
    spans: tuple[Span, ...]
    quote: str
    score: float = 1.0
    matches: tuple[tuple[int, int], ...] = ()
    repeats: tuple[Excerpt, ...] = ()
