"""What the page of a visitor remembers of a search and of the selection that is open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.excerpts.query import ExcerptQuery, Found
from assistant.types import Excerpt


@dataclass(frozen=True, slots=True)
class Opened:
    """The selection that a page has open, and from which item on it shows it."""

    id: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """What a page shows of a search: ``found`` as it came, and excerpts widened since.

    ``steps`` says by how many sentences on either side each was, by its place on the page.
    """

    query: ExcerptQuery
    found: Found
    shown: tuple[Excerpt, ...]
    steps: dict[int, int] = field(default_factory=dict)

    @property
    def visible(self) -> Found:
        """What was found, the excerpts as they are shown."""
        return replace(self.found, excerpts=self.shown)
