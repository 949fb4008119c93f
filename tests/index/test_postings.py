"""What is left out of a search for words in a large index, and that nothing else changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.index.postings import COUNT, SCHEMA, Postings

# Few words, so that they share passages; "a" is in most of them.
WORDS = list("abcdefgh")
passages_of_words = st.lists(
    st.lists(st.sampled_from([*"aaaabbcc", *WORDS]), max_size=8), min_size=1, max_size=30
)
questions = st.lists(st.sampled_from([*WORDS, "absent"]), max_size=6)


class Small:
    """Passages of two documents, each passage a list of words."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        self.passages = passages
        self._database = sqlite3.connect(":memory:")
        self._database.executescript(SCHEMA)
        self._database.execute(
            "CREATE TABLE passages (rowid INTEGER PRIMARY KEY, id TEXT, document_id TEXT)"
        )
        for row, words in enumerate(passages, start=1):
            document = "first" if row <= len(passages) / 2 else "second"
            self._database.execute(
                "INSERT INTO passages VALUES (?, ?, ?)", (row, f"{row}", document)
            )
            self._database.execute(
                "INSERT INTO words (rowid, heading, text) VALUES (?, '', ?)", (row, " ".join(words))
            )
        for statement in COUNT:
            self._database.execute(statement)

    def rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        return self._database.execute(query, tuple(values)).fetchall()

    def plain(self, words: Sequence[str], document: str = "%") -> list[tuple[str, float]]:
        """Every passage with any of the words: one query, nothing left out."""
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        return self.rows(
            "SELECT p.id, -bm25(words) AS score FROM words JOIN passages p ON p.rowid = "
            "words.rowid WHERE words MATCH ? AND document_id LIKE ? ORDER BY score DESC, p.rowid",
            (query, document),
        )

    def holding(self, word: str) -> set[str]:
        return {f"{row}" for row, words in enumerate(self.passages, start=1) if word in words}


def close(found: list[tuple[str, float]], expected: list[tuple[str, float]]) -> bool:
    return [id_ for id_, _ in found] == [id_ for id_, _ in expected] and [
        score for _, score in found
    ] == pytest.approx([score for _, score in expected])


@settings(deadline=None)
@given(passages_of_words, questions, st.integers(1, 40))
def test_a_small_index_is_searched_whole(
    passages: list[list[str]], words: list[str], limit: int
) -> None:
    small = Small(passages)
    assert close(Postings(small.rows).search(words, limit), small.plain(words)[:limit])
    found = Postings(small.rows).search(words, limit, ["second"])
    assert close(found, small.plain(words, "second")[:limit])


@settings(deadline=None)
@given(passages_of_words, questions, st.integers(1, 40), st.integers(0, 60))
def test_a_large_index_gives_the_same_order_of_those_with_a_rarer_word(
    passages: list[list[str]], words: list[str], limit: int, scored: int
) -> None:
    small = Small(passages)
    counts = sorted((len(small.holding(w)), w) for w in set(words) if small.holding(w))
    rarer: set[str] = set()
    allowed: set[str] = set()
    while counts and (not rarer or sum(len(small.holding(w)) for w in rarer) <= scored):
        allowed = set().union(*map(small.holding, rarer))
        rarer.add(counts.pop(0)[1])
    everything = Postings(small.rows, scored=scored).search(words, 99)
    best = Postings(small.rows, scored=scored).search(words, limit)
    assert best == everything[:limit]
    found = {id_ for id_, _ in everything}
    assert allowed <= found
    assert close(everything, [item for item in small.plain(words) if item[0] in found])


def test_a_passage_with_common_words_only_is_not_scored_where_that_costs_much() -> None:
    small = Small([["a"]] * 9 + [["a", "b"]])
    assert [id_ for id_, _ in Postings(small.rows).search(["a", "b"], 99)] == [
        "10",
        *"123456789",
    ]
    assert [id_ for id_, _ in Postings(small.rows, scored=5).search(["a", "b"], 99)] == ["10"]


def test_common_words_alone_are_still_searched_for() -> None:
    small = Small([["a"]] * 9 + [["b"]])
    assert len(Postings(small.rows, scored=1, looked_up=1).search(["a"], 99)) == 9


def test_the_commonest_words_do_not_count_in_a_very_large_index() -> None:
    small = Small([["a"]] * 9 + [["b"], ["a", "b"]])
    found = Postings(small.rows, scored=1, looked_up=5).search(["a", "b"], 99)
    assert close(found, small.plain(["b"]))


@settings(deadline=None)
@given(passages_of_words)
def test_words_are_counted_by_passage_and_document(passages: list[list[str]]) -> None:
    small = Small(passages)
    postings = Postings(small.rows)
    first = {f"{row}" for row in range(1, len(passages) // 2 + 1)}
    assert postings.frequencies(WORDS) == {w: len(small.holding(w)) for w in WORDS}
    in_first = {w: len(small.holding(w) & first) for w in WORDS}
    assert postings.frequencies(WORDS, "first") == in_first
