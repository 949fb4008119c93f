"""Fifty excerpts of the starter corpus: independent readers find all of them in every format."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from assistant.answer.styles import STYLES
from assistant.excerpts.selection import Selection
from assistant.export.selection import FORMATS, export_selection
from assistant.workspace import Workspace
from tests.export.readers import READERS, Read

FORMAT = pytest.mark.parametrize("format", FORMATS)


def expected(selection: Selection, style: str) -> list[Read]:
    return [
        Read(
            item.excerpt.quote,
            STYLES[style](item.excerpt),  # type: ignore[index]
            item.note,
            item.excerpt.document.file,
            item.excerpt.printed_page or "",
            str(item.excerpt.pdf_page),
            item.excerpt.paragraph or "",
            "; ".join(f"{s.page}:{s.start}-{s.end}" for s in item.excerpt.spans),
            len(item.excerpt.repeats),
        )
        for item in selection.items
    ]


def test_the_sample_is_worth_the_name(fifty: Selection) -> None:
    excerpts = [item.excerpt for item in fifty.items]
    assert len({excerpt.id for excerpt in excerpts}) == 50
    assert len({excerpt.document.file for excerpt in excerpts}) == 4
    assert any(len(excerpt.spans) > 1 for excerpt in excerpts)
    assert any(excerpt.paragraph is None for excerpt in excerpts)
    assert any(excerpt.document.status == "superseded" for excerpt in excerpts)


def test_every_format_has_a_reader() -> None:
    assert tuple(READERS) == tuple(FORMATS)


@FORMAT
def test_all_are_found_again(format: str, fifty: Selection, starter_workspace: Workspace) -> None:
    style = {"docx": "chicago", "md": "plain"}.get(format, "doctrine")
    content = export_selection(fifty, format, style=style, corpus=starter_workspace.corpus)
    assert READERS[format](content) == expected(fifty, style)


@pytest.mark.slow
def test_an_office_suite_shows_all_of_the_word_file(
    office: str, fifty: Selection, starter_workspace: Workspace, tmp_path: Path
) -> None:
    word = tmp_path / "fifty.docx"
    word.write_bytes(export_selection(fifty, "docx", corpus=starter_workspace.corpus))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, word]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = PdfReader(tmp_path / "fifty.pdf").pages
    shown = "".join("".join(page.extract_text().split()) for page in pages)
    for item, read in zip(fifty.items, expected(fifty, "doctrine"), strict=True):
        quote = "".join(item.excerpt.quote.split())
        assert quote[:60] in shown  # a page may end within it
        assert "".join(read.citation.split()) in shown
