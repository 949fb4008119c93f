"""Which of the scored units are said, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.units import Unit
from assistant.index.words import content_words

OVERLAP: Final = 0.7  # share of words from which a unit repeats an earlier one


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is said.

    ``behind`` the best unit a unit of another passage may be so far, ``beside`` one of a passage
    that is quoted already; the first statement and what follows have so many ``words``.
    """

    behind: float
    beside: float
    words: int


WHOLE: Final = Limits(behind=0.2, beside=1.4, words=125)
IN_PART: Final = Limits(behind=0.1, beside=1.4, words=75)  # of a question with several parts


def choose(
    scored: Sequence[tuple[float, Unit]],
    chosen: list[Unit],
    also: list[Unit],
    most: int,
    limits: Limits,
) -> None:
    """Add to ``chosen`` the best unit and what goes with it, up to ``limits``.

    What only says the same again goes to ``also`` where it stands in another passage.

    A unit beside an already chosen one of its passage needs less to be taken along.
    """
    if not scored:
        return
    best, first = scored[0]
    if first.kind == "section":  # a whole list under its own heading
        if not chosen:
            chosen.append(first)
        return
    if any(unit.kind == "section" for unit in chosen):
        return
    words = 0
    for score, unit in scored:
        beside = unit.kind in ("sentence", "item") and any(
            unit.passage == other.passage for other in chosen
        )
        length = len(unit.text.split())
        fits = not words or (len(chosen) < most and words + length <= limits.words)
        near = best - score <= (limits.beside if beside and words else limits.behind)
        if not (fits and near):
            continue
        if again := next((other for other in chosen if _repeats(unit, other)), None):
            words = words or 1  # said already, for another part
            if unit.passage.id != again.passage.id and _is_as_long(unit, again):
                also.append(unit)
            continue
        chosen.append(unit)
        words += length


def _repeats(unit: Unit, other: Unit) -> bool:
    if unit.overlaps(other):
        return True
    words, others = set(content_words(unit.text)), set(content_words(other.text))
    return len(words & others) >= OVERLAP * min(len(words), len(others))


def _is_as_long(unit: Unit, other: Unit) -> bool:
    """Whether neither says much that the other does not."""
    lengths = sorted((len(unit.text.split()), len(other.text.split())))
    return lengths[0] >= OVERLAP * lengths[1] and not unit.overlaps(other)


def said_in_order(units: Sequence[Unit]) -> list[Unit]:
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
    return [unit.with_above() for unit in joined]
