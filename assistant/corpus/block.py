"""A block: what a document sets apart as a heading, paragraph, item, row or note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.corpus.headings import Style
from assistant.corpus.rows import Row
from assistant.types import Span

BlockKind = Literal["heading", "text", "item", "caption", "footnote", "contents"]


@dataclass(slots=True)
class Block:
    """A block being built; ``style`` orders headings (larger sorts higher)."""

    kind: BlockKind
    spans: list[Span]
    label: str | None = None
    style: Style = (0, 0, 0, 0)
    glossary: bool = False
    table: bool = False

    def add(self, row: Row) -> None:
        """Add the row's ranges, joining them where only white space lies between."""
        page = row.page
        for line in row.lines:
            last = self.spans[-1] if self.spans else None
            if (
                last is not None
                and last.page == page.number
                and last.end <= line.start
                and not page.text[last.end : line.start].strip()
            ):
                self.spans[-1] = Span(page.number, last.start, line.end)
            else:
                self.spans.append(Span(page.number, line.start, line.end))
