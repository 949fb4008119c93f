"""Finding excerpts: by question, by words, by phrase, or by their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, get_args

from assistant.errors import QuestionError
from assistant.excerpts.matches import Match, grouped, ordered, restricted
from assistant.excerpts.places import MOST_AROUND, Places
from assistant.excerpts.query import ExcerptQuery, Found, Mode
from assistant.index.folding import fold, folded
from assistant.index.reader import Index
from assistant.index.sentences import Sentence
from assistant.index.words import search_words
from assistant.retrieve.asked import Asked, asked_words
from assistant.retrieve.retriever import Retrieval, Retriever
from assistant.types import Document, Excerpt, Filters, Hit, Status

NOTHING: Final = "There is nothing to search for; give words or a phrase."
KEPT: Final = 32  # questions whose passages are kept
MOST_PASSAGES: Final = 200  # that a question brings at most
PART_OF_A_WORD: Final = 0.5  # score of a phrase that begins or ends within a word
_STATUSES: Final[tuple[Status, ...]] = get_args(Status)
_QUOTED = re.compile('^["\u201c\u201e\u201d](.+)["\u201c\u201d]$', re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:[-.&/'’][^\W_]+)*")

Highlight = Callable[[str], tuple[tuple[int, int], ...]]


class ExcerptFinder:
    """Searches one index for excerpts."""

    def __init__(self, index: Index, retriever: Retriever) -> None:
        self._index = index
        self._retriever = retriever
        self.places = Places(index)
        # Who turns a page of results asks the same again.
        self._retrieved = lru_cache(maxsize=KEPT)(self._retrieval)

    def search(self, query: ExcerptQuery, limit: int, offset: int) -> Found:
        """The excerpts from ``offset``, at most ``limit`` of them, and how many there are.

        Raises QuestionError where the text has nothing that could be searched for.
        """
        mode, text = _mode(query)
        if not any(map(str.isalnum, text)):
            raise QuestionError(NOTHING)
        retrieval = None
        if mode in ("auto", "question", "place"):
            retrieval = self._retrieved(query.filters, text)
            at_place = retrieval.looked_up and (mode == "place" or retrieval.query.only_place)
            mode = "place" if at_place or mode == "place" else "question"
        matches, highlight = self._matches(mode, text, query, retrieval)
        found = ordered(restricted(matches, query), query)
        if query.grouped:
            found = grouped(found)
        shown = [self._excerpt(match, query, highlight) for match in found[offset:][:limit]]
        return Found(tuple(shown), len(found), offset, mode, self._index.summary.fingerprint)

    def _matches(
        self, mode: Mode, text: str, query: ExcerptQuery, retrieval: Retrieval | None
    ) -> tuple[list[Match], Highlight]:
        documents = {d.id: d for d in self._index.documents.values() if query.filters.allow(d)}
        if mode == "phrase":
            phrase = folded(text)
            return self._with_phrase(phrase, documents), lambda quote: _phrases(quote, phrase)
        if mode == "words":
            words = search_words(text)
            return self._with_words(words, documents), lambda quote: _words(quote, set(words))
        assert retrieval is not None
        if mode == "place":
            hits = retrieval.hits if retrieval.looked_up else ()
            return self._at_place(hits), lambda quote: ()
        asked = asked_words(retrieval.query, self._index)
        stems = {*asked.weights, *(stem for long in asked.aliases.values() for stem in long)}
        return self._on_question(retrieval.hits, asked), lambda quote: _words(quote, stems)

    def _retrieval(self, filters: Filters, text: str) -> Retrieval:
        # Of editions that are not in force, too: an analyst wants every place, with its status.
        filters = replace(filters, statuses=filters.statuses or _STATUSES)
        return self._retriever.search(text, filters, MOST_PASSAGES)

    def _with_phrase(self, phrase: str, documents: Mapping[str, Document]) -> list[Match]:
        """Matches of the phrase: each sentence once, however often it says it."""
        sentences = self._index.store.sentences
        occurrences = sentences.with_phrase(phrase, list(documents))
        known = sentences.by_row(row for one in occurrences for row in one.sentences)
        found: dict[object, Match] = {}
        for one in occurrences:
            held = tuple(known[row] for row in one.sentences if row in known)
            line = None if held else (one.start, one.end)
            key = one.sentences or (one.document_id, one.page, one.start)
            score = 1.0 if one.whole else PART_OF_A_WORD
            if key not in found or found[key].score < score:
                document = documents[one.document_id]
                page = held[0].page if held else one.page
                found[key] = Match(document, page, held, score, line)
        return list(found.values())

    def _with_words(self, words: Sequence[str], documents: Mapping[str, Document]) -> list[Match]:
        found = self._index.store.sentences.with_words(words, list(documents))
        best = max((score for _, score in found), default=1.0) or 1.0
        return [Match(documents[s.document_id], s.page, (s,), score / best) for s, score in found]

    def _at_place(self, hits: Sequence[Hit]) -> list[Match]:
        """Each passage at the place, whole."""
        held = self._sentences(hits)
        return [
            Match(hit.document, sentences[0].page, tuple(sentences), 1.0 / hit.rank)
            for hit in hits
            if (sentences := held.get(hit.passage.id))
        ]

    def _on_question(self, hits: Sequence[Hit], asked: Asked) -> list[Match]:
        """The sentence of each passage that has most of what is asked for."""
        held, best = self._sentences(hits), hits[0].score if hits else 1.0
        return [
            Match(hit.document, telling.page, (telling,), hit.score / best)
            for hit in hits
            if (sentences := held.get(hit.passage.id))
            for telling in [max(sentences, key=lambda s: (asked.covered(s.text), -s.row))]
        ]

    def _sentences(self, hits: Sequence[Hit]) -> dict[str, list[Sentence]]:
        """The sentences of each passage."""
        sentences = self._index.store.sentences
        return {hit.passage.id: sentences.of_passage(hit.passage.id) for hit in hits}

    def _excerpt(self, match: Match, query: ExcerptQuery, highlight: Highlight) -> Excerpt:
        """What is shown of a match, and of its repetitions."""
        excerpt = replace(self._read(match), score=round(match.score, 4))
        if query.before or query.after:
            before, after = min(query.before, MOST_AROUND), min(query.after, MOST_AROUND)
            excerpt = self.places.widened(excerpt, before, after)
        repeats = tuple(map(self._read, match.repeats))
        return replace(excerpt, matches=highlight(excerpt.quote), repeats=repeats)

    def _read(self, match: Match) -> Excerpt:
        if match.line is None:
            return self.places.of_sentences(match.sentences)
        page = self._index.store.page(match.document.id, match.page)
        assert page is not None  # the phrase was found on it
        start, end = fold(page.text).raw_range(*match.line)
        return self.places.of_line(page, start, end)


def _mode(query: ExcerptQuery) -> tuple[Mode, str]:
    """How to search, "auto" where that is still open, and for what."""
    text = query.text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
    quoted = _QUOTED.match(text)
    if quoted and query.mode in ("auto", "phrase"):
        return "phrase", quoted[1]
    return query.mode, text


def _phrases(quote: str, phrase: str) -> tuple[tuple[int, int], ...]:
    """Where the folded phrase stands in the quote; of one that is cut off, nothing."""
    read = fold(quote)
    return tuple(
        read.raw_range(start, start + len(phrase))
        for start in range(len(read.text))
        if read.text.startswith(phrase, start)
    )


def _words(quote: str, stems: set[str]) -> tuple[tuple[int, int], ...]:
    """Where words with one of the stems stand in the quote."""
    return tuple(
        match.span()
        for match in _WORD.finditer(quote)
        if stems.intersection(search_words(match[0]))
    )
