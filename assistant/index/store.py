"""One generation of the index on disk: documents, page texts, passages and their words.

SQLite, written once by the builder and only read afterwards. Page texts are kept so that
any citation can be verified without the PDF.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.index.postings import COUNT, Postings
from assistant.index.postings import SCHEMA as POSTINGS
from assistant.index.sentences import SCHEMA as SENTENCES
from assistant.index.sentences import Sentences
from assistant.index.values import dump_passage, load_document, load_passage
from assistant.index.words import search_words
from assistant.types import Document, Page, Passage

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE documents (id TEXT PRIMARY KEY, file TEXT UNIQUE, value TEXT);
CREATE TABLE pages (document_id TEXT, number INTEGER, label TEXT, text TEXT,
  PRIMARY KEY (document_id, number)) WITHOUT ROWID;
CREATE INDEX pages_label ON pages (document_id, label COLLATE NOCASE);
CREATE TABLE passages (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, document_id TEXT,
  position INTEGER, paragraph TEXT, kind TEXT, value TEXT);
CREATE INDEX passages_document ON passages (document_id, position);
CREATE INDEX passages_paragraph ON passages (document_id, paragraph);
CREATE TABLE passage_pages (document_id TEXT, page INTEGER, passage_rowid INTEGER);
CREATE INDEX passage_pages_page ON passage_pages (document_id, page);
CREATE TABLE acronyms (short TEXT PRIMARY KEY, long TEXT) WITHOUT ROWID;
CREATE TABLE spellings (word TEXT PRIMARY KEY, passages INTEGER) WITHOUT ROWID;
"""
_CHUNK = 500


def is_searchable(passage: Passage) -> bool:
    """Whether a passage is embedded and its words indexed: a table of contents answers nothing."""
    return passage.kind != "contents"


class Store:
    """Reading and writing of one generation; safe to read from several threads."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._lock = threading.Lock()
        uri = path.absolute().as_uri() + ("" if create else "?mode=ro")
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._postings = Postings(self._rows)
        self.sentences = Sentences(self._rows, self._database.executemany)
        if create:
            self._database.executescript(_SCHEMA + POSTINGS + SENTENCES)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    # --- writing ------------------------------------------------------------------------

    def commit(self) -> None:
        """Count the words, and make everything written so far durable."""
        for statement in COUNT:
            self._database.execute(statement)
        self._database.commit()

    def put_meta(self, key: str, value: Any) -> None:
        """Store a JSON value about the index as a whole."""
        self._database.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value))
        )

    def put_document(self, document: Document) -> None:
        """Store or replace what is known of a document."""
        value = asdict(document)
        value["edition"] = document.edition and document.edition.isoformat()
        self._database.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)",
            (document.id, document.file, json.dumps(value)),
        )

    def put_contents(self, pages: Iterable[Page], passages: Iterable[Passage]) -> None:
        """Store the pages and passages of a document, searchable words included."""
        pages, rows = list(pages), []
        self._database.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?)",
            [(page.document_id, page.number, page.label, page.text) for page in pages],
        )
        for passage in passages:
            cursor = self._database.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)",
                (
                    passage.id,
                    passage.document_id,
                    passage.order,
                    passage.paragraph,
                    passage.kind,
                    dump_passage(passage),
                ),
            )
            rowid = int(cursor.lastrowid or 0)
            rows.append((rowid, passage))
            for number in sorted({span.page for span in passage.spans}):
                self._database.execute(
                    "INSERT INTO passage_pages VALUES (?, ?, ?)",
                    (passage.document_id, number, rowid),
                )
            if is_searchable(passage):
                self._database.execute(
                    "INSERT INTO words (rowid, heading, text) VALUES (?, ?, ?)",
                    (
                        rowid,
                        " ".join(search_words(" ".join(passage.heading))),
                        " ".join(search_words(passage.text)),
                    ),
                )
        self.sentences.put(pages, rows)

    def put_acronyms(self, acronyms: dict[str, str]) -> None:
        """Store long forms by acronym."""
        self._database.executemany(
            "INSERT OR REPLACE INTO acronyms VALUES (?, ?)", acronyms.items()
        )

    def put_spellings(self, passages: Mapping[str, int]) -> None:
        """Store in how many passages each lower-case word stands as it is written."""
        self._database.executemany("INSERT INTO spellings VALUES (?, ?)", passages.items())

    # --- reading ------------------------------------------------------------------------

    def check(self) -> None:
        """Raise sqlite3.Error when the file is damaged."""
        found = self._rows("PRAGMA quick_check(1)")[0][0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    def meta(self, key: str) -> Any:
        """A value stored with ``put_meta``, or None."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return json.loads(rows[0][0]) if rows else None

    def documents(self) -> list[Document]:
        """All documents in order of their files."""
        return [
            load_document(v) for (v,) in self._rows("SELECT value FROM documents ORDER BY file")
        ]

    def acronyms(self) -> dict[str, str]:
        """Long forms by acronym."""
        return dict(self._rows("SELECT short, long FROM acronyms"))

    def has_spelling(self, word: str) -> bool:
        """Whether a passage has the lower-case word as it is written."""
        return bool(self._rows("SELECT 1 FROM spellings WHERE word = ?", (word,)))

    def spellings(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """(word, passages) of words with this first letter and so many letters."""
        rows = self._rows(
            "SELECT word, passages FROM spellings WHERE word >= ? AND word < ? "
            "AND length(word) BETWEEN ? AND ?",
            (initial, chr(ord(initial) + 1), shortest, longest),
        )
        return [(word, int(count)) for word, count in rows]

    def page(self, document_id: str, number: int) -> Page | None:
        """A page, or None where it has no text or does not exist."""
        rows = self._rows(
            "SELECT label, text FROM pages WHERE document_id = ? AND number = ?",
            (document_id, number),
        )
        return Page(document_id, number, *rows[0]) if rows else None

    def pages(self, document_id: str) -> list[Page]:
        """All pages of a document that have text."""
        rows = self._rows(
            "SELECT number, label, text FROM pages WHERE document_id = ? ORDER BY number",
            (document_id,),
        )
        return [Page(document_id, *row) for row in rows]

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """Passages in reading order, of one document or of all."""
        where, values = ("WHERE document_id = ?", (document_id,)) if document_id else ("", ())
        rows = self._rows(f"SELECT value FROM passages {where} ORDER BY rowid", values)
        return [load_passage(value) for (value,) in rows]

    def passages_by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id; unknown ids are left out."""
        found: dict[str, Passage] = {}
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = self._rows(f"SELECT id, value FROM passages WHERE id IN ({marks})", chunk)
            found.update((key, load_passage(value)) for key, value in rows)
        return found

    def passages_by_row(self, rows: Iterable[int]) -> dict[int, Passage]:
        """Passages by the rows under which sentences know them; unknown ones are left out."""
        found: dict[int, Passage] = {}
        wanted = list(rows)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            held = self._rows(f"SELECT rowid, value FROM passages WHERE rowid IN ({marks})", chunk)
            found.update((row, load_passage(value)) for row, value in held)
        return found

    def size(self, document_id: str) -> int:
        """How many passages a document has."""
        rows = self._rows("SELECT count(*) FROM passages WHERE document_id = ?", (document_id,))
        return int(rows[0][0])

    def neighbours(self, passage: Passage, before: int, after: int) -> list[Passage]:
        """Passages of the same document from ``before`` places earlier to ``after`` later."""
        rows = self._rows(
            "SELECT value FROM passages WHERE document_id = ? AND position BETWEEN ? AND ? "
            "ORDER BY position",
            (passage.document_id, passage.order - before, passage.order + after),
        )
        return [load_passage(value) for (value,) in rows]

    def passages_at(
        self, document_ids: Sequence[str], paragraph: str | None, page: int | None
    ) -> list[Passage]:
        """Passages of a numbered paragraph, or on a physical page, of the documents."""
        found: list[Passage] = []
        for document_id in document_ids:
            if paragraph is not None:
                # A paragraph without text of its own is looked up with its sub-paragraphs.
                rows = self._rows(
                    "SELECT value FROM passages WHERE document_id = ? AND "
                    "(paragraph = ? OR paragraph LIKE ? || '.%') ORDER BY position",
                    (document_id, paragraph, paragraph),
                )
            else:
                rows = self._rows(
                    "SELECT value FROM passages WHERE rowid IN (SELECT passage_rowid FROM "
                    "passage_pages WHERE document_id = ? AND page = ?) ORDER BY position",
                    (document_id, page),
                )
            found.extend(load_passage(value) for (value,) in rows)
        return found

    def page_of_label(self, document_id: str, label: str) -> int | None:
        """Physical page that prints ``label``, the last where several do."""
        rows = self._rows(
            "SELECT max(number) FROM pages WHERE document_id = ? AND label = ? COLLATE NOCASE",
            (document_id, label),
        )
        number = rows[0][0]
        return None if number is None else int(number)

    def search_words(
        self, words: Sequence[str], limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25 score, larger is better) for passages with any of ``words``."""
        return self._postings.search(words, limit, document_ids)

    def frequencies(self, words: Iterable[str], document_id: str | None = None) -> dict[str, int]:
        """In how many passages, of one document or of all, each word occurs."""
        return self._postings.frequencies(words, document_id)

    def passages_with(self, phrase: Sequence[str]) -> int:
        """How many passages hold these stems one after the other."""
        return self._postings.count(phrase, apart=0)

    def passages_near(self, stems: Sequence[str]) -> int:
        """How many passages hold these stems close together, in any order."""
        return self._postings.count(stems)

    def documents_near(self, terms: Iterable[Sequence[str]]) -> dict[str, int]:
        """In how many passages of each document one of the terms occurs, its stems together."""
        return self._postings.by_document(terms)

    def documents_headed(self, stem: str) -> list[str]:
        """The documents with a heading that has this stem."""
        return self._postings.headed(stem)

    def counts(self) -> tuple[int, int, int]:
        """Numbers of documents, of pages with text, and of passages that can be searched."""
        row = self._rows(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM pages), "
            "(SELECT count(*) FROM words)"
        )[0]
        return int(row[0]), int(row[1]), int(row[2])

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._database.execute(query, tuple(values)).fetchall()
