"""Whether the index is what the corpus and the settings ask for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.files import identify, list_pdfs
from assistant.errors import AssistantError, DocumentError
from assistant.index.reader import IndexSummary, open_index
from assistant.index.report import DocumentReport
from assistant.types import Document
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What is indexed; ``problem`` says what to do where it is not up to date."""

    workspace: Path
    summary: IndexSummary | None
    documents: tuple[Document, ...]
    incomplete: tuple[DocumentReport, ...]
    problem: str | None

    @property
    def up_to_date(self) -> bool:
        """Whether nothing needs to be done."""
        return self.problem is None


def index_status(workspace: Workspace) -> IndexStatus:
    """Look at the index of ``workspace`` and at its corpus; changes nothing."""
    try:
        index = open_index(workspace)
    except AssistantError as error:
        return IndexStatus(workspace.root, None, (), (), str(error))
    documents = tuple(index.documents.values())
    incomplete = tuple(report for report in index.reports() if report.reason or report.unread)
    known = {report.file for report in incomplete if report.reason}
    indexed = {document.file: document.sha256 for document in documents}
    present: dict[str, str] = {}
    for path in list_pdfs(workspace.corpus):
        name = path.relative_to(workspace.corpus).as_posix()
        try:
            present[name] = identify(workspace.corpus, path).sha256
        except DocumentError:
            known.add(name)
    changed = sorted(
        name
        for name in present.keys() | indexed.keys()
        if present.get(name) != indexed.get(name) and name not in known
    )
    problem = None
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        problem = f"Out of date: {', '.join(changed[:3])}{more} changed; run: assistant index"
    summary = index.summary
    index.close()
    return IndexStatus(workspace.root, summary, documents, incomplete, problem)
