"""A selection made ready for a file: numbered, cited in one style, its sources listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.answer.styles import STYLES, Style
from assistant.errors import UsageError
from assistant.excerpts.selection import Selected, Selection
from assistant.export.markings import highest_marking
from assistant.export.text import one_line, utc_time
from assistant.types import Document, Excerpt, Span

CHANGED = "The index no longer has this text at this place."


@dataclass(frozen=True, slots=True)
class Entry:
    """An excerpt with its number in the paper, from 1, its full citation and its repeats'."""

    number: int
    excerpt: Excerpt
    note: str
    changed: bool
    citation: str
    repeats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What every file says; ``marking`` is the highest of all documents cited, if any has one.

    ``sources`` are the documents quoted, in the order in which they first are.
    """

    name: str
    marking: str | None
    made: datetime
    index: str
    style: Style
    entries: tuple[Entry, ...]
    sources: tuple[Document, ...]

    @property
    def origin(self) -> str:
        """Name, time, index and marking on one line."""
        facts = [self.name, f"made {utc_time(self.made)}", f"index {self.index}"]
        return "; ".join([*facts, f"marking {self.marking}"] if self.marking else facts)


def make_paper(selection: Selection, style: str) -> Paper:
    """``selection`` made ready; raises UsageError where it is empty or there is no such style."""
    known = next((name for name in STYLES if name == style), None)
    if known is None:
        raise UsageError(f"There is no citation style {style}; choose one of {', '.join(STYLES)}.")
    if not selection.items:
        raise UsageError("The selection holds no excerpts; there is nothing to export.")
    excerpts = [item.excerpt for item in selection.items]
    cited = (one.document for excerpt in excerpts for one in (excerpt, *excerpt.repeats))
    return Paper(
        name=one_line(selection.name) or "Excerpts",
        marking=highest_marking(one_line(document.marking) for document in cited),
        made=selection.made,
        index=one_line(selection.index),
        style=known,
        entries=tuple(_entry(n, item, known) for n, item in enumerate(selection.items, 1)),
        sources=tuple(dict.fromkeys(excerpt.document for excerpt in excerpts)),
    )


def section(excerpt: Excerpt) -> str:
    """The path of headings above ``excerpt``."""
    return " > ".join(filter(None, map(one_line, excerpt.heading)))


def ranges(spans: Iterable[Span]) -> str:
    """``12:340-512``: PDF page and half-open range of its characters; several behind a ";"."""
    return "; ".join(f"{span.page}:{span.start}-{span.end}" for span in spans)


def pages(entry: Entry) -> Sequence[int]:
    """The PDF pages that the excerpt stands on, in order."""
    return sorted({span.page for span in entry.excerpt.spans} | {entry.excerpt.pdf_page})


def _entry(number: int, item: Selected, style: Style) -> Entry:
    cite = STYLES[style]
    excerpt = item.excerpt
    repeats = tuple(
        one_line(f"{cite(one)} ({one.document.file}, {ranges(one.spans)})")
        for one in excerpt.repeats
    )
    return Entry(number, excerpt, item.note, item.changed, one_line(cite(excerpt)), repeats)
