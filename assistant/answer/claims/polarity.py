"""Whether a statement denies what its evidence affirms, or affirms what it denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.answer.claims.align import Alignment
from assistant.answer.claims.pairs import Pair
from assistant.answer.claims.words import INHERENT, LIMIT, NEGATION, are_opposite, plain

REACH: Final = 4  # content words behind a negation that it turns round
NEAR: Final = 0.5  # the least cosine of words that may say the same


def measured(
    alignment: Alignment, pairs: Sequence[Pair], chosen: Sequence[int]
) -> dict[str, float]:
    """Negations and opposites on one side alone, by clause and by word."""
    names = ("not_added", "not_lost", "in_added", "in_lost", "limit_added", "limit_lost")
    found = dict.fromkeys(names, 0.0)
    odd = odd_all = odd_limited = odd_sentence = 0
    opposite = 0.0
    for pair in pairs:
        mine, theirs = _counts(pair.text), _counts(pair.evidence)
        wide = _counts(pair.sentence)
        for name, a, b in zip(("not", "in", "limit"), mine, theirs, strict=True):
            found[f"{name}_added"] += a > b
            found[f"{name}_lost"] += a < b
        limited = bool(mine[2] or theirs[2])
        odd += mine[0] % 2 != theirs[0] % 2 and not limited
        turned = (mine[0] + mine[1]) % 2 != (theirs[0] + theirs[1]) % 2
        odd_all += turned and not limited
        odd_limited += turned and limited
        odd_sentence += turned and (mine[0] + mine[1]) % 2 != (wide[0] + wide[1]) % 2
        opposite = max(opposite, _opposite(pair))
    used = " ".join(dict.fromkeys(pair.sentence for pair in pairs))
    mine, theirs = _counts(alignment.statement.text), _counts(used)
    return (
        found
        | _by_word(alignment, pairs)
        | {
            "odd": float(odd),
            "odd_all": float(odd_all),
            "odd_limited": float(odd_limited),
            "odd_sentence": float(odd_sentence),
            "opposite": opposite,
            "not_only_here": float(bool(mine[0]) and not theirs[0]),
            "not_only_there": float(bool(theirs[0]) and not mine[0]),
            "negative_only_here": float(bool(sum(mine)) and not any(theirs)),
            "negative_only_there": float(bool(theirs[0] + theirs[1]) and not any(mine)),
            "nots_here": float(mine[0]),
            "negative_here": float(mine[1]),
            "limits_here": float(mine[2]),
        }
    )


def _counts(text: str) -> tuple[int, int, int]:
    """How many negations, words negative in themselves, and limits a text has."""
    clean = plain(text)
    return (
        len(NEGATION.findall(clean)),
        len(INHERENT.findall(clean)),
        len(LIMIT.findall(clean)),
    )


def _opposite(pair: Pair) -> float:
    """The cosine of an unmatched word with its opposite in the evidence's clause, 0 if none."""
    alignment, best = pair.alignment, 0.0
    for row in pair.rows:
        word = alignment.statement.words[row]
        if alignment.same[row, pair.around].any():
            continue
        for column in pair.around:
            other = alignment.words[column]
            if are_opposite(word.stem, other.stem) and not alignment.same[pair.rows, column].any():
                best = max(best, float(alignment.raw[row, column]))
    return best


@dataclass(frozen=True, slots=True)
class _Scopes:
    """For each word whether a negation reaches it, and how many content words behind it."""

    reached: tuple[int, ...]  # 0 where none does, 1 for the first content word behind
    softly: tuple[bool, ...]  # whether a word negative in itself, or a limit, is in its clause


def _scopes(words: Sequence[tuple[str, bool, int]]) -> _Scopes:
    """The reach of negations in their clauses: words as (text, content, clause)."""
    found, behind, clause = list[int](), 0, -1
    soft: dict[int, bool] = {}
    for text, content, number in words:
        if number != clause:
            behind, clause = 0, number
        if content and behind:
            found.append(behind)
            behind = behind + 1 if behind < REACH else 0
        else:
            found.append(0)
        if NEGATION.fullmatch(text) or re.search(r"n['’]t$", text):
            behind = 1
        if INHERENT.fullmatch(text) or LIMIT.fullmatch(text):
            soft[number] = True
    return _Scopes(tuple(found), tuple(soft.get(number, False) for _, _, number in words))


def _by_word(alignment: Alignment, pairs: Sequence[Pair]) -> dict[str, float]:
    """Words that a negation reaches here and not there, and there and not here."""
    asked_words = [(w.lower, w.content, w.clause) for w in alignment.statement.words]
    told_words = [
        (w.lower, w.content, int(clause))
        for w, clause in zip(alignment.words, alignment.clause, strict=True)
    ]
    mine, theirs = _scopes(asked_words), _scopes(told_words)
    here, there, heads, heads_there, soft = 0.0, 0.0, 0.0, 0.0, 0.0
    total = denied = affirmed = 0.0
    for pair in pairs:
        for row in pair.rows:
            if not alignment.content[row]:
                continue
            column = int(pair.around[int(alignment.similar[row, pair.around].argmax())])
            likeness = float(alignment.similar[row, column])
            if likeness < NEAR:
                continue
            total += 1
            turned = are_opposite(alignment.statement.words[row].stem, alignment.words[column].stem)
            asked = bool(mine.reached[row]) != turned
            told = bool(theirs.reached[column])
            if asked and not told:
                here = max(here, likeness)
                denied += 1
                heads = max(heads, likeness * (mine.reached[row] == 1))
                soft = max(soft, likeness * (not theirs.softly[column]))
            if told and not asked:
                there = max(there, likeness)
                affirmed += 1
                if theirs.reached[column] == 1:
                    heads_there = max(heads_there, likeness * (not mine.softly[row]))
    met, lost = _heads(alignment, pairs, mine, theirs)
    return {
        "word_denied": here,
        "word_affirmed": there,
        "head_denied": heads,
        "head_affirmed": heads_there,
        "denied_plainly": soft,
        "denied_share": denied / max(1.0, total),
        "affirmed_share": affirmed / max(1.0, total),
        "denials_lost": lost,
        "denials_met": met,
    }


def _heads(
    alignment: Alignment, pairs: Sequence[Pair], mine: _Scopes, theirs: _Scopes
) -> tuple[float, float]:
    """Denied words of the clauses used whose likeness in the statement is denied, and is not."""
    met = lost = 0.0
    used = np.array(sorted({int(c) for pair in pairs for c in pair.columns}), dtype=np.intp)
    for column in used:
        if not 0 < theirs.reached[column] <= 2 or not alignment.content.any():
            continue
        row = int(np.where(alignment.content, alignment.similar[:, column], -1).argmax())
        likeness = float(alignment.similar[row, column])
        if likeness >= NEAR:
            met += bool(mine.reached[row])
            lost += not mine.reached[row]
    return met, lost
