"""The sentences of the passages, and the letters of the pages, for those who want every place.

Both are found in SQLite's FTS5: sentences by their stems, pages by any run of three letters of
their folded text (its trigram tokenizer), so that a phrase is found wherever it stands, in a
heading, in a running head or across two sentences. Sentences are kept with their ranges on the
page, in its own characters and in those of its folded text: a phrase is brought home to its
sentences without reading the page again.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from assistant.index.folding import Folded, fold, folded
from assistant.index.wording import Wording
from assistant.index.words import search_words
from assistant.types import Page, Passage, Span

Rows = Callable[[str, Sequence[Any]], list[Any]]
Write = Callable[[str, Iterable[Sequence[Any]]], Any]

SCHEMA: Final = """
CREATE TABLE sentences (rowid INTEGER PRIMARY KEY, passage INTEGER, document_id TEXT,
  page INTEGER, paragraph TEXT, spans TEXT, same TEXT, text TEXT);
CREATE INDEX sentences_passage ON sentences (passage);
CREATE TABLE sentence_places (document_id TEXT, page INTEGER, start INTEGER, end INTEGER,
  first INTEGER, last INTEGER, sentence INTEGER,
  PRIMARY KEY (document_id, page, start, sentence)) WITHOUT ROWID;
CREATE VIRTUAL TABLE sentence_words USING fts5 (text, tokenize = "unicode61", content = '');
CREATE VIRTUAL TABLE letters USING fts5 (document_id UNINDEXED, page UNINDEXED, text,
  tokenize = "trigram case_sensitive 1");
"""
SHORTEST: Final = 3  # letters of a phrase that the trigrams find; a shorter one is looked for
TELLING: Final = 5  # words from which two places that say the same are one matter


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its cleaned ``text``, its places, and ``same``, alike where it is repeated.

    ``row`` counts sentences through a document in reading order; ``same`` is "" for the shortest.
    """

    row: int
    passage: int
    document_id: str
    page: int
    paragraph: str | None
    spans: tuple[Span, ...]
    same: str
    text: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A phrase on a page: its range in the folded text, and the sentences in which it stands.

    None where it stands in no passage: in a heading, or a running head. ``whole``: it neither
    begins nor ends within a word.
    """

    document_id: str
    page: int
    start: int
    end: int
    whole: bool
    sentences: tuple[int, ...]


class Sentences:
    """Reads and writes them in one store; ``rows`` runs a query, ``write`` one for many rows."""

    def __init__(self, rows: Rows, write: Write) -> None:
        self._rows = rows
        self._write = write

    def put(self, pages: Sequence[Page], passages: Iterable[tuple[int, Passage]]) -> None:
        """Add a document's pages and its passages, each with its row."""
        read = _Read(pages)
        for page in pages:
            values = (page.document_id, page.number, read.folded[page.number].text)
            self._write("INSERT INTO letters VALUES (?, ?, ?)", [values])
        row = int(self._rows("SELECT coalesce(max(rowid), 0) FROM sentences", ())[0][0])
        for passage_row, passage in passages:
            for spans, text in read.sentences(passage):
                row += 1
                self._put(row, passage_row, passage, spans, text)
                self._write(
                    "INSERT OR IGNORE INTO sentence_places VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (passage.document_id, s.page, s.start, s.end, *read.inside(s), row)
                        for s in spans
                    ],
                )

    def _put(
        self, row: int, passage_row: int, passage: Passage, spans: Sequence[Span], text: str
    ) -> None:
        held = json.dumps([[span.page, span.start, span.end] for span in spans])
        document, page = passage.document_id, spans[0].page
        values = (row, passage_row, document, page, passage.paragraph, held, _same(text), text)
        self._write("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [values])
        if passage.kind != "contents":  # a table of contents says nothing
            words = " ".join(search_words(text))
            self._write("INSERT INTO sentence_words (rowid, text) VALUES (?, ?)", [(row, words)])

    def with_words(
        self, words: Sequence[str], documents: Sequence[str]
    ) -> list[tuple[Sentence, float]]:
        """The sentences that hold all of the stems, the best first (BM25, larger is better)."""
        query = " AND ".join(f'"{word}"' for word in dict.fromkeys(words))
        if not query:
            return []
        found = self._rows(
            f"SELECT -bm25(sentence_words), {_COLUMNS} FROM sentence_words w "
            "JOIN sentences s ON s.rowid = w.rowid WHERE sentence_words MATCH ? "
            f"AND s.document_id IN ({_marks(documents)}) ORDER BY 1 DESC, s.rowid",
            (query, *documents),
        )
        return [(_sentence(row), float(score)) for score, *row in found]

    def with_phrase(self, phrase: str, documents: Sequence[str]) -> list[Occurrence]:
        """Each place of a folded phrase, page by page; a part of a word counts."""
        if not phrase:
            return []
        if len(phrase) < SHORTEST:
            where, value = "instr(text, ?) > 0", phrase
        else:
            where, value = "letters MATCH ?", '"' + phrase.replace('"', '""') + '"'
        within = f"{where} AND document_id IN ({_marks(documents)})"
        pages = self._rows(
            f"SELECT document_id, page, text FROM letters WHERE {within} ORDER BY rowid",
            (value, *documents),
        )
        places = self._places(within, (value, *documents))
        return [
            Occurrence(document, page, start, end, whole, _within(near, start, end))
            for document, page, text in pages
            for near in [places.get((document, page), ())]
            for start, end, whole in _occurrences(text, phrase)
        ]

    def _places(
        self, within: str, values: Sequence[Any]
    ) -> dict[tuple[str, int], list[tuple[int, int, int]]]:
        """The sentences of the pages: first and last character of the folded text, and the row."""
        found: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
        for document, page, *place in self._rows(
            "SELECT p.document_id, p.page, p.first, p.last, p.sentence FROM "
            f"(SELECT document_id AS d, page AS n FROM letters WHERE {within}) "
            "JOIN sentence_places p ON p.document_id = d AND p.page = n",
            values,
        ):
            found.setdefault((document, page), []).append(tuple(place))
        return found

    def by_row(self, rows: Iterable[int]) -> dict[int, Sentence]:
        """Sentences by their rows; unknown ones are left out."""
        wanted = list(dict.fromkeys(rows))
        found: dict[int, Sentence] = {}
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            for row in self._rows(
                f"SELECT {_COLUMNS} FROM sentences s WHERE s.rowid IN ({_marks(chunk)})", chunk
            ):
                sentence = _sentence(row)
                found[sentence.row] = sentence
        return found

    def at(self, document: str, spans: Iterable[Span]) -> list[Sentence]:
        """The sentences with characters in common with ``spans``, in reading order."""
        rows = {
            row
            for span in spans
            for (row,) in self._rows(
                "SELECT sentence FROM sentence_places WHERE document_id = ? AND page = ? "
                "AND start < ? AND end > ?",
                (document, span.page, span.end, span.start),
            )
        }
        return sorted(self.by_row(rows).values(), key=lambda sentence: sentence.row)

    def of_passage(self, passage_id: str) -> list[Sentence]:
        """The sentences of a passage in reading order."""
        found = self._rows(
            f"SELECT {_COLUMNS} FROM sentences s WHERE s.passage = "
            "(SELECT rowid FROM passages WHERE id = ?) ORDER BY s.rowid",
            (passage_id,),
        )
        return [_sentence(row) for row in found]


_CHUNK: Final = 500
_COLUMNS: Final = "s.rowid, s.passage, s.document_id, s.page, s.paragraph, s.spans, s.same, s.text"


class _Read:
    """The pages of a document, folded, and the sentences of its passages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.number: page for page in pages}
        self._wording = Wording(self)
        self.folded: dict[int, Folded] = {page.number: fold(page.text) for page in pages}

    def page(self, document_id: str, number: int) -> Page | None:
        """As a store has it; the pages are those of one document."""
        return self._pages.get(number)

    def sentences(self, passage: Passage) -> Iterator[tuple[tuple[Span, ...], str]]:
        """The sentences of a passage and their texts; what has no letter and no digit is none."""
        document = passage.document_id
        for part in passage.parts:
            for spans in self._wording.sentences(document, part.spans, passage.paragraph):
                text = self._wording.text(document, spans)
                if any(map(str.isalnum, text)):
                    yield spans, text

    def inside(self, span: Span) -> tuple[int, int]:
        """The range of the span in the folded text of its page."""
        page = self.folded.get(span.page)
        offsets = page.offsets if page else ()
        return bisect_left(offsets, span.start), bisect_left(offsets, span.end)


def _occurrences(text: str, phrase: str) -> Iterator[tuple[int, int, bool]]:
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        inside = text[start - 1 : start].isalnum() and phrase[0].isalnum()
        inside = inside or (text[end : end + 1].isalnum() and phrase[-1].isalnum())
        yield start, end, not inside
        start = text.find(phrase, end)


def _within(places: Iterable[tuple[int, int, int]], start: int, end: int) -> tuple[int, ...]:
    return tuple(sorted(row for first, last, row in places if first < end and start < last))


def _sentence(row: Sequence[Any]) -> Sentence:
    number, passage, document, page, paragraph, spans, same, text = row
    held = tuple(Span(*values) for values in json.loads(spans))
    return Sentence(number, passage, document, page, paragraph, held, same, text)


def _same(text: str) -> str:
    told = folded(text)
    return blake2b(told.encode(), digest_size=8).hexdigest() if told.count(" ") >= TELLING else ""


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
