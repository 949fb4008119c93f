"""Selections: edited as values, kept in a file, and held against the index."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.errors import DocumentError
from assistant.excerpts.query import ExcerptQuery
from assistant.excerpts.selection import Selection, refreshed
from assistant.excerpts.store import (
    MOST_EXCERPTS,
    SelectionError,
    SelectionStore,
    new_selection,
)
from assistant.types import Excerpt


@pytest.fixture(scope="module")
def excerpts(starter: Assistant) -> tuple[Excerpt, ...]:
    return starter.excerpts(ExcerptQuery('"security cooperation"'), 6).excerpts


@pytest.fixture(scope="module")
def selection(excerpts: tuple[Excerpt, ...]) -> Selection:
    chosen = new_selection("Allies", "f")
    for excerpt in excerpts:
        chosen = chosen.with_excerpt(excerpt)
    return chosen


def names(selection: Selection) -> list[str]:
    return [item.excerpt.id for item in selection.items]


def test_what_is_chosen_twice_is_there_once(
    selection: Selection, excerpts: tuple[Excerpt, ...]
) -> None:
    assert names(selection) == [e.id for e in excerpts]
    assert selection.with_excerpt(excerpts[2]) is selection
    assert names(selection.without(excerpts[0].id)) == names(selection)[1:]
    assert selection.without("x") == selection


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-9, 9)), max_size=8))
def test_moving_loses_nothing(selection: Selection, moves: list[tuple[int, int]]) -> None:
    moved = selection
    for place, by in moves:
        name = names(moved)[place]
        moved = moved.moved(name, by)
        assert names(moved).index(name) == min(max(place + by, 0), 5)
    assert sorted(names(moved)) == sorted(names(selection))


def test_notes_and_wider_excerpts_change_one_item(
    starter: Assistant, selection: Selection, excerpts: tuple[Excerpt, ...]
) -> None:
    name = excerpts[1].id
    noted = selection.noted(name, "  look at this ")
    assert [item.note for item in noted.items] == ["", "look at this", "", "", "", ""]
    wide = starter.widened(excerpts[1], 1, 1)
    exchanged = noted.exchanged(name, wide)
    assert exchanged.items[1].excerpt == wide and exchanged.items[1].note == "look at this"


def test_a_selection_lasts_and_belongs_to_its_user(tmp_path: Path, selection: Selection) -> None:
    store = SelectionStore(tmp_path / "excerpts.sqlite")
    assert store.listed("ann") == []
    kept = selection.noted(names(selection)[0], "a note \ud800 <b>")
    store.save("ann", "1", selection)
    store.save("ann", "1", kept)
    store.save("bob", "1", replace(selection, name="Bob's"))
    again = SelectionStore(tmp_path / "excerpts.sqlite")
    loaded = again.load("ann", "1")
    assert names(loaded) == names(kept)
    assert loaded.items[0].note == "a note ? <b>"
    assert loaded.items[1] == kept.items[1]
    assert [(one.id, one.name, one.excerpts) for one in again.listed("ann")] == [("1", "Allies", 6)]
    again.delete("ann", "1")
    with pytest.raises(SelectionError, match="no longer there"):
        again.load("ann", "1")
    assert again.load("bob", "1").name == "Bob's"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_is_asked_for(tmp_path: Path, selection: Selection, name: str) -> None:
    with pytest.raises(SelectionError, match="name of 1 to 120"):
        SelectionStore(tmp_path / "s.sqlite").save("a", "1", replace(selection, name=name))


def test_too_many_excerpts_are_refused(tmp_path: Path, selection: Selection) -> None:
    many = replace(selection, items=selection.items * (MOST_EXCERPTS // 6 + 1))
    with pytest.raises(SelectionError, match="at most 2,000"):
        SelectionStore(tmp_path / "s.sqlite").save("a", "1", many)


def test_a_file_of_something_else_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 20)
    with pytest.raises(SelectionError, match=r"selections in .* are damaged"):
        SelectionStore(path).listed("a")


def test_what_the_index_no_longer_says_is_marked(
    starter: Assistant, selection: Selection, excerpts: tuple[Excerpt, ...]
) -> None:
    assert not any(item.changed for item in refreshed(selection, starter.excerpt, "g").items)
    altered = selection.exchanged(excerpts[0].id, replace(excerpts[0], quote="Something else."))
    gone = replace(excerpts[1], id=f"{excerpts[1].document.id}:999.0-9")
    altered = altered.exchanged(excerpts[1].id, gone)
    held = refreshed(altered, starter.excerpt, "g")
    assert [item.changed for item in held.items] == [True, True, False, False, False, False]
    assert held.items[0].excerpt.quote == "Something else."
    assert held.index == "g"

    def nothing(name: str) -> Excerpt:
        raise DocumentError("gone")

    assert all(item.changed for item in refreshed(selection, nothing, "g").items)
