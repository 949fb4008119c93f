"""Whether the index is what the corpus and the settings ask for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.index.reader import Index, IndexSummary, open_index
from assistant.index.report import DocumentReport
from assistant.index.sources import find_sources
from assistant.types import Document
from assistant.workspace import Workspace

_NAMED = 3  # files that a problem names; the others are counted


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
    try:
        return IndexStatus(
            workspace.root,
            index.summary,
            tuple(index.documents.values()),
            tuple(report for report in index.reports() if report.reason or report.unread),
            _problem(workspace, index),
        )
    finally:
        index.close()


def _problem(workspace: Workspace, index: Index) -> str | None:
    """What changed since the build; the same comparison as the builder makes."""
    try:
        sources = find_sources(workspace)
    except AssistantError as error:
        return str(error)
    then = {**index.store.meta("sources"), **index.store.meta("refused")}
    now = {**sources.keys, **sources.refused}
    changed = sorted(name for name in then.keys() | now if then.get(name) != now.get(name))
    if not changed:
        return None
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    return f"Out of date: {', '.join(changed[:_NAMED])}{more} changed; run: assistant index"
