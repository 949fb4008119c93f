"""Which clause of the evidence each clause of a statement says over again, and who acts there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.answer.claims.actors import PRONOUNS, Actor
from assistant.answer.claims.align import Alignment

_ACTOR: Final = 0.3  # weight of an actor's words in the search for the clause: predicates lead


@dataclass(frozen=True, eq=False)
class Pair:
    """A clause of a statement with the clause of the evidence that is nearest to it.

    ``rows`` and ``columns`` are its words and those of the evidence's clause, ``around`` those
    of that clause's sentence. ``mine`` and ``theirs`` are the actors of both; where a clause has
    none of its own or begins with a pronoun, those before it.
    """

    alignment: Alignment
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    around: npt.NDArray[np.intp]
    mine: tuple[Actor, ...]
    theirs: tuple[Actor, ...]
    own: tuple[Actor, ...]
    score: float

    @cached_property
    def text(self) -> str:
        """The statement's clause."""
        words = self.alignment.statement.words
        return self.alignment.statement.text[words[self.rows[0]].start : words[self.rows[-1]].end]

    @cached_property
    def evidence(self) -> str:
        """The evidence's clause."""
        return " ".join(self.alignment.words[column].text for column in self.columns)

    @cached_property
    def sentence(self) -> str:
        """The sentence of the evidence's clause."""
        number = int(self.alignment.sentence[self.columns[0]])
        return self.alignment.texts[number]


def pairs_of(alignment: Alignment) -> list[Pair]:
    """One pair for each clause of the statement that has words of content."""
    if not len(alignment.words) or alignment.clause.max(initial=-1) < 0:
        return []
    words = alignment.statement.words
    clauses = np.array([word.clause for word in words])
    found: list[Pair] = []
    inherited: tuple[Actor, ...] = ()
    for clause in dict.fromkeys(clauses.tolist()):
        rows = np.flatnonzero(clauses == clause)
        if not alignment.content[rows].any():
            continue
        own = tuple(a for a in alignment.statement.actors if rows[0] <= a.first <= rows[-1])
        first = next((a for a in own if a.first - rows[0] <= 3), None)
        mine = own if first else (*inherited[:1], *own)
        inherited = mine or inherited
        found.append(_pair(alignment, rows, mine, own))
    return found


def _pair(
    alignment: Alignment,
    rows: npt.NDArray[np.intp],
    mine: tuple[Actor, ...],
    own: tuple[Actor, ...],
) -> Pair:
    content = rows[alignment.content[rows]]
    acting = {i for actor in own for i in range(actor.first, actor.last + 1)}
    weights = np.array([_ACTOR if row in acting else 1.0 for row in content])
    numbers = range(int(alignment.clause.max()) + 1)
    scores = []
    for number in numbers:
        columns = np.flatnonzero(alignment.clause == number)
        nearest = alignment.similar[np.ix_(content, columns)].max(axis=1, initial=0.0)
        scores.append(float(np.average(nearest, weights=weights)) if len(columns) else -1.0)
    best = int(np.argmax(scores))
    columns = np.flatnonzero(alignment.clause == best)
    around = np.flatnonzero(alignment.sentence == alignment.sentence[columns[0]])
    theirs = _actors_of(alignment, columns)
    return Pair(alignment, rows, columns, around, mine, theirs, own, scores[best])


def _actors_of(alignment: Alignment, columns: npt.NDArray[np.intp]) -> tuple[Actor, ...]:
    """The actors of a clause of the evidence, with the one before where it has none at its head."""
    first, last = int(columns[0]), int(columns[-1])
    here, before = list[Actor](), list[Actor]()
    for actor, offset in alignment.actors:
        if first <= actor.first + offset <= last:
            here.append(actor)
        elif actor.first + offset < first and offset <= first:
            before.append(actor)
    opening = [alignment.words[column].lower for column in columns[:2]]
    led = bool(here) and any(
        offset + actor.first - first <= 3
        for actor, offset in alignment.actors
        if actor in here[:1] and first <= offset + actor.first <= last
    )
    if (not led or any(word in PRONOUNS for word in opening)) and before:
        return (*before[-2:], *here)
    return tuple(here)
