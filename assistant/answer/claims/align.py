"""A statement's words held against the words of its evidence, by their token vectors."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.answer.claims.actors import Actor, actors
from assistant.answer.claims.text import Word, alike, read
from assistant.index.embedder import Embedder

KEPT: Final = 512  # texts whose word vectors are kept in memory
CHUNK: Final = 900  # characters that the model surely reads at once
SAME: Final = 0.85  # the least similarity of two words of one stem
GAIN: Final = 0.015  # what a further sentence must add to be used
MOST: Final = 4  # sentences that carry a statement

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as it is compared: words, one vector of length one for each, actors."""

    text: str
    words: tuple[Word, ...]
    vectors: Array
    actors: tuple[Actor, ...]


class Reader:
    """Reads texts and keeps the latest; safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[tuple[str, tuple[tuple[int, int], ...]], Reading] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Reading:
        """The reading of ``text``, which consists of ``sentences``."""
        key = (text, tuple(sentences))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        words = read(text, sentences)
        reading = Reading(text, words, self._vectors(text, words), actors(words, text))
        with self._lock:
            self._kept[key] = reading
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return reading

    def _vectors(self, text: str, words: Sequence[Word]) -> Array:
        chunks = _chunks(words)
        if not chunks:
            return np.zeros((0, 1), dtype=np.float32)
        pieces = [text[words[a].start : words[b - 1].end] for a, b in chunks]
        found: list[Array] = []
        for (first, last), tokens in zip(chunks, self._embedder.embed_tokens(pieces), strict=True):
            starts = np.array([word.start for word in words[first:last]]) - words[first].start
            ends = np.array([word.end for word in words[first:last]]) - words[first].start
            inside = (tokens.offsets[None, :, 0] < ends[:, None]) & (
                tokens.offsets[None, :, 1] > starts[:, None]
            )
            summed = inside.astype(np.float32) @ tokens.vectors.astype(np.float32)
            found.append(summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9))
        return np.concatenate(found)


def _chunks(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Half-open ranges of words that are embedded together, whole sentences where they fit."""
    found, first = list[tuple[int, int]](), 0
    while first < len(words):
        last = first
        while last < len(words) and words[last].end - words[first].start <= CHUNK:
            last += 1
        last = max(last, first + 1)
        if last < len(words):
            whole = last
            while whole > first and words[whole - 1].sentence == words[last].sentence:
                whole -= 1
            last = whole if whole > first else last
        found.append((first, last))
        first = last
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A statement beside all its evidence.

    ``words`` are the words of the evidence, ``sentence`` and ``clause`` number those of all
    passages through, -1 for what stands above: headings, titles of documents, and the sources that
    the evidence names; ``headed`` has the first two as text. ``raw``: shape (words of the
    statement, words of the evidence), cosines; ``similar`` the same, but at least ``SAME`` for
    words of one stem. ``same`` says which are.
    """

    statement: Reading
    words: tuple[Word, ...]
    sentence: npt.NDArray[np.int64]
    clause: npt.NDArray[np.int64]
    raw: Array
    similar: Array
    same: npt.NDArray[np.bool_]
    places: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]
    headed: str
    actors: tuple[tuple[Actor, int], ...]
    content: npt.NDArray[np.bool_]

    def best(self, chosen: npt.NDArray[np.bool_]) -> Array:
        """The nearest similarity of each word of the statement among the chosen words."""
        if not chosen.any():
            return np.zeros(len(self.statement.words), dtype=np.float32)
        nearest: Array = self.similar[:, chosen].max(axis=1)
        return nearest

    def choose(self) -> list[int]:
        """The fewest sentences that meet the words of the statement about as well as all do."""
        chosen: list[int] = []
        if not self.content.any():
            return chosen
        current = self.best(self.sentence < 0)[self.content]
        bests = [
            self.best(self.sentence == number)[self.content] for number in range(len(self.places))
        ]
        while len(chosen) < MOST and bests:
            means = [float(np.maximum(current, best).mean()) for best in bests]
            top = int(np.argmax(means))
            if chosen and means[top] - float(current.mean()) < GAIN:
                break
            chosen.append(top)
            current = np.maximum(current, bests[top])
        return sorted(set(chosen))


def align(
    statement: Reading,
    passages: Sequence[Reading],
    above: Sequence[Reading],
    spelled: Mapping[str, frozenset[str]],
    headed: str = "",
) -> Alignment:
    """The alignment of a statement with passages and what stands above them.

    ``headed`` are their headings and titles as text, ``spelled`` has the stems of what acronyms
    stand for, by their own stem.
    """
    words: list[Word] = []
    sentences: list[int] = []
    clauses: list[int] = []
    places: list[tuple[int, int]] = []
    texts: list[str] = []
    found_actors: list[tuple[Actor, int]] = []
    clause = 0
    for number, passage in enumerate(passages):
        base = len(places)
        last = max((word.sentence for word in passage.words), default=-1)
        found_actors += [(actor, len(words)) for actor in passage.actors]
        places += [(number, sentence) for sentence in range(last + 1)]
        spans: dict[int, list[int]] = {}
        for word in passage.words:
            words.append(word)
            sentences.append(base + word.sentence)
            clauses.append(clause + word.clause)
            span = spans.setdefault(word.sentence, [word.start, word.end])
            span[1] = word.end
        texts += [passage.text[slice(*spans.get(s, [0, 0]))] for s in range(last + 1)]
        clause += max((word.clause for word in passage.words), default=-1) + 1
    for heading in above:
        words += heading.words
        sentences += [-1] * len(heading.words)
        clauses += [-1] * len(heading.words)
    vectors = [reading.vectors for reading in [*passages, *above] if len(reading.words)]
    size = len(statement.words)
    raw = np.zeros((size, len(words)), dtype=np.float32)
    if size and words:
        raw = statement.vectors @ np.concatenate(vectors).T
    same = _same(statement.words, words, spelled)
    return Alignment(
        statement,
        tuple(words),
        np.array(sentences, dtype=np.int64),
        np.array(clauses, dtype=np.int64),
        raw,
        np.where(same, np.maximum(raw, SAME), raw),
        same,
        tuple(places),
        tuple(texts),
        headed,
        tuple(found_actors),
        np.array([word.content for word in statement.words], dtype=bool),
    )


def _same(
    asked: Sequence[Word], words: Sequence[Word], spelled: Mapping[str, frozenset[str]]
) -> npt.NDArray[np.bool_]:
    """Which words are of one stem, or one an acronym of what the other is part of."""
    columns: dict[str, list[int]] = {}
    for column, word in enumerate(words):
        columns.setdefault(word.stem, []).append(column)
    same = np.zeros((len(asked), len(words)), dtype=bool)
    for row, word in enumerate(asked):
        for stem, places in columns.items():
            if (
                alike(word.stem, stem)
                or (word.content and stem in spelled.get(word.stem, ()))
                or (word.content and word.stem in spelled.get(stem, ()))
            ):
                same[row, places] = True
    return same
