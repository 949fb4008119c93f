"""How much of a statement stands in its evidence at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant.answer.claims.align import Alignment, Array
from assistant.answer.claims.pairs import Pair

Flags = npt.NDArray[np.bool_]
# Of 3,700 supported statements that models may write two lie beyond both, of others 214.
UNLIKE = 0.12  # cosine of the mean vectors up to which a statement is about something else
PASSED_OVER = 0.7  # share of what the nearest clauses say that such a statement leaves out


def measured(
    alignment: Alignment, pairs: Sequence[Pair], chosen: Sequence[int]
) -> dict[str, float]:
    """Similarities of the statement's words, the least of them, and how scattered they stand."""
    content = alignment.content
    if not content.any() or not len(alignment.words):
        return dict.fromkeys(NAMES, 0.0)
    inside = np.isin(alignment.sentence, chosen) | (alignment.sentence < 0)
    best, overall = alignment.best(inside), alignment.best(np.ones(len(inside), dtype=bool))
    raw = alignment.raw[:, inside].max(axis=1)
    same: Flags = np.asarray(alignment.same[:, inside].any(axis=1))
    ordered = np.sort(best[content])
    drops = _drops(alignment, pairs, overall)
    back = _backwards(alignment, pairs)
    values = (
        best[content].mean(),
        ordered[:3].mean(),
        ordered[:5].mean(),
        ordered[0],
        (best[content] < 0.45).mean(),
        raw[content].mean(),
        np.sort(raw[content])[:3].mean(),
        raw.mean(),
        same[content].mean(),
        float((~same[content]).sum()),
        float(same[content & (best > 0)].sum()),
        min((pair.score for pair in pairs), default=0.0),
        max(drops, default=0.0),
        float(np.mean(sorted(drops)[-3:])) if drops else 0.0,
        back,
        _sentence_cosine(alignment, inside),
        len(chosen),
        np.log(max(3, content.sum())),
        len(pairs),
        _order(alignment, pairs),
        _scatter(alignment, pairs),
        _substituted(alignment, pairs),
        *_context(alignment, inside),
    )
    return dict(zip(NAMES, (float(value) for value in values), strict=True))


def is_elsewhere(measures: Mapping[str, float]) -> bool:
    """Whether what was ``measured`` shows that the evidence is about something else."""
    unlike = measures["sentence_cosine"] <= UNLIKE
    return unlike and measures["left_out"] >= PASSED_OVER


NAMES = (
    "mean",
    "weak3",
    "weak5",
    "weakest",
    "low",
    "raw",
    "raw_weak3",
    "raw_all",
    "same",
    "not_same",
    "same_count",
    "clause_least",
    "drop",
    "drop3",
    "left_out",
    "sentence_cosine",
    "sentences",
    "length",
    "clauses",
    "order",
    "scatter",
    "substituted",
    "same_raw",
    "same_raw_least",
)


def _drops(alignment: Alignment, pairs: Sequence[Pair], overall: Array) -> list[float]:
    """What each word loses in the sentence that its clause belongs to."""
    found: list[float] = []
    head = alignment.sentence < 0
    for pair in pairs:
        here = head.copy()
        here[pair.around] = True
        rows = pair.rows[alignment.content[pair.rows]]
        nearest = alignment.similar[np.ix_(rows, np.flatnonzero(here))].max(axis=1)
        found += (overall[rows] - nearest).tolist()
    return found


def _backwards(alignment: Alignment, pairs: Sequence[Pair]) -> float:
    """The share of content words of the clauses used that the statement leaves out."""
    used = sorted({int(column) for pair in pairs for column in pair.columns})
    told = [c for c in used if alignment.words[c].content]
    if not told:
        return 0.0
    rows = np.flatnonzero(alignment.content)
    return float((alignment.similar[np.ix_(rows, np.array(told))].max(axis=0) < 0.5).mean())


def _sentence_cosine(alignment: Alignment, inside: Flags) -> float:
    """The cosine of the mean vectors of the statement and of the words chosen."""
    weights = (inside & (alignment.sentence >= 0)).astype(np.float32)
    if not weights.any():
        return 0.0
    # The mean of cosines is the cosine of means up to both lengths, which hardly vary.
    return float((alignment.raw @ weights).mean() / weights.sum())


def _order(alignment: Alignment, pairs: Sequence[Pair]) -> float:
    """The share of neighbours of one stem that stand the other way round in the evidence."""
    turned = total = 0
    for pair in pairs:
        places = []
        for row in pair.rows:
            found = pair.around[alignment.same[row, pair.around]]
            if alignment.content[row] and len(found):
                places.append(int(found[np.argmax(alignment.raw[row, found])]))
        steps = np.diff(places)
        turned += int((steps < 0).sum())
        total += len(steps)
    return turned / max(1, total)


def _scatter(alignment: Alignment, pairs: Sequence[Pair]) -> float:
    """How many words of one stem with the evidence stand outside the clause of their fellows."""
    found = 0
    for pair in pairs:
        for row in pair.rows[alignment.content[pair.rows]]:
            same = alignment.same[row]
            found += bool(same.any() and not same[pair.around].any() and not _above(alignment, row))
    return float(found)


def _above(alignment: Alignment, row: int) -> bool:
    return bool((alignment.same[row] & (alignment.sentence < 0)).any())


def _context(alignment: Alignment, inside: Flags) -> tuple[float, float]:
    """The cosines of words with words of their own stem: their mean, and the mean of the least."""
    cosines = np.where(alignment.same, alignment.raw, -1.0)[alignment.content][:, inside].max(
        axis=1
    )
    met = np.sort(cosines[cosines > -1.0])
    return (float(met.mean()), float(met[:2].mean())) if len(met) else (0.0, 0.0)


def _substituted(alignment: Alignment, pairs: Sequence[Pair]) -> float:
    """Words that stand where the evidence has another word between the same neighbours."""
    found = 0.0
    for pair in pairs:
        rows = pair.rows[alignment.content[pair.rows]]
        told = [int(c) for c in pair.around if alignment.words[c].content]
        for left, row, right in zip(rows, rows[1:], rows[2:], strict=False):
            if alignment.same[row].any():
                continue
            for a, b, c in zip(told, told[1:], told[2:], strict=False):
                if alignment.same[left, a] and alignment.same[right, c]:
                    found = max(found, 1.0 - float(alignment.raw[row, b]))
    return found
