"""The extractive answer: the units that answer best, verbatim, each with its citations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.answer.choice import IN_PART, WHOLE, choose, said_in_order
from assistant.answer.confidence import BEST, NONE, UNREAD, Evidence
from assistant.answer.kind import AnswerKind, answer_kind, plurals, without_form
from assistant.answer.members import MemberFinder, Members
from assistant.answer.quantity import Quantity, asked_quantity
from assistant.answer.scoring import UnitScorer, context_of
from assistant.answer.sections import SectionFinder
from assistant.answer.ties import Ties
from assistant.answer.units import Unit, UnitFinder
from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.retrieve.asked import Asked, rarities
from assistant.retrieve.editions import speaks_of_earlier
from assistant.retrieve.interaction import OUTSIDE
from assistant.retrieve.parts import Part
from assistant.retrieve.query import Query
from assistant.retrieve.retriever import Retrieval
from assistant.types import Hit

# Chosen on the development gold set; docs/design/answering.md has what was tried.
PASSAGES: Final = 8  # best passages from which statements are taken
SECTION_SIMILARITY: Final = 0.6  # a heading that says what is asked is worth this cosine
MEMBER: Final = 1.0  # what the item of a list that is asked for goes before everything else by
_KIND_WORDS: Final = frozenset(content_words("definition define defined doctrinal doctrine mean"))


@dataclass(frozen=True, slots=True)
class Extraction:
    """The chosen units in the order in which they are said, and the evidence for them.

    ``cut`` says that a look-up found more than is said; ``missing`` are the parts of the
    question whose figure is not given, ``untied`` the names in it that what is said lacks.
    ``also`` are units left out because they say the same elsewhere; ``beyond`` says that a list
    has no item of the number asked for; ``jargon`` are short forms that stand nowhere,
    ``lacking`` is what sort of thing is asked for and not said.
    """

    units: tuple[Unit, ...]
    evidence: Evidence
    cut: bool = False
    missing: tuple[str, ...] = ()
    untied: tuple[str, ...] = ()
    also: tuple[Unit, ...] = ()
    beyond: str | None = None
    jargon: tuple[str, ...] = ()
    lacking: str = ""


class Extractor:
    """Chooses what to say from what was found."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._finder = UnitFinder(index.store)
        self._sections = SectionFinder(index)
        self._members = MemberFinder(self._sections, self._finder)
        self._ties = Ties(index)

    def extract(self, retrieval: Retrieval, most: int) -> Extraction:
        """At most ``most`` units that answer the question."""
        query = retrieval.query
        if retrieval.looked_up:
            return self._looked_up(retrieval, most)
        asked = self._asked(query)
        kind = answer_kind(query.question)
        units = self._finder.units(current_hits(retrieval.hits[:PASSAGES], query))
        searched = {document.id for document in retrieval.searched}
        whole = self._whole_lists(query, asked, kind, retrieval.hits, searched)
        members = Members()
        if not whole:
            members = self._members.find(query, asked, retrieval.hits, searched)
        if members.beyond:
            return Extraction((), NONE, beyond=members.beyond)
        # Nothing is said beside the items asked for, unless the question has other parts.
        alone = members.units and (members.numbered or len(query.parts) == 1)
        units = [] if alone else [*whole, *units]
        names = self._ties.names(query)
        tied = {hit.passage.id: self._ties.met(names, [hit]) for hit in retrieval.hits[:PASSAGES]}
        chosen: list[Unit] = []
        also: list[Unit] = []
        wanted: list[tuple[Part | None, Quantity | None]] = []
        for part in query.parts if len(query.parts) > 1 else (None,):
            of_part = asked if part is None else _asked_in(part, query, asked)
            quantity = asked_quantity(part.of(query.question) if part else query.question)
            of_kind = answer_kind(part.of(query.question)) if part and not part.compared else kind
            scorer = UnitScorer(retrieval, of_part, of_kind, quantity, part, tied)
            scored = sorted(
                ((scorer.score(unit), unit) for unit in units), key=lambda item: -item[0]
            )
            best = scored[0][0] if scored else 0.0
            scored = [*((best + MEMBER, unit) for unit in members.units), *scored]
            choose(scored, chosen, also, most, WHOLE if part is None else IN_PART)
            wanted.append((part, quantity))
        lacking = [(part, q) for part, q in wanted if q and not _given(chosen, q)]
        missing = tuple(part.of(query.question).strip(" ?.,;") for part, _ in lacking if part)
        given = 1.0 - len(lacking) / len(wanted)
        met = members.numbered or self._tie(names, chosen, together=len(query.parts) > 1)
        evidence = replace(_evidence(chosen, asked, given, retrieval), names=float(met))
        untied = () if met == 1.0 else self._ties.unmet(names, [unit.hit for unit in chosen])
        said = tuple(said_in_order(chosen))
        return Extraction(
            said,
            evidence,
            missing=missing,
            untied=untied,
            also=tuple(also),
            jargon=self._ties.jargon(query),
            lacking=lacking[0][1].called if lacking else "",
        )

    def _whole_lists(
        self,
        query: Query,
        asked: Asked,
        kind: AnswerKind,
        hits: Sequence[Hit],
        searched: Collection[str],
    ) -> list[Unit]:
        """The lists that sections as a whole make up, where one is asked for."""
        if not kind.wants_list:
            return []
        best = self._sections.candidates(query, hits[:PASSAGES], searched, *sorted(kind.listed))
        found = self._sections.sections(list(asked.weights), best)
        whole = [unit for section in found if (unit := self._finder.section(section))]
        return [unit for unit in whole if not _lists_others(unit, kind)]

    def _tie(self, names: Sequence[str], chosen: Sequence[Unit], *, together: bool) -> float:
        """Share of the names met by what is said: ``together``, or by one passage of it."""
        hits = [unit.hit for unit in chosen]
        if together:
            return self._ties.met(names, hits)
        return max((self._ties.met(names, [hit]) for hit in hits), default=1.0)

    def _looked_up(self, retrieval: Retrieval, most: int) -> Extraction:
        """The paragraph or page itself in reading order, lists whole."""
        pages = retrieval.place.pages if retrieval.place else {}
        units: list[Unit] = []
        found = self._finder.units(retrieval.hits)
        for unit in sorted(found, key=lambda unit: unit.kind != "list"):
            page = pages.get(unit.hit.document.id)
            asked = page is None or any(span.page == page for span in unit.spans)
            if asked and not any(unit.overlaps(other) for other in units):
                units.append(unit)
        units.sort(key=lambda unit: (unit.hit.rank, unit.position))
        said = said_in_order(units)
        evidence = BEST if said else NONE
        return Extraction(tuple(said[: 2 * most]), evidence, len(said) > 2 * most)

    def _asked(self, query: Query) -> Asked:
        """Words of the question weighted by rarity over the passages (BM25's idf)."""
        about = set(content_words(without_form(query.question))) - _KIND_WORDS
        words = [word for word in query.words if word in about] or list(query.words)
        aliases = dict(query.aliases)
        rarity = rarities(self._index, [*words, *(w for a in aliases.values() for w in a)])
        weights = {
            word: max(rarity[part] for part in aliases[word]) if word in aliases else rarity[word]
            for word in words
        }
        telling = {word: weight for word, weight in weights.items() if word not in query.muted}
        return Asked(telling or weights, aliases)


def current_hits(hits: Sequence[Hit], query: Query) -> list[Hit]:
    """``hits`` without those of a superseded edition that nobody asks for, if a newer is there."""
    if speaks_of_earlier(query.question):
        return list(hits)
    newer = {hit.document.designation for hit in hits if hit.document.status == "current"}
    return [
        hit
        for hit in hits
        if hit.document.status != "superseded"
        or hit.document.id in query.meant
        or hit.document.designation not in newer
    ]


def _lists_others(unit: Unit, kind: AnswerKind) -> bool:
    """Whether the sentence before a list announces something else than what is asked for."""
    first = unit.text.partition("\n")[0]
    announced = plurals(first) if first.endswith((":", "—")) or first[:1] != "•" else frozenset()
    return bool(announced) and kind.listed.isdisjoint(announced)


def _asked_in(part: Part, query: Query, asked: Asked) -> Asked:
    """``asked`` with the words of one part of the question before the others."""
    inside = set(content_words(part.of(query.question)))
    weights = {
        word: weight * (1.0 if word in inside else OUTSIDE)
        for word, weight in asked.weights.items()
    }
    return Asked(weights, asked.aliases)


def _given(units: Sequence[Unit], quantity: Quantity) -> bool:
    return any(_gives(unit, quantity) for unit in units)


def _gives(unit: Unit, quantity: Quantity) -> bool:
    """Whether the figure is said; who sees a whole list of them can count them."""
    if unit.kind in ("list", "section") and quantity.counted:
        announced = " ".join([*unit.passage.heading[-1:], unit.text.partition("\n")[0]])
        if quantity.counted[-1] in content_words(announced):
            return True
    return quantity.stands_in(unit.text)


def _evidence(chosen: Sequence[Unit], asked: Asked, given: float, retrieval: Retrieval) -> Evidence:
    if not chosen:
        return NONE
    if chosen[0].kind == "section":
        similarity, coverage = max(SECTION_SIMILARITY, retrieval.similarity), 1.0
    else:
        similarity = max(0.0, retrieval.similarity)
        coverage = max(asked.covered(context_of(unit)) for unit in chosen)
    aligned = (retrieval.alignments.get(unit.passage.id) for unit in chosen)
    weakest = max((alignment.weakest for alignment in aligned if alignment), default=UNREAD)
    return Evidence(similarity, coverage, given, weakest=weakest)
