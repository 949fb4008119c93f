"""An answer as JSON, with the fields that docs/cli.md names."""

from __future__ import annotations

from typing import Any

from assistant.types import Answer, Citation, Hit, Statement


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as ``ask --json`` prints it."""
    return {
        "question": answer.question,
        "standalone": answer.standalone,
        "searched": answer.searched,
        "mode": answer.mode,
        "model": answer.model,
        "prompt": answer.prompt,
        "fallback": answer.fallback,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": answer.confidence,
        "evidence": dict(answer.evidence),
        "statements": [statement_json(statement) for statement in answer.statements],
        "citations": [citation_json(c) for c in answer.citations],
        "hits": [hit_json(hit) for hit in answer.hits],
        "notes": list(answer.notes),
        "seconds": dict(answer.seconds),
        "index": answer.index,
    }


def statement_json(statement: Statement) -> dict[str, Any]:
    """One statement; one that is not ``supported`` has no citations and is nothing to rely on."""
    return {
        "text": statement.text,
        "citations": list(statement.citations),
        "support": round(statement.support, 4),
        "supported": statement.supported,
        "problem": statement.problem,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """One citation; ``start`` and ``end`` are offsets in PDFium's text of the page."""
    document = citation.document
    return {
        "n": citation.number,
        "file": document.file,
        "document": document.id,
        "designation": document.designation,
        "title": document.title,
        "edition": document.edition.isoformat() if document.edition else None,
        "paragraph": citation.paragraph,
        "printed_page": citation.printed_page,
        "pdf_page": citation.pdf_page,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "status": citation.status,
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """One passage that was found."""
    return {
        "rank": hit.rank,
        "file": hit.document.file,
        "document": hit.document.id,
        "pdf_page": hit.page,
        "printed_page": hit.label,
        "paragraph": hit.passage.paragraph,
        "score": round(hit.score, 6),
        "text": hit.passage.text,
        "spans": [
            {"pdf_page": span.page, "start": span.start, "end": span.end}
            for span in hit.passage.spans
        ],
    }
