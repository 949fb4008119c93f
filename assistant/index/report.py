"""What a build did, per document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["new", "changed", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What became of one file.

    ``pages`` = ``indexed_pages`` + len(``unread``): no page is lost in silence. ``unread``
    maps physical pages to the reason why they gave nothing. ``passages`` counts those that
    can be searched; a table of contents is kept but answers nothing.
    """

    file: str
    state: State
    pages: int = 0
    indexed_pages: int = 0
    passages: int = 0
    unread: tuple[tuple[int, str], ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did as a whole; ``embedded`` counts texts that went through the model."""

    documents: tuple[DocumentReport, ...]
    removed: tuple[str, ...]
    embedded: int
    passages: int
    fingerprint: str
    rebuilt: bool
    rebuild_reason: str | None
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every file was read and every page gave text."""
        return not any(d.state == "refused" or d.unread for d in self.documents)


def report_from_json(value: dict[str, Any]) -> DocumentReport:
    """The report that ``dataclasses.asdict`` and JSON made ``value`` of."""
    unread = tuple((int(page), str(why)) for page, why in value["unread"])
    return DocumentReport(**{**value, "unread": unread})
