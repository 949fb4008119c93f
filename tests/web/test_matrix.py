"""The matrix on its tab: how it is shown, made in the background, and downloaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from assistant.errors import UsageError
from assistant.excerpts.query import Found
from assistant.index.embedder import Embedder
from assistant.index.reader import open_index
from assistant.matrix.job import MatrixJob, MatrixState
from assistant.matrix.recommendations import MatrixError
from assistant.matrix.values import Cell, Matrix, Row
from assistant.types import Statement
from assistant.web.matrix import matrix_of
from assistant.web.matrix_table import downloads, matrix_table, offers, progress, sureness
from assistant.web.selection_panel import CHANGED
from assistant.workspace import Workspace
from tests.web.fakes import citation
from tests.web.test_excerpts_markup import SOURCE, Tags, excerpt
from tests.web.test_markup import HOSTILE


def matrix(*cells: Cell, text: str = "Plan with allies.") -> Matrix:
    row = Row(1, Statement(text, (1,)), (citation(1, SOURCE),), cells)
    empty = Row(2, Statement("Buy nothing.", (1,)), (citation(1, SOURCE),), ())
    return Matrix(SOURCE, (row, empty), "index", datetime(2026, 1, 2, tzinfo=UTC))


def test_each_recommendation_stands_beside_its_passages() -> None:
    first, second = Cell(excerpt(1), 0.72, note="good"), Cell(excerpt(2), None, changed=True)
    shown = matrix_table(matrix(first, replace(second, reviewed=True)))
    tags = Tags(shown)
    assert "2 recommendations, 2 passages, 1 reviewed" in shown
    assert "likely (0.72)" in shown and "added by hand" in shown and shown.count(CHANGED) == 1
    assert "Nothing found" in shown
    assert [b["data-value"] for b in tags.of("edit")] == ["1", "2"]
    assert [b["data-value"] for b in tags.of("delete")] == [
        f"1 {first.excerpt.id}",
        f"1 {second.excerpt.id}",
    ]
    assert ["checked" in box for box in tags.of("select")] == [False, True]


def test_without_a_name_it_can_only_be_read() -> None:
    shown = matrix_table(matrix(Cell(excerpt(), 0.5)), editable=False)
    assert "data-event" not in shown and "data-open" in shown


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(0.95, "likely"), (0.6, "likely"), (0.45, "possible"), (0.2, "uncertain"), (0.0, "uncertain")],
)
def test_confidence_is_said_in_words_and_as_a_number(confidence: float, word: str) -> None:
    assert sureness(Cell(excerpt(), confidence)) == f"{word} ({confidence:.2f})"


def test_how_far_it_is_and_why_it_failed_is_said() -> None:
    assert progress(MatrixState()) == ""
    assert "12 s" in progress(MatrixState("running", None, 12.3))
    assert "No &lt;b&gt;." in progress(MatrixState("failed", None, 1.0, "No <b>."))


def test_nothing_in_it_becomes_markup() -> None:
    text = " ".join(HOSTILE)
    source = replace(SOURCE, designation=text, title=text, marking=text, file=text)
    one = excerpt(document=source, heading=(text,), paragraph=text, quote=text)
    shown = matrix_table(matrix(Cell(one, 0.5, (text,), note=text), text=text))
    shown += offers(text, Found((one,), 1, 0, "words", "i").excerpts, 1) + downloads("a%26b")
    tags = Tags(shown)
    assert not {t for t, _ in tags.seen} & {"script", "img", "svg", "iframe", "style"}
    names = {name for _, attrs in tags.seen for name in attrs}
    assert not {name for name in names if name.startswith("on")} and "src" not in names


def test_a_matrix_is_made_once_for_everybody(starter_workspace: Workspace, tmp_path: Path) -> None:
    settings = starter_workspace.settings.index
    index = open_index(starter_workspace, Embedder(settings.embedding_model, settings.batch_size))
    opening = Event()

    def opened():
        opening.wait(30)
        return index

    job = MatrixJob(starter_workspace, opened)
    assert matrix_of(job, None, None) is None and matrix_of(job, "x.pdf", "ann") is None
    with pytest.raises(MatrixError, match="make it first"):
        job.built("x.pdf")
    job.start()
    with pytest.raises(UsageError, match="already"):
        job.start()
    assert job.state().active
    opening.set()
    state = job.wait(120)
    assert state.phase == "finished" and state.report == "rra641-1_digest.pdf"
    made = matrix_of(job, state.report, None)
    assert made is not None and len(made.rows) == 10
    assert matrix_of(job, state.report, "ann") == made
    job.start("operations_multinational_digest.pdf")
    failed = job.wait(60)
    assert failed.phase == "failed" and "no list" in str(failed.error)
    assert job.has("rra641-1_digest.pdf"), "what was made before is still there"
    index.close()
