"""What was changed in a statement that otherwise repeats a sentence of its evidence.

Who copies a sentence and puts one office in the place of another leaves all other words as they
are. So the statement is held against each sentence word by word, as two versions of a text are
(Ratcliff and Obershelp, as in ``difflib``), and what stands in the place of what is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

import numpy as np

from assistant.answer.claims.align import Alignment
from assistant.answer.claims.pairs import Pair

NAMES: Final = (
    "edit_run",
    "edit_equal",
    "edit_alike",
    "edit_foreign",
    "edit_flank",
    "edit_added",
    "edit_limits_lost",
    "edit_limits_added",
    "edit_moved",
)
UNLIKE: Final = 0.5  # cosine under which one word does not stand for another
# Words that limit or turn round what is said, by their stems.
LIMITS: Final = frozenset(
    "not no never neither nor only unless except all every each any some most least must shall may "
    "should can before after without first both".split()
)


Code = tuple[str, int, int, int, int]


def compared(alignment: Alignment, sentence: int) -> tuple[list[int], Sequence[Code]]:
    """Which words of the evidence a sentence has, and the edits from the statement to them."""
    places: list[int] = np.flatnonzero(alignment.sentence == sentence).tolist()
    stated = [word.stem for word in alignment.statement.words]
    told = [alignment.words[place].stem for place in places]
    return places, SequenceMatcher(a=stated, b=told, autojunk=False).get_opcodes()


def longest_run(codes: Sequence[Code]) -> int:
    """The most words in a row that both have."""
    return max((b - a for tag, a, b, _, _ in codes if tag == "equal"), default=0)


def measured(
    alignment: Alignment, pairs: Sequence[Pair], chosen: Sequence[int]
) -> dict[str, float]:
    """How the statement differs from the sentence that it repeats most of."""
    found = [_edits(alignment, sentence) for sentence in chosen]
    best = max(found, key=lambda values: values[1], default=(0.0,) * len(NAMES))
    return dict(zip(NAMES, best, strict=True))


def _edits(alignment: Alignment, sentence: int) -> tuple[float, ...]:
    places, codes = compared(alignment, sentence)
    own = alignment.statement.words
    if not len(own) or not len(places):
        return (0.0,) * len(NAMES)
    stated = [word.stem for word in own]
    told = [alignment.words[place].stem for place in places]
    content = alignment.content
    run = longest_run(codes)
    equal = sum(content[a:b].sum() for tag, a, b, _, _ in codes if tag == "equal")
    alike, foreign, flank, added, lost, limits, moved = 1.0, 0, 0, 0, 0, 0, 0
    for number, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal":
            continue
        lost += sum(word in LIMITS for word in told[c:d] if word not in stated)
        limits += sum(word in LIMITS for word in stated[a:b] if word not in told)
        words = [row for row in range(a, b) if content[row]]
        others = [column for column in range(c, d) if alignment.words[places[column]].content]
        moved += sum(stated[row] in told for row in words)
        if words and others:
            block = alignment.similar[np.ix_(words, [places[column] for column in others])]
            cosine = float(block.max(axis=1).min())
            around = _equal(codes, number - 1) + _equal(codes, number + 1)
            foreign += cosine < UNLIKE
            if cosine < alike:
                alike, flank = cosine, around
        elif words:
            nearest = alignment.similar[np.ix_(words, places)].max(axis=1)
            added += int((nearest < UNLIKE).sum())
    return (
        run / len(own),
        float(equal) / max(1, int(content.sum())),
        alike,
        float(foreign),
        float(flank),
        float(added),
        float(lost),
        float(limits),
        float(moved),
    )


def _equal(codes: Sequence[Code], number: int) -> int:
    """Words in common directly beside a change."""
    if not 0 <= number < len(codes) or codes[number][0] != "equal":
        return 0
    return codes[number][2] - codes[number][1]
