"""Real documents: every page is indexed or named, and nothing odd stops the others."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from assistant.index.builder import build_index
from assistant.index.report import BuildReport
from assistant.workspace import Workspace
from tests.index.conftest import FakeEmbedder

pytestmark = pytest.mark.shared

WITHOUT_TEXT = "memos/DSCA_04-29.pdf"
SOME_WITHOUT_TEXT = ("memos/DSCA_02-49.pdf", "memos/DSCA_04-02.pdf")


def page_counts(corpus: Path) -> dict[str, tuple[int, int]]:
    """Pages, and pages without text, by file."""
    with (corpus / "FILES.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return {
        row["file"]: (int(row["pages"]), int(row["pages_without_text"]))
        for row in rows
        if row["pages"].isdigit()
    }


def check_report(
    report: BuildReport, expected: dict[str, tuple[int, int]], files: set[str]
) -> None:
    assert {document.file for document in report.documents} == files
    for document in report.documents:
        pages, empty = expected.get(document.file, (0, 0))
        assert document.pages == pages, document.file
        assert document.indexed_pages + len(document.unread) == pages, document.file
        assert len(document.unread) == empty, document.file
        assert (document.state == "refused") == (document.indexed_pages == 0), document.file
        assert (document.reason is not None) == (document.state == "refused"), document.file
        # A page that holds text makes a document that can be found.
        assert (document.passages > 0) == (document.indexed_pages > 0), document.file


def test_pages_without_text_are_named(workspace: Workspace, shared_corpus: Path) -> None:
    files = {WITHOUT_TEXT, *SOME_WITHOUT_TEXT}
    files |= {f"odd/{path.name}" for path in (shared_corpus / "odd").glob("*.pdf")}
    for name in files:
        (workspace.corpus / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(shared_corpus / name, workspace.corpus / name)
    report = build_index(workspace)
    assert not report.complete
    check_report(report, page_counts(shared_corpus), files)
    by_file = {document.file: document for document in report.documents}
    assert [page for page, _ in by_file[WITHOUT_TEXT].unread] == list(range(1, 33))
    html = [d for d in report.documents if d.state == "refused" and not d.pages]
    assert len(html) == 1 and html[0].file in (html[0].reason or "")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_page_of_all_documents_is_lost(
    workspace: Workspace, shared_corpus: Path, embedder: type[FakeEmbedder], reads: list[str]
) -> None:
    shutil.copytree(shared_corpus, workspace.corpus, dirs_exist_ok=True)
    files = {p.relative_to(shared_corpus).as_posix() for p in shared_corpus.rglob("*.pdf")}
    first = build_index(workspace)
    check_report(first, page_counts(shared_corpus), files)
    assert sum(document.pages for document in first.documents) == 3167
    reads.clear()
    embedder.embedded.clear()
    second = build_index(workspace)
    assert not second.rebuilt and not reads and not embedder.embedded
    assert second.seconds < 10
