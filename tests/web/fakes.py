"""An assistant with prepared answers over real PDFs: what the web layer needs, no index."""

from __future__ import annotations

import hashlib
import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2

from assistant.config import Settings
from assistant.errors import DocumentError, QuestionError
from assistant.types import (
    Answer,
    Citation,
    Document,
    Filters,
    Hit,
    Page,
    Part,
    Passage,
    Progress,
    Span,
    Statement,
)
from assistant.workspace import Workspace

PDFIUM = threading.Lock()


@dataclass(frozen=True)
class FakeBox:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class FakeSummary:
    fingerprint: str = "f00dfeed00112233"
    built: datetime = datetime(2025, 11, 22, 8, 15, tzinfo=UTC)
    documents: int = 3
    pages: int = 42
    passages: int = 321
    model: str = "all-MiniLM-L6-v2"


@dataclass
class FakeAssistant:
    """Answers what ``replies`` holds; everything else is an abstention.

    ``pieces`` are what comes of a question before its answer, ``asides`` how the questions
    were asked; ``ended`` are the questions whose request has ended, answered or not.
    """

    folder: Path
    known: list[Document]
    replies: dict[str, Callable[[str], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Filters]] = field(default_factory=list)
    delay: float = 0.0
    pieces: dict[str, Callable[[], Iterator[Progress]]] = field(default_factory=dict)
    asides: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder.parent).with_settings(self.settings)

    @property
    def threshold(self) -> float:
        return 0.35

    def with_settings(self, settings: Settings) -> FakeAssistant:
        return self

    def warm_up(self) -> None:
        pass

    def in_context(self, questions: Sequence[str]) -> tuple[str, ...]:
        return tuple(questions)

    def ask(
        self, question: str, filters: Filters = Filters(), context: Sequence[str] = ()
    ) -> Answer:
        self.asked.append((question, filters))
        time.sleep(self.delay)
        if not question.strip():
            raise QuestionError("Ask a question first.")
        if len(question) > 2000:
            raise QuestionError("A question may be 2,000 characters long.")
        if reply := self.replies.get(question):
            return replace(reply(question), question=question)
        return answer(question, abstained=True, reason="The documents do not mention this.")

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        context: Sequence[str] = (),
        stop: threading.Event | None = None,
        *,
        again: bool = False,
    ) -> Iterator[Progress | Answer]:
        stop = stop or threading.Event()
        self.asides.append((tuple(context), again))
        try:
            for piece in self.pieces.get(question, lambda: iter(()))():
                yield piece
                if stop.is_set():
                    return
            reply = self.ask(question, filters or Filters())
            if not stop.is_set():
                yield reply
        finally:
            self.ended.append(question)

    def documents(self) -> list[Document]:
        return self.known

    def summary(self) -> FakeSummary:
        return FakeSummary()

    def _pdf(self, file: str, number: int) -> pypdfium2.PdfPage:
        if file not in {document.file for document in self.known}:
            raise DocumentError("This document is not in the index.")
        pdf = pypdfium2.PdfDocument(self.folder / file)
        if not 1 <= number <= len(pdf):
            raise DocumentError(f"{file} has no page {number}.")
        return pdf[number - 1]

    def page(self, file: str, number: int) -> Page:
        with PDFIUM:
            text = self._pdf(file, number).get_textpage().get_text_range()
        label = None if number < 3 else str(number - 2)
        return Page(document_id=file, number=number, label=label, text=text)

    def page_picture(self, file: str, number: int, width: int) -> bytes:
        with PDFIUM:
            page = self._pdf(file, number)
            image = page.render(scale=width / page.get_width()).to_pil()
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    def page_boxes(self, file: str, number: int, start: int, end: int) -> list[FakeBox]:
        with PDFIUM:
            page = self._pdf(file, number)
            text = page.get_textpage()
            left, bottom, right, top = page.get_bbox()
            wide, high = right - left, top - bottom
            rects = [text.get_rect(i) for i in range(text.count_rects(start, end - start))]
        return [
            FakeBox((x0 - left) / wide, (top - y1) / high, (x1 - left) / wide, (top - y0) / high)
            for x0, y0, x1, y1 in rects
        ]


def document(file: str, **known: Any) -> Document:
    facts: dict[str, Any] = {
        "designation": Path(file).stem,
        "title": "A document",
        "edition": date(2025, 3, 21),
        "page_count": 10,
    }
    facts.update(known)
    return Document(id=file, file=file, sha256=hashlib.sha256(file.encode()).hexdigest(), **facts)


def citation(number: int, source: Document, **known: Any) -> Citation:
    facts: dict[str, Any] = {
        "paragraph": "2-14",
        "printed_page": "19",
        "pdf_page": 31,
        "quote": "Commanders plan with allies.",
        "start": 0,
        "end": 28,
    }
    facts.update(known)
    return Citation(number=number, document=source, **facts)


def hit(rank: int, source: Document, **known: Any) -> Hit:
    facts: dict[str, Any] = {
        "heading": ("Chapter 2", "Planning"),
        "paragraph": "2-3",
        "kind": "paragraph",
        "parts": (Part("text", (Span(4, 0, 40),)),),
        "text": "A passage that came near the question.",
    }
    facts.update(known)
    passage = Passage(id=f"passage-{rank}", document_id=source.id, **facts)
    return Hit(passage=passage, document=source, label="2", score=1 / rank, rank=rank)


def answer(
    question: str = "",
    statements: Iterable[Statement] = (),
    citations: Iterable[Citation] = (),
    hits: Iterable[Hit] = (),
    abstained: bool = False,
    reason: str | None = None,
    **known: Any,
) -> Answer:
    return Answer(
        question=question,
        searched=question,
        statements=tuple(statements),
        citations=tuple(citations),
        hits=tuple(hits),
        abstained=abstained,
        reason=reason,
        confidence=0.1 if abstained else 0.9,
        **{
            "mode": "extractive",
            "index": FakeSummary.fingerprint,
            "seconds": {"retrieve": 0.05, "answer": 0.1, "total": 0.15},
            **known,
        },
    )
