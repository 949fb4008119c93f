"""Draft gold questions: answers of the chat that an evaluator is asked to review.

A draft is a line of the gold schema with one more field, ``draft``, which no gold file may
have: to accept it, an evaluator corrects the line, takes ``draft`` away and moves it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assistant.answer.kind import answer_kind
from assistant.answer.quantity import asked_quantity
from assistant.eval.gold import Evidence, GoldQuestion, Kind
from assistant.eval.lines import add_line, cleaned
from assistant.types import Answer, Citation

DRAFTS: Final = "drafts.jsonl"
MOST_NOTE: Final = 2000
_LENGTH: Final = 12


def save_draft(evaluation: Path, answer: Answer, note: str | None = None) -> bool:
    """Add ``answer`` to the drafts below ``evaluation``; False where it is there already.

    Raises UsageError where the note is too long or the file cannot be written.
    """
    draft = {
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "fingerprint": answer.index,
        "answered": not answer.abstained,
        "confidence": answer.confidence,
        "note": cleaned(note, MOST_NOTE),
    }
    question = draft_question(answer).model_dump(mode="json", exclude={"history"})
    return add_line(evaluation / DRAFTS, {**question, "draft": draft})


def draft_question(answer: Answer) -> GoldQuestion:
    """The gold question that ``answer`` would be the reference of; each citation is a group."""
    return GoldQuestion(
        id=f"draft-{_digest(answer)}",
        question=answer.question,
        kind=_kind(answer),
        answerable=not answer.abstained,
        evidence=tuple(map(_evidence, answer.citations)),
        answer="\n".join(statement.text for statement in answer.supported),
    )


def _evidence(citation: Citation) -> Evidence:
    return Evidence(
        file=citation.document.file,
        pdf_page=citation.pdf_page,
        printed_page=citation.printed_page or None,
        paragraph=citation.paragraph or None,
        quote=" ".join(citation.quote.split()),
        group=citation.number,
    )


def _kind(answer: Answer) -> Kind:
    """A first guess by the question's wording, for the evaluator to correct."""
    if answer.abstained:
        return "unanswerable"
    wanted = answer_kind(answer.question)
    if wanted.wants_definition and not wanted.wants_list:
        return "definition"
    if wanted.wants_list:
        return "list"
    return "number-or-date" if asked_quantity(answer.question) else "fact"


def _digest(answer: Answer) -> str:
    """The same for the same answer of the same index, so that it is saved once."""
    places = [[c.document.file, c.pdf_page, c.start, c.end] for c in answer.citations]
    parts = json.dumps([answer.question, answer.index, places])
    return hashlib.sha256(parts.encode()).hexdigest()[:_LENGTH]
