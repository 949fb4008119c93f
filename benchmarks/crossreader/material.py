"""What the cross-reader learns from: passages with true statements and edits that make them false.

A file of material is plain text in blocks, an empty line between two:

    # CHAPTER 3 > 3.2. Release authority
    3-12. The disclosure officer decides whether a partner may see a classified product. ...
    + Whether a partner may see a classified product is decided by the disclosure officer.
    name: disclosure officer => collection manager
    scope: may see => may copy || a classified => any

The heading path is left out where the passage has none. ``+`` leads a true statement; the edits
under it each replace a piece that stands in it exactly once, or several, and make it false.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.eval.support_gold import load_pairs

ERRORS = ("number", "date", "name", "negation", "scope")
MOST = 2.5  # a true statement counts as much as its edits together, at most so much
FOLDS = ("lfapw147", "mgesxj25", "nidco36")  # writers of own pairs that are left out together
PAIR = 1.5  # weight of a pair
NEAR = 6  # every so-manieth true statement is also held against a passage that does not say it
_EDIT = re.compile(rf"({'|'.join(ERRORS)}):\s+(.*)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a statement, and whether it is what makes the statement false."""

    text: str
    wrong: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A statement in pieces beside a passage; ``error`` is None where the passage supports it."""

    pieces: Pieces
    heading: tuple[str, ...]
    passage: str
    error: str | None
    weight: float = 1.0

    @property
    def statement(self) -> str:
        """The whole statement."""
        return "".join(piece.text for piece in self.pieces)


class MalformedError(Exception):
    """A block that cannot be read; the message says which and why."""


def read(paths: Sequence[Path]) -> list[Example]:
    """All examples of the files, and statements held against other passages of their file.

    Raises MalformedError.
    """
    found: list[Example] = []
    for path in paths:
        blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
        inside = [
            one for number, block in enumerate(blocks, 1) for one in _block(path, number, block)
        ]
        found += inside
        found += _elsewhere(inside, random.Random(zlib.crc32(path.name.encode())))
    return found


def read_pairs(paths: Sequence[Path]) -> list[Example]:
    """Pairs of a statement and a passage, JSON lines.

    What is wrong in a statement is not known, but that all of it is where it belongs elsewhere.
    """
    return [
        Example(
            (Piece(pair.statement, wrong=pair.error == "elsewhere"),),
            pair.heading,
            pair.passage,
            pair.error,
            PAIR,
        )
        for path in paths
        for pair in load_pairs(path)
    ]


def misplaced(statement: str, other: Example) -> Example:
    """A statement beside the passage of another example, which does not say it."""
    return Example((Piece(statement, wrong=True),), other.heading, other.passage, "elsewhere")


def writer_of(path: Path) -> str:
    """Who wrote a file of pairs: the letter behind the last underscore of its name."""
    return path.stem.rpartition("_")[2]


def fold_of(path: Path) -> int:
    """Of which of FOLDS the writer of a file is, from 0. Raises LookupError where of none."""
    writer = writer_of(path)
    for number, writers in enumerate(FOLDS):
        if writer in writers:
            return number
    raise LookupError(f"{path}: FOLDS has no writer {writer}")


def _block(path: Path, number: int, block: str) -> Iterator[Example]:
    heading: tuple[str, ...] = ()
    passage: list[str] = []
    said: list[tuple[str, list[tuple[str, Pieces]]]] = []
    for line in filter(None, (line.strip() for line in block.split("\n"))):
        if line.startswith("# ") and not passage:
            heading = tuple(part.strip() for part in line[2:].split(" > "))
        elif line.startswith("+ "):
            said.append((line[2:].strip(), []))
        elif said and (match := _EDIT.match(line)):
            pieces = edited(said[-1][0], match.group(2))
            if pieces is None:
                raise MalformedError(
                    f"{path}: block {number}: nothing to replace exactly once: {line}"
                )
            said[-1][1].append((match.group(1), pieces))
        elif said:
            raise MalformedError(f"{path}: block {number}: not understood: {line}")
        else:
            passage.append(line)
    if not passage or not said:
        raise MalformedError(f"{path}: block {number}: no passage or no statement")
    text = "\n".join(passage)
    for statement, edits in said:
        weight = min(MOST, max(1.0, float(len(edits))))
        yield Example((Piece(statement),), heading, text, None, weight)
        for error, pieces in edits:
            yield Example(pieces, heading, text, error)


def edited(statement: str, edit: str) -> Pieces | None:
    """``statement`` with the pieces of ``edit`` replaced; None where one is not there once."""
    pieces = [Piece(statement)]
    for part in edit.split(" || "):
        old, arrow, new = (side.strip() for side in part.partition(" => "))
        whole = re.compile(rf"(?!\B\w){re.escape(old)}(?<!\w\B)")  # words, not parts of them
        places = [number for number, piece in enumerate(pieces) if whole.search(piece.text)]
        if not arrow or not old or len(whole.findall(statement)) != 1 or len(places) != 1:
            return None
        before, after = whole.split(pieces[places[0]].text)
        pieces[places[0] : places[0] + 1] = _replaced(before, old.split(" "), new.split(" "), after)
    first = pieces[0]
    pieces[0] = Piece(first.text[:1].upper() + first.text[1:], first.wrong)
    kept = tuple(piece for piece in pieces if piece.text)
    return kept if any(piece.wrong for piece in kept) else None


def _replaced(before: str, old: list[str], new: list[str], after: str) -> list[Piece]:
    """The pieces around a replacement; words that old and new share at its ends are not wrong.

    Where nothing is left of the new words, those around the gap are what is wrong.
    """
    new = [word for word in new if word]
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    left, changed, right = new[:start], new[start : len(new) - end], new[len(new) - end :]
    if not changed:
        changed = [*left[-1:], *right[:1]]
        left, right = left[:-1], right[1:]
    if not changed:  # all of it was taken out
        head, _, last = before.rstrip().rpartition(" ")
        before, changed, after = f"{head} " if head else "", [last], f" {after.lstrip()}"
    return [
        Piece(before + "".join(f"{word} " for word in left)),
        Piece(" ".join(changed), wrong=True),
        Piece("".join(f" {word}" for word in right) + after),
    ]


def _elsewhere(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    true = [example for example in examples if example.error is None]
    moved = []
    for example in rng.sample(true, len(true) // NEAR):
        other = rng.choice(true)
        if other.passage != example.passage:
            moved.append(misplaced(example.statement, other))
    return moved
