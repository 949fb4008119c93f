"""Excerpts at the same place: what holds what, and what is kept when one is made wider."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.excerpts.overlap import carried, held, holder
from assistant.excerpts.selection import Selected, Selection
from assistant.types import Document, Excerpt, Span

SOURCE = Document("a" * 16, "a.pdf", "0" * 64, "ADP 3-0", "Operations", edition=date(2025, 3, 21))


def excerpt(
    start: int, end: int, page: int = 4, source: Document = SOURCE, quote: str = "q"
) -> Excerpt:
    span = Span(page, start, end)
    name = f"{source.id}:{page}.{start}-{end}"
    return Excerpt(name, source, (), None, None, page, (span,), quote)


def selection(*excerpts: Excerpt) -> Selection:
    items = tuple(Selected(one) for one in excerpts)
    return Selection("Mine", items, "index", datetime(2026, 1, 2, tzinfo=UTC))


def test_a_wider_excerpt_holds_the_one_it_was_made_of() -> None:
    wide = excerpt(0, 300)
    mine = selection(excerpt(500, 600), wide)
    assert holder(mine, excerpt(100, 200)) == Selected(wide)
    assert holder(mine, excerpt(200, 301)) is None
    assert holder(mine, excerpt(100, 200, page=5)) is None
    other = replace(SOURCE, id="b" * 16)
    assert holder(mine, excerpt(100, 200, source=other)) is None


def test_the_excerpts_that_a_selection_has_are_named() -> None:
    first, second = excerpt(0, 10), excerpt(20, 30)
    assert held(selection(first), (first, second)) == {first.id}
    assert held(selection(), (first,)) == set()


@given(st.text(max_size=30), st.text(min_size=1, max_size=30), st.text(max_size=30), st.data())
def test_matches_are_the_same_words_in_a_wider_excerpt(
    before: str, quote: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(quote) - 1))
    end = data.draw(st.integers(start + 1, len(quote)))
    repeat = excerpt(0, 5)
    narrow = replace(excerpt(10, 20, quote=quote), matches=((start, end),), repeats=(repeat,))
    wide = carried(narrow, excerpt(5, 30, quote=before + quote + after))
    assert [wide.quote[s:e] for s, e in wide.matches] == [quote[start:end]]
    assert wide.repeats == (repeat,)
    again = carried(wide, excerpt(10, 20, quote=quote))
    assert all(0 <= s < e <= len(quote) for s, e in again.matches)


def test_a_match_that_is_cut_off_is_marked_no_more() -> None:
    wide = replace(excerpt(0, 30, quote="One thing. Another thing."), matches=((4, 9), (19, 24)))
    narrow = carried(wide, excerpt(11, 30, quote="Another thing."))
    assert [narrow.quote[s:e] for s, e in narrow.matches] == ["thing"]


def test_nothing_is_marked_in_another_text() -> None:
    marked = replace(excerpt(0, 30, quote="One thing."), matches=((4, 9),))
    assert carried(marked, excerpt(0, 30, quote="Something else.")).matches == ()
