"""What holds of every index: each searchable passage has one vector and one row of words."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.index.generations import STORE
from assistant.index.reader import open_index
from assistant.index.sources import find_sources
from assistant.index.store import Store, is_searchable
from assistant.index.vector_cache import VectorCache
from assistant.types import Document, Page, Part, Passage, Span
from assistant.workspace import Workspace

KINDS = ("paragraph", "list", "table", "footnote", "glossary", "contents")


def test_every_searchable_passage_is_found_both_ways(starter_workspace: Workspace) -> None:
    index = open_index(starter_workspace)
    passages = index.store.passages()
    searchable = {p.id for p in passages if is_searchable(p)}
    assert index.vectors.ids() == searchable
    assert index.vectors.count() == len(searchable) == index.summary.passages
    database = sqlite3.connect(index.generation / STORE)
    rows = database.execute(
        "SELECT p.id FROM words_docsize w JOIN passages p ON p.rowid = w.id"
    ).fetchall()
    database.close()
    assert sorted(id_ for (id_,) in rows) == sorted(searchable)
    assert sum(report.passages for report in index.reports()) == len(searchable)
    index.close()


def test_every_span_lies_inside_its_page(starter_workspace: Workspace) -> None:
    index = open_index(starter_workspace)
    for document in index.documents.values():
        texts = {page.number: page.text for page in index.store.pages(document.id)}
        for passage in index.store.passages(document.id):
            for span in (*passage.spans, *passage.heading_spans, *passage.lead_in):
                assert 0 <= span.start < span.end <= len(texts[span.page])
    index.close()


def test_the_vectors_are_those_of_the_model(starter_workspace: Workspace) -> None:
    """The nearest passage to an embedded text is that passage, with cosine 1."""
    from assistant.corpus.passages import embedded_text

    index = open_index(starter_workspace)
    passages = [p for p in index.store.passages() if is_searchable(p) and not p.lead_in][:20]
    for passage in passages:
        vector = index.embedder.embed_question(embedded_text(passage))
        found = dict(index.vectors.nearest(vector, 3))
        assert found[passage.id] == pytest.approx(1.0, abs=1e-3)
    index.close()


def test_the_starter_is_up_to_date_and_checked_quickly(starter_workspace: Workspace) -> None:
    began = time.monotonic()
    assert find_sources(starter_workspace).refused == {}
    assert time.monotonic() - began < 5


spans = st.builds(
    lambda page, start, length: Span(page, start, start + length),
    st.integers(1, 3),
    st.integers(0, 50),
    st.integers(1, 50),
)
parts = st.builds(
    Part, st.sampled_from(["text", "item"]), st.lists(spans, min_size=1, max_size=3).map(tuple)
)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)


@st.composite
def passages_of(draw: st.DrawFn, document: str = "d") -> list[Passage]:
    return [
        Passage(
            id=f"{document}-{order}",
            document_id=document,
            heading=tuple(draw(st.lists(texts, max_size=3))),
            paragraph=draw(st.none() | st.from_regex(r"[1-9]-[1-9][0-9]?", fullmatch=True)),
            kind=draw(st.sampled_from(KINDS)),  # type: ignore[arg-type]
            parts=tuple(draw(st.lists(parts, min_size=1, max_size=3))),
            text=draw(texts),
            heading_spans=tuple(draw(st.lists(spans, max_size=2))),
            lead_in=tuple(draw(st.lists(spans, max_size=2))),
            order=order,
        )
        for order in range(draw(st.integers(0, 6)))
    ]


DOCUMENT = Document("d", "d.pdf", "0" * 64, "D 1", "Title")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(passages_of(), st.lists(texts, min_size=3, max_size=3))
def test_the_store_gives_back_what_was_put(
    tmp_path: Path, passages: list[Passage], page_texts: list[str]
) -> None:
    path = tmp_path / "store.sqlite"
    path.unlink(missing_ok=True)
    store = Store(path, create=True)
    pages = [Page("d", n, None, text) for n, text in enumerate(page_texts, start=1)]
    store.put_document(DOCUMENT)
    store.put_contents(pages, passages)
    store.commit()
    store.close()
    store = Store(path)
    assert store.documents() == [DOCUMENT]
    assert store.pages("d") == pages
    assert store.passages() == store.passages("d") == passages
    assert store.passages_by_id([p.id for p in passages]) == {p.id: p for p in passages}
    assert store.counts() == (1, 3, sum(map(is_searchable, passages)))
    for passage in passages:
        for page in {span.page for span in passage.spans}:
            assert passage in store.passages_at(["d"], None, page)
        if passage.paragraph:
            assert passage in store.passages_at(["d"], passage.paragraph, None)
    store.close()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(texts, min_size=1, max_size=12, unique=True), st.data())
def test_the_cache_returns_what_was_put(
    tmp_path: Path, several: list[str], data: st.DataObject
) -> None:
    for old in tmp_path.glob("cache*"):
        old.unlink()
    cache = VectorCache(tmp_path / "cache", "m")
    keys = [VectorCache.key(text) for text in several]
    vectors = np.random.default_rng(len(several)).normal(size=(len(keys), 4)).astype(np.float32)
    assert cache.missing(keys) == set(keys)
    cache.put(keys, vectors)
    assert cache.missing(keys) == set()
    order = data.draw(st.permutations(range(len(keys))))
    np.testing.assert_array_equal(cache.get([keys[i] for i in order]), vectors[list(order)])
    kept = set(data.draw(st.lists(st.sampled_from(keys))))
    cache.keep_only(kept)
    assert cache.missing(keys) == set(keys) - kept
    cache.close()
    other = VectorCache(tmp_path / "cache", "another model")
    assert other.missing(keys) == set(keys)
    other.close()
