"""The extractive answer: the units that answer best, verbatim, each with its citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.confidence import Evidence
from assistant.answer.kind import AnswerKind, answer_kind, without_form
from assistant.answer.quantity import Quantity, asked_quantity
from assistant.answer.sections import SectionFinder
from assistant.answer.units import Unit, UnitFinder
from assistant.index.reader import Index
from assistant.index.words import content_words
from assistant.retrieve.asked import Asked, rarities
from assistant.retrieve.query import Query
from assistant.retrieve.retriever import Retrieval

# Chosen on the development gold set; docs/design/answering.md has what was tried.
PASSAGES: Final = 8  # best passages from which statements are taken
KEEP: Final = 0.94  # share of the best unit's score that one of another passage must reach
KEEP_BESIDE: Final = 0.7  # the same for one of a passage that is already quoted
SECTION_SIMILARITY: Final = 0.6  # a heading that says what is asked is worth this cosine
OVERLAP: Final = 0.7  # share of words from which a unit repeats an earlier one
_OWN, _CONTEXT, _RANK = 1.0, 0.5, 1.6  # weights: words in the unit, around it, passage score
_LIST_SHARE = 0.6
_LIST_BONUS, _DEFINITION_BONUS, _QUANTITY_BONUS = 0.35, 0.3, 0.12
_KIND_WORDS: Final = frozenset(content_words("definition define defined doctrinal doctrine mean"))


@dataclass(frozen=True, slots=True)
class Extraction:
    """The chosen units in the order in which they are said, and the evidence for them.

    ``cut`` says that a look-up found more than is said.
    """

    units: tuple[Unit, ...]
    evidence: Evidence
    cut: bool = False


class Extractor:
    """Chooses what to say from what was found."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._finder = UnitFinder(index.store)
        self._sections = SectionFinder(index.store)

    def extract(self, retrieval: Retrieval, most: int) -> Extraction:
        """At most ``most`` units that answer the question."""
        query = retrieval.query
        if retrieval.looked_up:
            return self._looked_up(retrieval, most)
        asked = self._asked(query)
        kind = answer_kind(query.question)
        quantity = asked_quantity(query.question)
        units = self._finder.units(retrieval.hits[:PASSAGES])
        if kind.wants_list:
            words = list(asked.weights)
            found = self._sections.sections(words, retrieval.hits[:PASSAGES])
            whole = [unit for section in found if (unit := self._finder.section(section))]
            units = [*whole, *units]
        scored = sorted(
            ((self._score(unit, asked, kind, quantity, retrieval), unit) for unit in units),
            key=lambda item: -item[0],
        )
        chosen = _choose(scored, most)
        evidence = _evidence(chosen, asked, quantity, retrieval)
        return Extraction(tuple(_said_in_order(chosen)), evidence)

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
        said = _said_in_order(units)
        evidence = Evidence(1.0, 1.0, 1.0) if said else Evidence(0.0, 0.0, 0.0)
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
        return Asked(weights, aliases)

    def _score(
        self,
        unit: Unit,
        asked: Asked,
        kind: AnswerKind,
        quantity: Quantity | None,
        retrieval: Retrieval,
    ) -> float:
        own = asked.covered(unit.text)
        context = asked.covered(_context(unit))
        if unit.kind == "list" and kind.wants_list:
            own += _LIST_SHARE * (context - own)  # the passage says what its list is a list of
        rank = unit.hit.score / retrieval.hits[0].score
        if unit.kind == "section":  # its heading and its document together say all words
            return _OWN + _CONTEXT + _RANK * rank + _LIST_BONUS
        score = _OWN * own + _CONTEXT * context + _RANK * rank
        if unit.kind == "list" and kind.wants_list:
            score += _LIST_BONUS
        if kind.wants_definition and _defines(unit, asked):
            score += _DEFINITION_BONUS
        if quantity is not None and quantity.stands_in(unit.text):
            score += _QUANTITY_BONUS
        if unit.kind == "sentence" and len(unit.text) < 40:
            score *= 0.7
        return score


def _choose(scored: Sequence[tuple[float, Unit]], most: int) -> list[Unit]:
    """The best units; one beside an already chosen one needs less to be taken along."""
    if scored and scored[0][1].kind == "section":  # a whole list under its own heading
        return [scored[0][1]]
    chosen: list[Unit] = []
    for score, unit in scored:
        share = score / scored[0][0]
        beside = unit.kind == "sentence" and any(unit.passage == u.passage for u in chosen)
        needed = KEEP_BESIDE if beside or not chosen else KEEP
        wanted = len(chosen) < most and share >= needed
        if wanted and not any(_repeats(unit, other) for other in chosen):
            chosen.append(unit)
    return chosen


def _repeats(unit: Unit, other: Unit) -> bool:
    if unit.overlaps(other):
        return True
    words, others = set(content_words(unit.text)), set(content_words(other.text))
    return len(words & others) >= OVERLAP * min(len(words), len(others))


def _said_in_order(units: Sequence[Unit]) -> list[Unit]:
    """Units of the same passage together and in reading order, best passage first.

    Sentences that follow each other are said as one statement with one citation.
    """
    first: dict[str, int] = {}
    for place, unit in enumerate(units):
        first.setdefault(unit.passage.id, place)
    ordered = sorted(units, key=lambda unit: (first[unit.passage.id], unit.position))
    joined: list[Unit] = []
    for unit in ordered:
        if joined and joined[-1].is_followed_by(unit):
            joined[-1] = joined[-1].joined_with(unit)
        else:
            joined.extend(unit.members or (unit,))
    return joined


def _context(unit: Unit) -> str:
    return " ".join([*unit.passage.heading[-2:], unit.passage.text, unit.hit.document.title])


def _defines(unit: Unit, asked: Asked) -> bool:
    """Whether the unit opens with the words that are asked for."""
    return asked.covered(" ".join(unit.text.split()[:9])) >= 0.6


def _gives(unit: Unit, quantity: Quantity) -> bool:
    """Whether the figure is said; who sees a whole list of them can count them."""
    if unit.kind in ("list", "section") and quantity.counted:
        announced = " ".join([*unit.passage.heading[-1:], unit.text.partition("\n")[0]])
        if quantity.counted[-1] in content_words(announced):
            return True
    return quantity.stands_in(unit.text)


def _evidence(
    chosen: Sequence[Unit], asked: Asked, quantity: Quantity | None, retrieval: Retrieval
) -> Evidence:
    if not chosen:
        return Evidence(0.0, 0.0, 0.0)
    given = quantity is None or any(_gives(unit, quantity) for unit in chosen)
    if chosen[0].kind == "section":
        similarity, coverage = max(SECTION_SIMILARITY, retrieval.similarity), 1.0
    else:
        similarity = max(0.0, retrieval.similarity)
        coverage = max(asked.covered(_context(unit)) for unit in chosen)
    return Evidence(similarity, coverage, float(given))
