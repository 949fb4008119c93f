"""Who does what: actors of a statement that act otherwise, or not at all, in its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.answer.claims.actors import Actor
from assistant.answer.claims.align import Alignment
from assistant.answer.claims.pairs import Pair

ASIDE: Final = 6  # words that a step into another clause counts like
MET: Final = 0.55  # the cosine from which a word of the evidence is taken up
AFAR: Final = 40  # words that a step into another sentence counts like
Places = npt.NDArray[np.intp]


def measured(
    alignment: Alignment, pairs: Sequence[Pair], chosen: Sequence[int]
) -> dict[str, float]:
    """Actors that are absent, that act in another clause, and subjects that were changed."""
    absent, named_absent, absent_count = 0.0, 0.0, 0.0
    for actor in alignment.statement.actors:
        rows = _content(alignment, actor)
        gone = float((~alignment.same[rows].any(axis=1)).mean()) if len(rows) else 0.0
        absent = max(absent, gone)
        absent_count += gone > 0
        named_absent += gone > 0 if actor.named else 0.0
    return {
        "actor_absent": absent,
        "actors_absent": absent_count,
        "name_absent": named_absent,
        "actors": float(len(alignment.statement.actors)),
        **_by_clause(alignment, pairs),
        **_by_distance(alignment, pairs),
        **_heads(alignment, pairs),
        **_exchanged(alignment, pairs),
    }


def _by_clause(alignment: Alignment, pairs: Sequence[Pair]) -> dict[str, float]:
    elsewhere = other_clause = swapped = lead = subject = 0.0
    for pair in pairs:
        for number, actor in enumerate(pair.mine):
            rows = _content(alignment, actor)
            if not len(rows) or not alignment.same[rows].any(axis=1).all():
                continue
            away = not _stands(alignment, rows, pair.columns)
            far = not _stands(alignment, rows, pair.around)
            met = any(actor.is_same(other) for other in pair.theirs)
            rivals = any(
                not any(other.is_same(own) for own in alignment.statement.actors)
                for other in pair.theirs
            )
            elsewhere += far and not met
            other_clause += away and not met and bool(pair.theirs)
            swapped += away and not met and rivals
            if number == 0 and pair.theirs:
                lead += not actor.is_same(pair.theirs[0]) and not met
        mine, theirs = _agent(pair.mine, pair, True), _agent(pair.theirs, pair, False)
        if mine and theirs and not mine.is_same(theirs):
            subject += any(mine.is_same(other) for other in pair.theirs)
    return {
        "actor_elsewhere": elsewhere,
        "actor_other_clause": other_clause,
        "actor_swapped": swapped,
        "lead_changed": lead,
        "agent_changed": subject,
    }


def _agent(actors: Sequence[Actor], pair: Pair, asked: bool) -> Actor | None:
    """The one who acts: the actor behind "by", or the first."""
    words = pair.alignment.statement.words
    if asked:
        for actor in actors:
            before = [word.lower for word in words[max(0, actor.first - 2) : actor.first]]
            if "by" in before:
                return actor
    return actors[0] if actors else None


def _by_distance(alignment: Alignment, pairs: Sequence[Pair]) -> dict[str, float]:
    """Actors that stand farther from what they are said to do than another actor does."""
    rivals = worst = swaps = 0.0
    spans = [
        (actor, np.arange(actor.first + offset, actor.last + offset + 1))
        for actor, offset in alignment.actors
    ]
    for pair in pairs:
        acting = {i for actor in pair.own for i in range(actor.first, actor.last + 1)}
        doing = [row for row in pair.rows if alignment.content[row] and row not in acting]
        places = [
            int(pair.around[alignment.similar[row, pair.around].argmax()])
            for row in doing
            if alignment.similar[row, pair.around].max() >= 0.5
        ]
        if not places or not spans:
            continue
        far = [_distance(alignment, places, span) for _, span in spans]
        for actor in pair.mine:
            mine = [d for d, (other, _) in zip(far, spans, strict=True) if actor.is_same(other)]
            others = [
                (d, other)
                for d, (other, _) in zip(far, spans, strict=True)
                if not any(other.is_same(own) for own in pair.mine)
            ]
            if not mine or not others:
                continue
            gap = min(mine) - min(others, key=lambda pair: pair[0])[0]
            rivals += gap > 0
            worst = max(worst, gap)
            closest = min(others, key=lambda pair: pair[0])[1]
            known = any(closest.is_same(own) for own in alignment.statement.actors)
            swaps += gap > 0 and known
    return {"rival_nearer": rivals, "rival_gap": worst, "rival_swapped": swaps}


def _distance(alignment: Alignment, places: Sequence[int], span: Places) -> float:
    """The mean distance of words of the evidence from an actor there, in words."""
    steps = []
    for place in places:
        step = float(np.abs(span - place).min())
        step += ASIDE * (alignment.clause[place] != alignment.clause[span[0]])
        step += AFAR * (alignment.sentence[place] != alignment.sentence[span[0]])
        steps.append(step)
    return float(np.mean(steps))


def _heads(alignment: Alignment, pairs: Sequence[Pair]) -> dict[str, float]:
    """First words of a clause that stand elsewhere, while other words open the evidence's."""
    moved = replaced = last_moved = 0.0
    for pair in pairs:
        rows = pair.rows[alignment.content[pair.rows]]
        told = [int(c) for c in pair.columns if alignment.words[c].content]
        if len(rows) < 3 or len(told) < 3:
            continue
        moved += _is_moved(alignment, rows[:2], pair)
        last_moved += _is_moved(alignment, rows[-2:], pair)
        opening = alignment.similar[np.ix_(rows, np.array(told[:2]))].max(axis=0)
        replaced += float((opening < 0.5).all())
    return {"head_moved": moved, "head_replaced": replaced, "tail_moved": last_moved}


def _exchanged(alignment: Alignment, pairs: Sequence[Pair]) -> dict[str, float]:
    """Words that stand elsewhere in the evidence, for words of their clause that are left out."""
    moved = left = exchanged = actors_left = 0.0
    above = alignment.sentence < 0
    for pair in pairs:
        rows = pair.rows[alignment.content[pair.rows]]
        told = np.array([c for c in pair.columns if alignment.words[c].content], dtype=np.intp)
        if not len(rows) or not len(told):
            continue
        here = alignment.same[np.ix_(rows, told)].any(axis=1) | alignment.same[rows][:, above].any(
            axis=1
        )
        away = alignment.same[rows].any(axis=1) & ~here
        nearest = alignment.similar[np.ix_(rows, told)].max(axis=0)
        out = nearest < MET
        moved = max(moved, float(away.mean()))
        left = max(left, float(out.mean()))
        exchanged = max(exchanged, min(float(away.sum()), float(out.sum())))
        gone = set(told[out].tolist())
        acting = [
            actor
            for actor, offset in alignment.actors
            if actor.last + offset in gone and pair.columns[0] <= actor.first + offset
        ]
        actors_left += bool(acting and pair.mine)
    return {
        "moved": moved,
        "left": left,
        "exchanged": exchanged,
        "actors_left": actors_left,
    }


def _is_moved(alignment: Alignment, rows: Places, pair: Pair) -> bool:
    """Whether words stand in the evidence, and not in the clause of their own clause."""
    there = alignment.same[rows].any(axis=1)
    return bool(there.all()) and not _stands(alignment, rows, pair.columns)


def _content(alignment: Alignment, actor: Actor) -> Places:
    rows = np.arange(actor.first, actor.last + 1)
    return rows[alignment.content[rows]]


def _stands(alignment: Alignment, rows: Places, columns: Places) -> bool:
    """Whether each of the words stands among ``columns`` or above the text."""
    above = np.flatnonzero(alignment.sentence < 0)
    here = np.concatenate([columns, above])
    return bool(alignment.same[np.ix_(rows, here)].any(axis=1).all())
