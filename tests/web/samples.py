"""Prepared answers over whichever PDFs are at hand, with offsets found in their pages."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import pypdfium2

from assistant.types import Answer, Citation, Document, Part, Span, Statement
from tests.web.fakes import FakeAssistant, answer, citation, document, hit


@lru_cache
def sentences(pdf: Path, wanted: int, start_page: int = 4) -> list[tuple[int, int, int, str]]:
    """Real sentences of a document as (page, start, end, cleaned text)."""
    found: list[tuple[int, int, int, str]] = []
    opened = pypdfium2.PdfDocument(pdf)
    for number in range(start_page, len(opened) + 1):
        text = opened[number - 1].get_textpage().get_text_range()
        for match in re.finditer(r"(?<=[.] )[A-Z][^.\ufffe]{60,400}[.](?=\s)", text):
            cleaned = re.sub(r"\s+", " ", match.group())
            found.append((number, match.start(), match.end(), cleaned))
            if len(found) == wanted:
                return found
    return found


def cited(source: Document, pdf: Path, wanted: int, first: int = 1) -> list[Citation]:
    return [
        citation(
            first + index,
            source,
            paragraph=None if index == 1 else f"2-{index + 3}",
            printed_page=None if index == 2 else str(page - 2),
            pdf_page=page,
            quote=quote,
            start=start,
            end=end,
        )
        for index, (page, start, end, quote) in enumerate(sentences(pdf, wanted))
    ]


def library(folder: Path, files: dict[str, Path]) -> FakeAssistant:
    """A fake over real PDFs: ``files`` names each; they are linked into ``folder``."""
    known = []
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(path)
        known.append(
            document(
                name,
                designation=path.stem.replace("_", " ")[:18].upper(),
                title="Prioritizing Security Cooperation with Highly Capable U.S. Allies",
                edition=date(2022, 3, 1),
                page_count=len(pypdfium2.PdfDocument(path)),
            )
        )
    fake = FakeAssistant(folder=folder, known=known)
    for source, path in zip(known, files.values(), strict=True):
        fake.replies[f"What does {source.designation} say?"] = _reply(source, path)
    return fake


def _reply(source: Document, pdf: Path):
    citations = cited(source, pdf, 4)
    first, second, third, fourth = citations
    statements = (
        Statement(first.quote, (1,)),
        Statement(second.quote, (2, 3)),
        Statement(
            "Two fields of application are named:\n\u2022 "
            + third.quote
            + "\n\u2022 "
            + fourth.quote,
            (3, 4),
        ),
    )
    hits = [
        hit(
            rank,
            source,
            parts=(Part("text", (Span(c.pdf_page, c.start, c.end),)),),
            text=c.quote,
        )
        for rank, c in enumerate(citations, 1)
    ]

    def reply(question: str) -> Answer:
        return answer(question, statements, citations, hits)

    return reply
