"""Numbers, dates and intervals of a statement that its evidence does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from assistant.answer.claims.align import Alignment
from assistant.answer.claims.dates import dates
from assistant.answer.claims.numbers import Quantity, intervals, months, quantities
from assistant.answer.claims.pairs import Pair
from assistant.answer.claims.text import stem_of

KINDS: Final = (
    *("near", "missing", "small", "one", "counted", "derived", "other_noun", "far", "other_clause"),
)
_RECKONED: Final = re.compile(
    r"\b(?:total|altogether|in all|remain\w*|rest|still|difference|older|younger|longer|shorter|"
    r"more|fewer|less|larger|between|together|combined|later|earlier|after|before|apart|sum|"
    r"missing|both|others?|gap|lasts?|lasted|took|takes|"
    r"(?<!percent )of (?:the|them|these|those))\b",
    re.IGNORECASE,
)
_SOME_OF: Final = re.compile(
    r"\s+(?:\w+\s+)?of (?:the|them|these|those|its|their)\b", re.IGNORECASE
)
_PERCENT: Final = stem_of("percent")
_HALF: Final = re.compile(r"\bhal(?:f|ved?)\b", re.IGNORECASE)
NEAR: Final = 0.5  # the least cosine of words that may say the same
ASIDE: Final = 6  # words that a step into another clause counts like
AFAR: Final = 40  # words that a step into another sentence counts like
FEW: Final = 4  # up to which a statement may count what the evidence names
ABOUT: Final = 3.0  # percent by which a share in words may be off
SMALL: Final = 12  # up to which a statement may count what the evidence lists


def measured(
    alignment: Alignment, pairs: Sequence[Pair], chosen: Sequence[int]
) -> dict[str, float]:
    """Numbers that are missing, that count something else, or that stand with something else."""
    told = "\n".join(alignment.texts)
    above = _above(alignment)
    stated = quantities(alignment.statement.text)
    known = _known(alignment, told)
    counts = dict.fromkeys(KINDS, 0.0)
    for quantity in stated:
        counts[_kind(quantity, known, told, pairs)] += 1
    if counts["derived"] and not _RECKONED.search(alignment.statement.text):
        counts["missing"] += counts.pop("derived")
        counts["derived"] = 0.0
    mine, theirs = intervals(alignment.statement.text), intervals(told)
    return {
        **{f"number_{kind}": counts[kind] for kind in KINDS if kind != "near"},
        **_dates(alignment, told, above),
        **_rivals(alignment, pairs),
        "numbers": float(len(stated)),
        "month_missing": float(len(missing_months(alignment))),
        "interval_missing": float(sum(not _has(days, theirs) for days in mine)) if theirs else 0.0,
    }


def _above(alignment: Alignment) -> str:
    """The words of headings and of the title."""
    rows = zip(alignment.words, alignment.sentence, strict=True)
    return " . ".join(word.text for word, sentence in rows if sentence < 0)


def _dates(alignment: Alignment, told: str, above: str) -> dict[str, float]:
    """Dates that the evidence does not give, though it may have their parts."""
    asked, given = dates(alignment.statement.text), (*dates(told), *dates(above))
    gone = [date for date in asked if not any(date.is_met_by(other) for other in given)]
    part = [d for d in gone if any(d.year == o.year and d.year for o in given)]
    return {"date_missing": float(len(gone)), "date_part": float(len(part))}


def _rivals(alignment: Alignment, pairs: Sequence[Pair]) -> dict[str, float]:
    """Numbers from which another of their kind stands nearer to what they are said of."""
    marks = _marks(alignment)
    nearer = worst = 0.0
    for pair in pairs:
        words = alignment.statement.words
        first, last = words[pair.rows[0]].start, words[pair.rows[-1]].end
        mine = [q for q in quantities(alignment.statement.text) if first <= q.start < last]
        inside = {r for q in mine for r in pair.rows if q.start <= words[r].start < q.end}
        rows = [r for r in pair.rows if alignment.content[r] and r not in inside]
        places = [
            int(pair.around[alignment.similar[r, pair.around].argmax()])
            for r in rows
            if alignment.similar[r, pair.around].max() >= NEAR
        ]
        for quantity in mine:
            kind = [(c, q) for c, q in marks if _is_of_kind(quantity, q)]
            same = [apart(alignment, places, c) for c, q in kind if _equal(quantity, q)]
            other = [apart(alignment, places, c) for c, q in kind if not _equal(quantity, q)]
            if places and same and other:
                nearer += min(same) > min(other)
                worst = max(worst, min(same) - min(other))
    return {"number_rival": nearer, "number_gap": worst}


def _marks(alignment: Alignment) -> list[tuple[int, Quantity]]:
    """The quantities of each sentence of the evidence with the word that they begin at."""
    found = []
    for number, text in enumerate(alignment.texts):
        columns = np.flatnonzero(alignment.sentence == number)
        if not len(columns):
            continue
        base = alignment.words[columns[0]].start
        for quantity in quantities(text):
            starts = np.array([alignment.words[c].start - base for c in columns])
            found.append((int(columns[np.abs(starts - quantity.start).argmin()]), quantity))
    return found


def _is_of_kind(a: Quantity, b: Quantity) -> bool:
    if _is_year(a.value) or _is_year(b.value):
        return _is_year(a.value) and _is_year(b.value)
    return (a.days is None) == (b.days is None) and (a.noun == b.noun or a.days is not None)


def apart(alignment: Alignment, places: Sequence[int], column: int) -> float:
    """The mean distance of words of the evidence from one of them, in words."""
    there = np.array(places, dtype=np.intp)
    steps = np.abs(there - column).astype(float)
    steps += ASIDE * (alignment.clause[there] != alignment.clause[column])
    steps += AFAR * (alignment.sentence[there] != alignment.sentence[column])
    return float(steps.mean()) if len(there) else 0.0


def missing_numbers(alignment: Alignment) -> list[str]:
    """Numbers as the statement writes them that the evidence does not have."""
    told = "\n".join(alignment.texts)
    known, text = _known(alignment, told), alignment.statement.text
    gone = {"missing"} if _RECKONED.search(text) else {"missing", "derived"}
    missing = (q for q in quantities(text) if _kind(q, known, told, ()) in gone)
    found = [
        text[q.start : q.end].strip(",.")
        for q in missing
        if (q.value > FEW or not _SOME_OF.match(text, q.end)) and not _is_worked_out(q, known)
    ]
    written = f"{told}\n{alignment.headed}\n{_above(alignment)}"
    return [number for number in found if not _is_written(number, written)]


def _is_worked_out(quantity: Quantity, known: Sequence[Quantity]) -> bool:
    """Whether it is a share in words that two of the ``known`` numbers may make, or one leaves."""
    if not quantity.share:
        return False
    values = {other.value for other in known if other.value > 0}
    given = {other.value for other in known if other.share or other.noun == _PERCENT}
    shares = {100.0 * a / b for a in values for b in values if a < b}
    shares |= given | {100.0 - share for share in given}
    return any(abs(share - quantity.value) <= ABOUT for share in shares)


def _is_written(number: str, text: str) -> bool:
    """Whether a number of three digits or more stands there as it is, as part of a name, say."""
    there = re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d)", text)
    return sum(map(str.isdigit, number)) > 2 and there is not None


def _known(alignment: Alignment, told: str) -> tuple[Quantity, ...]:
    """The numbers of the evidence and of what heads it; those of sources say where, not what."""
    half = (Quantity(50.0, 0, 0, ""),) if _HALF.search(told) else ()
    return quantities(told) + quantities(alignment.headed) + half


def missing_months(alignment: Alignment) -> list[str]:
    """Months that only the statement names."""
    told = "\n".join([*alignment.texts, _above(alignment)])
    asked = sorted(months(alignment.statement.text))
    return [month for month in asked if not re.search(rf"\b{month}\b|\b{month[:3]}\b", told)]


def _kind(
    quantity: Quantity,
    known: Sequence[Quantity],
    told: str,
    pairs: Sequence[Pair],
) -> str:
    same_noun = {other.value for other in known if quantity.noun and other.noun == quantity.noun}
    if not any(_equal(quantity, other) for other in known):
        return _absent(quantity, same_noun, known, told)
    if same_noun and quantity.value not in same_noun and not _is_year(quantity.value):
        return "other_noun"
    for pair in pairs:
        words = pair.alignment.statement.words
        if words[pair.rows[0]].start <= quantity.start < words[pair.rows[-1]].end:
            here = quantities(pair.evidence)
            around = quantities(pair.sentence)
            if any(_equal(quantity, other) for other in here):
                return "near"
            if any(_equal(quantity, other) for other in around):
                return "other_clause" if here else "near"
            return "far"
    return "near"


def _absent(quantity: Quantity, same_noun: set[float], known: Sequence[Quantity], told: str) -> str:
    """How a number may be right that is not among the ``known`` ones."""
    if quantity.days is not None and _has(quantity.days, intervals(told)):
        return "near"
    if quantity.value == 1:
        return "one"
    if quantity.value <= SMALL and not same_noun and quantity.value in _listed(told):
        return "counted"
    values = {other.value for other in known} - {0.0}
    scaled = {value * scale for value in values for scale in (1e3, 1e6, 1e9)}
    if quantity.value in scaled and re.search(r"million|thousand|billion", told):
        return "near"
    values = {other.value for other in quantities(told)}  # nobody adds up numbers of chapters
    sums = {a + b for a in values for b in values if a != b}
    sums |= {abs(a - b) for a in values for b in values}
    if quantity.value in sums and quantity.value not in (same_noun or ()):
        return "derived"
    return "small" if quantity.value <= FEW and not same_noun else "missing"


def _is_year(value: float) -> bool:
    return value == int(value) and 1900 < value < 2100


def _equal(a: Quantity, b: Quantity) -> bool:
    if a.days is not None and b.days is not None:
        return abs(a.days - b.days) <= 0.02 * a.days
    return a.value == b.value


def _has(days: float, others: set[float]) -> bool:
    return any(abs(days - other) <= 0.02 * days for other in others)


def _listed(text: str) -> set[float]:
    """How many members the lists of a text have."""
    items = len(re.findall(r"^\s*(?:•|\(\w\)|\w\.)\s", text, re.MULTILINE))
    inline = len(re.findall(r"(?<=\s)\(\w\)\s", text))
    rows = text.count("\n")
    enumerated = {
        float(len([part for part in re.split(r",\s*(?:and |or )?| and | or ", clause) if part]))
        for clause in re.split(r"[.;:\n]", text)
    }
    return {float(items), float(inline), float(rows), float(rows + 1)} | enumerated - {1.0}
