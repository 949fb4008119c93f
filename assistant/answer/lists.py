"""Lists as a whole: found from any of their passages, with the sentence that leads in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.index.store import Store
from assistant.index.wording import Spans, Wording
from assistant.types import Part, Passage

REACH: Final = 6  # passages to either side in which the rest of a list is looked for
BELOW: Final = 40  # sub-paragraphs that one paragraph may introduce


@dataclass(frozen=True, slots=True)
class Listing:
    """The places of the sentence before a list, empty where there is none, and of its items."""

    lead_in: Spans
    items: tuple[Spans, ...]


class ListFinder:
    """Finds the list, or the rows, that a passage holds."""

    def __init__(self, store: Store, wording: Wording) -> None:
        self._store = store
        self._wording = wording

    def whole_list(self, passage: Passage) -> Listing | None:
        """The list that the passage holds, continues or begins, with its lead-in."""
        if passage.kind == "paragraph":
            return self._sub_paragraphs(passage)
        if passage.kind != "list":
            return None
        around = self._store.neighbours(passage, REACH, REACH)
        here = next(i for i, p in enumerate(around) if p.id == passage.id)
        first = last = here
        while first > 0 and _continues(around[first - 1], around[first]):
            first -= 1
        while last + 1 < len(around) and _continues(around[last], around[last + 1]):
            last += 1
        # The last run of items before the passage ends is the one that it shows.
        before = [part for p in around[first : here + 1] for part in p.parts]
        after = [part for p in around[here + 1 : last + 1] for part in p.parts]
        start, end = _run(before, after)
        parts = [*before, *after]
        items = tuple(part.spans for part in parts[start:end])
        return Listing(self._lead_in(around[first], parts, start), items)

    def table(self, passage: Passage) -> Listing:
        """The caption of a table, and its rows without the header."""
        rows = [part.spans for part in passage.parts if part.kind == "item"]
        if not self._continues_table(passage):
            rows = rows[1:]
        caption = passage.parts[0]
        return Listing(caption.spans if caption.kind == "text" else (), tuple(rows))

    def introduction(self, passage: Passage) -> Spans:
        """The sentence that introduces a lettered paragraph ("The Director:"), if one does.

        Without it nobody could tell who "a. Provides guidance" is about.
        """
        above, dot, letter = (passage.paragraph or "").rpartition(".")
        if not dot or not letter.isalpha() or passage.kind == "footnote":
            return ()
        for introducing in self._store.passages_at([passage.document_id], above, None):
            if introducing.order >= passage.order:
                break
            # What follows "that" is a whole sentence by itself.
            whole = introducing.text.rstrip(" :—").endswith(" that")
            if introducing.paragraph == above and _introduces(introducing) and not whole:
                return self._last_sentence(introducing, introducing.parts[-1].spans)
        return ()

    def _last_sentence(self, passage: Passage, spans: Spans) -> Spans:
        sentences = self._wording.sentences(passage.document_id, spans, passage.paragraph)
        return sentences[-1] if sentences else ()

    def _continues_table(self, passage: Passage) -> bool:
        """Whether the table began in the passage before, which has the header."""
        if passage.parts[0].kind == "text" or passage.heading_spans:
            return False
        around = self._store.neighbours(passage, 1, 0)
        return (
            len(around) == 2
            and around[0].kind == "table"
            and around[0].parts[-1].kind == "item"
            and around[0].heading == passage.heading
            and around[0].paragraph == passage.paragraph
        )

    def _lead_in(self, passage: Passage, parts: Sequence[Part], start: int) -> Spans:
        """The sentence before the item at ``start``, or that of the list's first passage."""
        if start == 0:
            return passage.lead_in
        return self._last_sentence(passage, parts[start - 1].spans)

    def _sub_paragraphs(self, passage: Passage) -> Listing | None:
        """Lettered paragraphs below one that introduces them ("The Director:" a. … b. …)."""
        if passage.paragraph is None or not _introduces(passage):
            return None
        below = f"{passage.paragraph}."
        items: list[Spans] = []
        for following in self._store.neighbours(passage, 0, BELOW)[1:]:
            if following.kind == "footnote":
                continue
            if not (following.paragraph or "").startswith(below):
                break
            items.extend(part.spans for part in following.parts)
        lead_in = self._last_sentence(passage, passage.parts[-1].spans)
        return Listing(lead_in, tuple(items)) if items and lead_in else None


def _introduces(passage: Passage) -> bool:
    """Whether its text ends by announcing what comes below it."""
    return passage.text.rstrip().endswith((":", "—", "that"))


def _run(before: Sequence[Part], after: Sequence[Part]) -> tuple[int, int]:
    """Where the last run of items of ``before`` begins, and where it ends in both together."""
    end = max(i for i, part in enumerate(before) if part.kind == "item") + 1
    start = end
    while start > 0 and before[start - 1].kind == "item":
        start -= 1
    if end == len(before):
        for part in after:
            if part.kind != "item":
                break
            end += 1
    return start, end


def _continues(passage: Passage, following: Passage) -> bool:
    """Whether ``following`` goes on with the list at the end of ``passage``."""
    return (
        passage.kind == following.kind == "list"
        and passage.parts[-1].kind == "item"
        and following.parts[0].kind == "item"
        and passage.paragraph == following.paragraph
        and passage.heading == following.heading
        and not following.heading_spans
    )
