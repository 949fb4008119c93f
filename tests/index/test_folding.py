"""Text as a phrase is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.folding import fold, folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("co-\noperation", "Cooperation"),
        ("co-operation", "co\u00adoperation"),
        ("decision-makers", "Decision-\r\nMakers"),
        ("unit  of\n action", "unit of action"),
        ("the ally – a friend", "the ally — a friend"),
        ("ﬁnal “word”", 'final "word"'),
        ("STRASSE", "straße"),
    ],
)
def test_what_only_looks_different_is_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("no table", "notable"), ("2-14", "2 14"), ("the rapist", "therapist")]
)
def test_what_reads_differently_is_not_the_same(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(max_size=80))
def test_folding_keeps_the_order_of_places_and_folds_once(text: str) -> None:
    read = fold(text)
    assert len(read.text) == len(read.offsets)
    assert list(read.offsets) == sorted(read.offsets)
    assert all(0 <= offset < len(text) for offset in read.offsets)
    assert "  " not in read.text
    assert read.text == read.text.rstrip(" ")


@given(st.text("ab -\n\u00ad", max_size=40), st.data())
def test_a_range_of_folded_text_goes_back_to_the_text_that_it_came_from(
    text: str, data: st.DataObject
) -> None:
    read = fold(text)
    if not read.text:
        return
    start = data.draw(st.integers(0, len(read.text) - 1))
    end = data.draw(st.integers(start + 1, len(read.text)))
    first, last = read.raw_range(start, end)
    assert folded(text[first:last]).strip() == read.text[start:end].strip()
