"""Lists that a section as a whole makes up: items below one heading, over sub-headings.

A question for "the report's recommendations" is answered by the section "Recommendations"
of that report, however its items are grouped, and not by the passages that mention them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.retrieve.mentions import NOUNS
from assistant.retrieve.query import Query
from assistant.types import Document, Hit, Passage

FAMILIAR: Final = 0.12  # share of a document's passages from which a word is its very subject
LOOKED_AT: Final = 12  # documents with such a heading that are looked at
OFTEN: Final = 3  # passages that must hold such a word
DOCUMENTS: Final = 3  # best documents whose sections are looked at
LEAST_ITEMS: Final = 3
MISSING: Final = 0.2  # share of the question's words that section and document may lack
SPECIFIC: Final = 0.6  # share of a heading's words that must have been asked for
_COUNTS: Final = frozenset(
    content_words("two three four five six seven eight nine ten key main chapter section")
)
_SORTS: Final = frozenset(content_words(" ".join(NOUNS)))  # "the study", "the report"


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
        self._passages: Callable[[str], tuple[Passage, ...]] = lru_cache(maxsize=LOOKED_AT)(
            lambda document_id: tuple(index.store.passages(document_id))
        )

    def candidates(
        self, query: Query, hits: Sequence[Hit], searched: Collection[str], *nouns: str
    ) -> list[Hit]:
        """One hit of each document in which the list may stand, those that are meant first.

        Where none is meant, the only document with a list under a heading of one of ``nouns``.
        ``searched`` are the ids of the documents that may be quoted.
        """
        first: dict[str, Hit] = {}
        for hit in hits:
            first.setdefault(hit.document.id, hit)
        meant = sorted(query.meant) or [
            id_ for noun in nouns for id_ in self._with_list(noun, hits)
        ]
        for id_ in meant:
            if id_ not in first and hits and id_ in searched:
                first[id_] = self._hit(id_, hits[-1])
        return [hit for _, hit in sorted(first.items(), key=lambda item: item[0] not in meant)]

    def _with_list(self, noun: str, hits: Sequence[Hit]) -> list[str]:
        """The documents with a list under a heading that says ``noun`` alone, if they are one."""
        headed = [
            id_
            for id_ in self._index.store.documents_headed(noun)
            if self._index.documents[id_].status == "current"
        ]
        if not hits or len(headed) > LOOKED_AT:
            return []
        with_list = [id_ for id_ in headed if self.listing(noun, [self._hit(id_, hits[-1])])]
        one = len({self._index.documents[id_].designation for id_ in with_list}) == 1
        return with_list if one else []

    def _hit(self, document_id: str, like: Hit) -> Hit:
        passage = self._passages(document_id)[0]
        return replace(like, passage=passage, document=self._index.documents[document_id])

    def listing(self, noun: str, hits: Sequence[Hit]) -> list[Section]:
        """Sections of the documents of ``hits`` with a list under a heading of ``noun`` alone."""
        return [
            section
            for hit in hits
            for section, _ in self._headed(hit, {noun}, _name(hit.document))
            if _heading_is(section, noun)
        ]

    def unnamed(self, words: Sequence[str], section: Section) -> set[str]:
        """Those of ``words`` that are neither in the section's heading nor name its document."""
        heading = set(content_words(section.heading))
        return set(words) - _COUNTS - heading - _name(section.hit.document)

    def sections(self, words: Sequence[str], hits: Sequence[Hit]) -> list[Section]:
        """Sections of the best documents whose heading says what ``words`` ask for.

        The heading must hold nearly every word that the document does not speak of
        throughout, and most of what it says must have been asked for. A word that some of
        the items hold and others do not asks for one of them, not for the list.
        """
        found: list[Section] = []
        for hit in hits[:DOCUMENTS]:
            needed = set(words) - _COUNTS - _SORTS - self._familiar(words, hit.document)
            found.extend(self._in_document(hit, needed, set(words)))
        return found

    def _familiar(self, words: Sequence[str], document: Document) -> set[str]:
        """Words that are the document's subject or part of its name."""
        # In a document of two pages every word is in a good share of its passages.
        share = max(FAMILIAR, OFTEN / max(1, self._index.store.size(document.id)))
        often = self._index.familiar(words, document.id, share)
        return often | (set(words) & _name(document))

    def _in_document(self, hit: Hit, needed: set[str], asked: set[str]) -> Iterator[Section]:
        for section, listed in self._headed(hit, asked, _name(hit.document)):
            missing = needed - set(content_words(section.heading))
            if not missing & listed and len(missing) <= MISSING * len(asked):
                yield section

    def _headed(
        self, hit: Hit, asked: set[str], name: set[str]
    ) -> Iterator[tuple[Section, set[str]]]:
        """Sections with a list and a heading that is asked for, and the words of their lists."""
        passages = self._passages(hit.document.id)
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
            lists = [p for p in inside if p.kind == "list"]
            if sum(part.kind == "item" for p in lists for part in p.parts) >= LEAST_ITEMS:
                listed = {word for p in lists for word in content_words(p.text)}
                yield Section(hit, prefix[-1], inside), listed
            start = end


def _heading_is(section: Section, noun: str) -> bool:
    """Whether the heading has that stem in the plural and, numbers aside, nothing else."""
    several = section.heading.rstrip(" .:").lower().endswith("s")
    return several and set(content_words(section.heading)) - _COUNTS == {noun}


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
