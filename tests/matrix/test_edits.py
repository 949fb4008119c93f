"""Planners' edits: what they do, and that they hold when the matrix is built again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import DocumentError
from assistant.excerpts.places import Places
from assistant.index.reader import Index
from assistant.matrix.desk import MatrixDesk
from assistant.matrix.edits import LONGEST_NOTE
from assistant.matrix.recommendations import MatrixError
from assistant.matrix.store import FILE, EditStore
from assistant.matrix.values import Cell, Matrix
from assistant.workspace import Workspace


@pytest.fixture
def desk(tmp_path: Path, index: Index, built: Matrix) -> MatrixDesk:
    return MatrixDesk(Workspace(tmp_path), index, "ann", built)


def again(desk_of: Path, index: Index, built: Matrix, user: str = "ann") -> Matrix:
    """What stands there when the assistant is started anew."""
    return MatrixDesk(Workspace(desk_of), index, user, built).matrix


def cells(matrix: Matrix, row: int) -> dict[str, Cell]:
    return {cell.excerpt.id: cell for cell in matrix.rows[row - 1].cells}


def elsewhere(built: Matrix) -> str:
    """An excerpt that stands beside recommendation 8 and not beside the first."""
    there = cells(built, 1)
    return next(name for name in cells(built, 8) if name not in there)


def test_without_edits_it_is_as_it_was_built(desk: MatrixDesk, built: Matrix) -> None:
    assert desk.matrix == built


def test_what_was_removed_stays_away(
    desk: MatrixDesk, tmp_path: Path, index: Index, built: Matrix
) -> None:
    name = next(iter(cells(built, 4)))
    desk.remove(4, name)
    assert name not in cells(again(tmp_path, index, built), 4)
    assert again(tmp_path, index, built, "ben") == built
    desk.undo(4, name)
    assert desk.matrix == built


def test_what_was_added_noted_and_reviewed_stays(
    desk: MatrixDesk, tmp_path: Path, index: Index, built: Matrix
) -> None:
    new, first = elsewhere(built), next(iter(cells(built, 1)))
    desk.add(1, new)
    desk.note(1, new, "  ask the theater army ")
    desk.note(1, first, "for the brief")
    desk.review(1, first)
    found = cells(again(tmp_path, index, built), 1)
    assert list(found)[-1] == new
    assert (found[new].origin, found[new].confidence) == ("added", None)
    assert found[new].note == "ask the theater army"
    assert (found[first].note, found[first].reviewed) == ("for the brief", True)
    assert found[first].confidence == cells(built, 1)[first].confidence
    desk.review(1, first, reviewed=False)
    assert not cells(desk.matrix, 1)[first].reviewed


def test_what_was_noted_stays_though_it_is_found_no_more(
    desk: MatrixDesk, tmp_path: Path, index: Index, built: Matrix
) -> None:
    name, before = next(iter(cells(built, 2).items()))
    desk.note(2, name, "keep")
    rows = (replace(row, cells=()) for row in built.rows)
    kept = cells(again(tmp_path, index, replace(built, rows=tuple(rows))), 2)
    assert list(kept) == [name]
    assert kept[name].confidence == before.confidence
    assert not kept[name].changed


def test_a_place_that_says_something_else_now_is_marked(
    desk: MatrixDesk, tmp_path: Path, index: Index, built: Matrix
) -> None:
    new = elsewhere(built)
    excerpt = Places(index).named(new)
    desk.add(1, new)
    store, words = EditStore(tmp_path / FILE), built.rows[0].recommendation.text
    edit = store.edits("ann", built.report.file)[words][0]
    older = replace(edit.cell, excerpt=replace(excerpt, quote="What stood there before."))
    store.save("ann", built.report.file, words, replace(edit, cell=older))
    cell = cells(again(tmp_path, index, built), 1)[new]
    assert cell.changed
    assert cell.excerpt.quote == "What stood there before."


def test_edits_hold_for_the_words_of_a_recommendation_and_not_for_its_number(
    desk: MatrixDesk, tmp_path: Path, index: Index, built: Matrix
) -> None:
    name = next(iter(cells(built, 1)))
    desk.remove(1, name)
    first, second, *rest = built.rows
    turned = replace(built, rows=(replace(second, number=1), replace(first, number=2), *rest))
    matrix = again(tmp_path, index, turned)
    assert matrix.rows[0].cells == second.cells
    assert name not in {cell.excerpt.id for cell in matrix.rows[1].cells}


def test_adding_twice_is_adding_once_and_removing_takes_it_back(
    desk: MatrixDesk, built: Matrix
) -> None:
    new = elsewhere(built)
    desk.add(1, new)
    desk.add(1, new)
    assert len(desk.matrix.rows[0].cells) == len(built.rows[0].cells) + 1
    desk.remove(1, new)
    assert desk.matrix == built


def test_what_is_not_there_is_told_in_a_sentence(desk: MatrixDesk, built: Matrix) -> None:
    name = next(iter(cells(built, 1)))
    with pytest.raises(MatrixError, match="no recommendation 11; the report has 10"):
        desk.remove(11, name)
    with pytest.raises(MatrixError, match="no passage nonsense beside recommendation 1"):
        desk.note(1, "nonsense", "x")
    with pytest.raises(DocumentError, match="no such place"):
        desk.add(1, "nonsense")
    with pytest.raises(MatrixError, match="at most 4,000"):
        desk.note(1, name, "x" * (LONGEST_NOTE + 1))


def test_a_file_that_is_none_is_told_in_a_sentence(
    tmp_path: Path, index: Index, built: Matrix
) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 400)
    with pytest.raises(MatrixError, match="damaged"):
        again(tmp_path, index, built)


@settings(max_examples=40, deadline=None)
@given(note=st.text(max_size=200), user=st.text(max_size=20))
def test_any_note_of_any_user_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    index: Index,
    built: Matrix,
    note: str,
    user: str,
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    name = next(iter(cells(built, 3)))
    MatrixDesk(Workspace(folder), index, user, built).note(3, name, note)
    kept = cells(again(folder, index, built, user), 3)[name].note
    assert kept == note.strip().encode("utf-8", "replace").decode("utf-8")
    assert again(folder, index, built, user + "x") == built
