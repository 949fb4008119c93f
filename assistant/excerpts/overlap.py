"""How two excerpts at the same place belong together: one holds the other, or takes after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.excerpts.selection import Selected, Selection
from assistant.types import Excerpt


def holder(selection: Selection, excerpt: Excerpt) -> Selected | None:
    """The selected excerpt that has all of ``excerpt`` in it, perhaps with more around it."""
    same = (item for item in selection.items if item.excerpt.document.id == excerpt.document.id)
    return next((item for item in same if _holds(item.excerpt, excerpt)), None)


def held(selection: Selection, excerpts: Iterable[Excerpt]) -> set[str]:
    """The ids of those of ``excerpts`` that the selection has in it."""
    return {excerpt.id for excerpt in excerpts if holder(selection, excerpt)}


def carried(before: Excerpt, after: Excerpt) -> Excerpt:
    """``after``, which is ``before`` made wider or narrower, with its matches and repeats.

    Matches are kept as far as they stand in the text that both have.
    """
    begins = after.quote.find(before.quote)
    by = begins if begins >= 0 else -max(before.quote.find(after.quote), 0)
    if begins < 0 and after.quote not in before.quote:
        return replace(after, repeats=before.repeats)
    moved = ((start + by, end + by) for start, end in before.matches)
    kept = tuple((s, e) for s, e in moved if s >= 0 and e <= len(after.quote))
    return replace(after, matches=kept, repeats=before.repeats)


def _holds(outer: Excerpt, inner: Excerpt) -> bool:
    return all(
        any(o.page == i.page and o.start <= i.start and i.end <= o.end for o in outer.spans)
        for i in inner.spans
    )
