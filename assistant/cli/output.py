"""What the commands print: JSON with the fields that docs/cli.md names, or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from assistant.answer.llm_status import LlmStatus
from assistant.answer.render import answer_text, edition
from assistant.index.report import BuildReport, DocumentReport
from assistant.index.status import IndexStatus
from assistant.types import Answer, Hit

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def index_json(report: BuildReport) -> dict[str, Any]:
    """What a build did."""
    return {
        "documents": [_report_json(document) for document in report.documents],
        "removed": list(report.removed),
        "embedded": report.embedded,
        "passages": report.passages,
        "index": report.fingerprint,
        "rebuilt": report.rebuilt,
        "rebuild_reason": report.rebuild_reason,
        "seconds": round(report.seconds, 2),
    }


def _report_json(report: DocumentReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "state": report.state,
        "pages": report.pages,
        "indexed_pages": report.indexed_pages,
        "passages": report.passages,
        "unread": [{"pdf_page": page, "reason": reason} for page, reason in report.unread],
        "reason": report.reason,
    }


def status_json(status: IndexStatus, model: LlmStatus | None = None) -> dict[str, Any]:
    """What is indexed, and the language model where one is configured."""
    return {
        "workspace": str(status.workspace),
        "up_to_date": status.up_to_date,
        "problem": status.problem,
        "index": status.summary.fingerprint if status.summary else None,
        "built": status.summary.built.isoformat() if status.summary else None,
        "model": status.summary.model if status.summary else None,
        "pages": status.summary.pages if status.summary else 0,
        "passages": status.summary.passages if status.summary else 0,
        "documents": [
            {
                "file": d.file,
                "designation": d.designation,
                "title": d.title,
                "edition": d.edition.isoformat() if d.edition else None,
                "status": d.status,
                "superseded_by": d.superseded_by,
                "pages": d.page_count,
            }
            for d in status.documents
        ],
        "not_indexed": [_report_json(report) for report in status.incomplete],
        "llm": None if model is None else asdict(model),
    }


def print_answer(answer: Answer) -> None:
    """Statements with marks and their citations, or why there are none."""
    if answer.standalone:
        say(f"Searched for: {answer.standalone}\n")
    say(answer_text(answer))


def print_index_report(report: BuildReport) -> None:
    """One line a document, then what was refused and why, then the sum."""
    if report.rebuild_reason:
        say(f"Built anew: {report.rebuild_reason}.")
    for document in report.documents:
        if document.state == "refused" and not document.pages:
            continue
        say(
            f"{document.state:9}  {document.pages:5} pages = {document.indexed_pages} indexed"
            f" + {len(document.unread)} not read, {document.passages:5} passages"
            f"  {document.file}"
        )
    for file in report.removed:
        say(f"removed    {file}")
    print_incomplete([d for d in report.documents if d.reason or d.unread])
    pages = sum(document.indexed_pages for document in report.documents)
    say(
        f"{sum(d.indexed_pages > 0 for d in report.documents)} documents, {pages} pages, "
        f"{report.passages} passages; {report.embedded} embedded in {report.seconds:.1f} s."
    )


def print_incomplete(reports: Sequence[DocumentReport]) -> None:
    """What was refused or gave no text, with the reason."""
    for report in reports:
        if report.reason:
            say(f"refused    {report.reason}")
        by_reason: dict[str, list[int]] = {}
        for page, reason in report.unread:
            by_reason.setdefault(reason, []).append(page)
        for reason, pages in by_reason.items():
            say(f"not read   {report.file} PDF p. {page_ranges(pages)}: {reason}")


def page_ranges(pages: Sequence[int]) -> str:
    """``1-3, 7`` for 1, 2, 3, 7."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ", ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in ranges)


def print_status(status: IndexStatus, model: LlmStatus | None = None) -> None:
    """What is indexed, and what to do where something is not."""
    say(f"Workspace {status.workspace}")
    if status.summary:
        summary = status.summary
        say(
            f"Index {summary.fingerprint} built {summary.built:%Y-%m-%d %H:%M} UTC: "
            f"{summary.documents} documents, {summary.pages} pages, {summary.passages} passages"
        )
        say(f"Embedding model {summary.model}")
    for document in status.documents:
        mark = "" if document.status == "current" else f"  [{document.status}]"
        say(f"  {edition(document)}: {document.title}{mark}  {document.file}")
    print_incomplete(status.incomplete)
    say(status.problem or "Up to date.")
    if model is not None:
        name = f"Language model {model.model} at {model.base_url}"
        say(f"{name}: ready" if model.ready else f"{name} does not answer: {model.problem}")


def print_hits(hits: Sequence[Hit]) -> None:
    """Each passage with its place."""
    for hit in hits:
        place = f"p. {hit.label}" if hit.label else f"PDF p. {hit.page}"
        paragraph = f", para {hit.passage.paragraph}" if hit.passage.paragraph else ""
        say(f"{hit.rank}. {edition(hit.document)}{paragraph}, {place}")
        say("   " + hit.passage.text.replace("\n", "\n   ") + "\n")


def say(text: str) -> None:
    """Print without the control characters that file names and PDFs can smuggle in."""
    click.echo(_CONTROL.sub("\ufffd", text))
