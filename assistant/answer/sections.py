"""Lists that a section as a whole makes up: items below one heading, over sub-headings.

A question for "the report's recommendations" is answered by the section "Recommendations"
of that report, however its items are grouped, and not by the passages that mention them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.types import Document, Hit, Passage

FAMILIAR: Final = 0.12  # share of a document's passages from which a word is its very subject
DOCUMENTS: Final = 3  # best documents whose sections are looked at
LEAST_ITEMS: Final = 3
MISSING: Final = 0.2  # share of the question's words that section and document may lack
SPECIFIC: Final = 0.6  # share of a heading's words that must have been asked for
_COUNTS: Final = frozenset(
    content_words("two three four five six seven eight nine ten key main chapter section")
)


@dataclass(frozen=True, slots=True)
class Section:
    """The passages below ``heading``, of which at least ``LEAST_ITEMS`` parts are items."""

    hit: Hit
    heading: str
    passages: tuple[Passage, ...]


class SectionFinder:
    """Finds sections whose heading says what is asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._passages: Callable[[str], tuple[Passage, ...]] = lru_cache(maxsize=8)(
            lambda document_id: tuple(index.store.passages(document_id))
        )

    def sections(self, words: Sequence[str], hits: Sequence[Hit]) -> list[Section]:
        """Sections of the best documents whose heading says what ``words`` ask for.

        The heading must hold nearly every word that the document does not speak of
        throughout, and most of what it says must have been asked for. A word that some of
        the items hold and others do not asks for one of them, not for the list.
        """
        first: dict[str, Hit] = {}
        for hit in hits:
            first.setdefault(hit.document.id, hit)
        found: list[Section] = []
        for hit in list(first.values())[:DOCUMENTS]:
            needed = set(words) - _COUNTS - self._familiar(words, hit.document)
            found.extend(self._in_document(hit, needed, set(words)))
        return found

    def _familiar(self, words: Sequence[str], document: Document) -> set[str]:
        """Words that are the document's subject or part of its name."""
        often = self._index.familiar(words, document.id, FAMILIAR)
        return often | (set(words) & _name(document))

    def _in_document(self, hit: Hit, needed: set[str], asked: set[str]) -> Iterator[Section]:
        passages = self._passages(hit.document.id)
        name = _name(hit.document)
        start = 0
        while start < len(passages):
            depth = _depth(passages[start], asked, name)
            if depth is None:
                start += 1
                continue
            prefix = passages[start].heading[: depth + 1]
            end = start
            while end < len(passages) and passages[end].heading[: depth + 1] == prefix:
                end += 1
            inside = passages[start:end]
            items = sum(part.kind == "item" for p in inside if p.kind == "list" for part in p.parts)
            missing = needed - set(content_words(prefix[-1]))
            listed = {word for p in inside if p.kind == "list" for word in content_words(p.text)}
            met = not missing & listed and len(missing) <= MISSING * len(asked)
            if items >= LEAST_ITEMS and met:
                yield Section(hit, prefix[-1], inside)
            start = end


def _name(document: Document) -> set[str]:
    """Words that name the document; a subtitle often lists its sections and is left out."""
    title = document.title.partition(":")[0]
    name = [title, document.designation, document.publisher or ""]
    return set(content_words(" ".join(name)))


def _depth(passage: Passage, asked: set[str], name: set[str]) -> int | None:
    """Place in the heading path of the first heading that says what is asked.

    The document's own title, repeated as a heading, says nothing of a list.
    """
    for depth, heading in enumerate(passage.heading):
        words = set(content_words(heading)) - _COUNTS
        if (words & asked) - name and len(words & asked) >= SPECIFIC * len(words):
            return depth
    return None
