"""The words of the passages in SQLite's FTS5: search by BM25, and how often words occur.

What costs is the scoring of a passage, and a common word brings many to score that have no
other word of the question. So in a large index only passages with one of the rarer words are
scored, by all words; docs/design/lexical-index.md has what that changes, and what it saves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

Rows = Callable[[str, Sequence[Any]], list[Any]]

SCHEMA: Final = """
CREATE VIRTUAL TABLE words USING fts5 (heading, text, tokenize = "unicode61", content = '');
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, row);
CREATE TABLE frequencies (word TEXT PRIMARY KEY, passages INTEGER) WITHOUT ROWID;
"""
COUNT: Final = (
    "DELETE FROM frequencies",
    "INSERT INTO frequencies SELECT term, doc FROM temp.vocabulary",
)
# Occurrences that the words together may have: of those that choose which passages are
# scored, and of those that are looked up at all. Up to 20,000 passages nothing is left out
# but for questions of very many words.
SCORED: Final = 20_000
LOOKED_UP: Final = 300_000
APART: Final = 4  # words that may stand between those of one name
_HEADING_WEIGHT, _TEXT_WEIGHT = 1.0, 1.0  # of a word found in the headings, in the text


class Postings:
    """Where words occur; ``rows`` runs a query."""

    def __init__(self, rows: Rows, scored: int = SCORED, looked_up: int = LOOKED_UP) -> None:
        self._rows = rows
        self._scored = scored
        self._looked_up = looked_up

    def search(
        self, words: Iterable[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25 score, larger is better) for passages with any of ``words``."""
        frequencies = {word: n for word, n in self.frequencies(words).items() if n}
        known = _rarest(frequencies, self._looked_up)
        if not known:
            return []
        where, values = "", [_any(known)]
        choosing = _rarest(frequencies, self._scored)
        if len(choosing) < len(known):
            # The plus keeps SQLite from searching once for each passage of the list.
            where = "AND +rowid IN (SELECT rowid FROM words WHERE words MATCH ?) "
            values.append(_any(choosing))
        if document_ids is not None:
            where += (
                "AND +rowid IN (SELECT rowid FROM passages WHERE document_id IN "
                f"({','.join('?' * len(document_ids))})) "
            )
            values.extend(document_ids)
        # Only the best are joined: a look-up for each of thousands costs as much as its score.
        rows = self._rows(
            "SELECT p.id, best.score FROM (SELECT rowid, -bm25(words, ?, ?) AS score FROM words "
            f"WHERE words MATCH ? {where}ORDER BY score DESC, rowid LIMIT ?) AS best "
            "JOIN passages p ON p.rowid = best.rowid ORDER BY best.score DESC, p.rowid",
            (_HEADING_WEIGHT, _TEXT_WEIGHT, *values, limit),
        )
        return [(key, float(score)) for key, score in rows]

    def frequencies(self, words: Iterable[str], document_id: str | None = None) -> dict[str, int]:
        """In how many passages, of one document or of all, each word occurs."""
        wanted = list(dict.fromkeys(words))
        if document_id is not None:
            return {word: self._in_document(word, document_id) for word in wanted}
        marks = ",".join("?" * len(wanted))
        rows = self._rows(f"SELECT word, passages FROM frequencies WHERE word IN ({marks})", wanted)
        return dict.fromkeys(wanted, 0) | dict(rows)

    def count(self, stems: Sequence[str], apart: int = APART) -> int:
        """In how many passages the stems stand together, in their order where ``apart`` is 0."""
        rows = self._rows(
            "SELECT count(*) FROM words WHERE words MATCH ?", (_together(stems, apart),)
        )
        return int(rows[0][0])

    def by_document(self, terms: Iterable[Sequence[str]]) -> dict[str, int]:
        """In how many passages of each document the stems of one of ``terms`` stand together."""
        rows = self._rows(
            "SELECT document_id, count(*) FROM passages WHERE rowid IN "
            "(SELECT rowid FROM words WHERE words MATCH ?) GROUP BY document_id",
            (" OR ".join(_together(stems, APART) for stems in terms if stems),),
        )
        return dict(rows)

    def headed(self, stem: str) -> list[str]:
        """The documents with a passage below a heading that has this stem."""
        rows = self._rows(
            "SELECT DISTINCT document_id FROM passages WHERE rowid IN "
            "(SELECT rowid FROM words WHERE words MATCH ?)",
            (f'heading : "{stem}"',),
        )
        return [document_id for (document_id,) in rows]

    def _in_document(self, word: str, document_id: str) -> int:
        # A document's passages were written one after the other.
        rows = self._rows(
            "SELECT count(*) FROM words WHERE words MATCH ? AND rowid BETWEEN "
            "(SELECT min(rowid) FROM passages WHERE document_id = ?) AND "
            "(SELECT max(rowid) FROM passages WHERE document_id = ?)",
            (f'"{word}"', document_id, document_id),
        )
        return int(rows[0][0])


def _rarest(frequencies: Mapping[str, int], occurrences: int) -> list[str]:
    """The rarest words that occur at most so often together, at least one, in their order."""
    chosen: set[str] = set()
    total = 0
    for word, count in sorted(frequencies.items(), key=lambda item: (item[1], item[0])):
        total += count
        if chosen and total > occurrences:
            break
        chosen.add(word)
    return [word for word in frequencies if word in chosen]


def _together(stems: Sequence[str], apart: int) -> str:
    quoted = [f'"{stem}"' for stem in stems]
    if len(quoted) == 1:
        return quoted[0]
    return f"NEAR({' '.join(quoted)}, {apart})" if apart else f'"{" ".join(stems)}"'


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
