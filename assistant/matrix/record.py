"""The matrix as the JSON that ``assistant matrix --json`` writes, and that is judged."""

from __future__ import annotations

from typing import Any

from assistant.answer.styles import doctrine
from assistant.matrix.values import Cell, Matrix, Row
from assistant.types import Citation, Document


def matrix_record(matrix: Matrix) -> dict[str, Any]:
    """``matrix`` in plain values."""
    return {
        "report": _document(matrix.report),
        "made": matrix.made.isoformat(timespec="seconds"),
        "index": matrix.index,
        "rows": [_row(row) for row in matrix.rows],
        "sources": [_document(document) for document in matrix.sources],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "recommendation": row.text,
        "citations": [_citation(citation) for citation in row.citations],
        "cells": [_cell(cell) for cell in row.cells],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "file": citation.document.file,
        "citation": doctrine(citation),
        "paragraph": citation.paragraph,
        "printed_page": citation.printed_page,
        "pdf_page": citation.pdf_page,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "status": citation.status,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    excerpt = cell.excerpt
    return {
        "id": excerpt.id,
        "file": excerpt.document.file,
        "citation": doctrine(excerpt),
        "heading": list(excerpt.heading),
        "paragraph": excerpt.paragraph,
        "printed_page": excerpt.printed_page,
        "pdf_page": excerpt.pdf_page,
        "pages": sorted({span.page for span in excerpt.spans}),
        "quote": excerpt.quote,
        "confidence": cell.confidence,
        "matters": list(cell.matters),
        "note": cell.note,
        "origin": cell.origin,
        "reviewed": cell.reviewed,
        "changed": cell.changed,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "file": document.file,
        "designation": document.designation,
        "title": document.title,
        "edition": document.edition.isoformat() if document.edition else None,
        "status": document.status,
        "marking": document.marking,
        "url": document.url,
    }
