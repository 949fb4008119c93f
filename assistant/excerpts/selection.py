"""A named set of excerpts, in an order of the analyst's own, each with a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from assistant.errors import DocumentError
from assistant.types import Excerpt

LONGEST_NOTE: Final = 4000  # characters


@dataclass(frozen=True, slots=True)
class Selected:
    """An excerpt and what the analyst wrote beside it.

    ``changed`` says that the index no longer has this text at this place, where that is so.
    """

    excerpt: Excerpt
    note: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The excerpts that go into one paper.

    ``index`` is the fingerprint of the index that they were taken from, ``made`` when they were
    put together, in UTC.
    """

    name: str
    items: tuple[Selected, ...]
    index: str
    made: datetime

    def with_excerpt(self, excerpt: Excerpt) -> Selection:
        """With ``excerpt`` as the last one, unless it is there already."""
        if any(item.excerpt.id == excerpt.id for item in self.items):
            return self
        return replace(self, items=(*self.items, Selected(replace(excerpt, score=1.0))))

    def without(self, name: str) -> Selection:
        """Without the excerpt of this id."""
        return replace(self, items=tuple(i for i in self.items if i.excerpt.id != name))

    def moved(self, name: str, by: int) -> Selection:
        """With the excerpt of this id so many places further down, or up where negative."""
        items = list(self.items)
        place = next((n for n, item in enumerate(items) if item.excerpt.id == name), None)
        if place is None:
            return self
        item = items.pop(place)
        items.insert(min(max(place + by, 0), len(items)), item)
        return replace(self, items=tuple(items))

    def noted(self, name: str, note: str) -> Selection:
        """With ``note`` beside the excerpt of this id."""
        return self._each(name, lambda item: replace(item, note=note.strip()[:LONGEST_NOTE]))

    def exchanged(self, name: str, excerpt: Excerpt) -> Selection:
        """With ``excerpt``, wider or narrower, in the place of the one of this id."""
        return self._each(name, lambda item: replace(item, excerpt=excerpt, changed=False))

    def _each(self, name: str, change: Callable[[Selected], Selected]) -> Selection:
        items = (change(i) if i.excerpt.id == name else i for i in self.items)
        return replace(self, items=tuple(items))


def refreshed(selection: Selection, read: Callable[[str], Excerpt], index: str) -> Selection:
    """``selection`` as the index of fingerprint ``index`` has it now.

    ``read`` gives the excerpt of an id and raises DocumentError where there is none. An excerpt
    whose text is no longer at its place stays as it was taken, and is marked as ``changed``.
    """
    return replace(
        selection, items=tuple(_fresh(item, read) for item in selection.items), index=index
    )


def _fresh(item: Selected, read: Callable[[str], Excerpt]) -> Selected:
    try:
        now = read(item.excerpt.id)
    except DocumentError:
        return replace(item, changed=True)
    if now.quote != item.excerpt.quote or now.document.sha256 != item.excerpt.document.sha256:
        return replace(item, changed=True)
    kept = replace(now, matches=item.excerpt.matches, repeats=item.excerpt.repeats)
    return replace(item, excerpt=kept, changed=False)
