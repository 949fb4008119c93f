"""A selection of excerpts as a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

from assistant.errors import UsageError
from assistant.excerpts.selection import Selection
from assistant.export.markdown import markdown
from assistant.export.paper import Paper, make_paper
from assistant.export.selection_content import selection_content
from assistant.export.selection_json import selection_json
from assistant.export.selection_table import selection_csv

Format = Literal["docx", "md", "csv", "xlsx", "json", "bib", "ris", "pdf"]

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_LONGEST: Final = 60  # characters of a selection's name that its file has
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|conin|conout|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileType:
    """The ending of a file's name, with its dot, and its media type."""

    suffix: str
    media_type: str


FORMATS: Final[Mapping[Format, FileType]] = MappingProxyType(
    {
        "docx": FileType(".docx", f"{_OFFICE}.wordprocessingml.document"),
        "md": FileType(".md", "text/markdown; charset=utf-8"),
        "csv": FileType(".csv", "text/csv; charset=utf-8; header=present"),
        "xlsx": FileType(".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
        "json": FileType(".json", "application/json"),
        "bib": FileType(".bib", "application/x-bibtex; charset=utf-8"),
        "ris": FileType(".ris", "application/x-research-info-systems; charset=utf-8"),
        "pdf": FileType(".pdf", "application/pdf"),
    }
)
assert tuple(FORMATS) == get_args(Format)


def export_selection(
    selection: Selection, format: str, *, style: str = "doctrine", corpus: Path
) -> bytes:
    """``selection`` as the content of a file.

    Args:
        selection: What to export.
        format: One of ``FORMATS``.
        style: How places are cited: one of ``assistant.answer.styles.STYLES``.
        corpus: The folder of the documents; only ``pdf`` reads it.

    Raises:
        UsageError: There is no such format or style, or the selection is empty.
        DocumentError: For ``pdf``, a document is gone, changed or cannot be copied from.
    """
    kind = next((name for name in FORMATS if name == format), None)
    if kind is None:
        raise UsageError(f"There is no format {format}; choose one of {', '.join(FORMATS)}.")
    return _written(make_paper(selection, style), kind, selection, corpus)


def format_of(path: Path) -> Format:
    """The format that the ending of a file's name stands for; raises UsageError where none."""
    for name, kind in FORMATS.items():
        if path.suffix.lower() == kind.suffix:
            return name
    known = ", ".join(kind.suffix for kind in FORMATS.values())
    raise UsageError(f"{path.name} does not end like a format that can be written: {known}.")


def file_name(selection: Selection, format: Format) -> str:
    """A name for the file that every system takes, made of the words of the selection's name."""
    plain = unicodedata.normalize("NFKC", selection.name)
    stem = re.sub(r"[^\w-]+", "-", plain)[:_LONGEST].strip("-") or "excerpts"
    if _RESERVED.fullmatch(stem):
        stem = f"excerpts-{stem}"
    return stem + FORMATS[format].suffix


def _written(paper: Paper, format: Format, selection: Selection, corpus: Path) -> bytes:
    """The file's content; what takes long to load is loaded for its own format only."""
    match format:
        case "docx":
            from assistant.export.word import word  # noqa: PLC0415

            return word(selection_content(paper), paper.name, paper.marking, paper.made)
        case "md":
            return markdown(selection_content(paper)).encode("utf-8")
        case "csv":
            return selection_csv(paper)
        case "xlsx":
            from assistant.export.selection_workbook import selection_workbook  # noqa: PLC0415

            return selection_workbook(paper)
        case "json":
            return selection_json(paper, selection)
        case "bib":
            from assistant.export.selection_bibtex import selection_bibtex  # noqa: PLC0415

            return selection_bibtex(paper)
        case "ris":
            from assistant.export.selection_ris import selection_ris  # noqa: PLC0415

            return selection_ris(paper)
        case "pdf":
            from assistant.export.selection_pdf import selection_pdf  # noqa: PLC0415

            return selection_pdf(paper, corpus)
