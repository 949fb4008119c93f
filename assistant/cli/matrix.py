"""The command ``assistant matrix``, and ``assistant eval matrix``, which judges it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from assistant.cli.options import as_json, print_json, workspace_option
from assistant.cli.output import say
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.eval.matrix_gold import MatrixScore
    from assistant.matrix.values import Matrix

_Command = TypeVar("_Command", bound=Callable[..., Any])

USER: Final = "local"  # whose edits the command line makes and shows
_MOST: Final = 50

_report = click.option(
    "--report", help="The report's file below corpus/; else the one with recommendations."
)
_most = click.option(
    "--most",
    type=click.IntRange(1, _MOST),
    default=5,
    show_default=True,
    help="Passages found beside each recommendation.",
)


def _edit(name: str, metavar: str, help_text: str) -> Callable[[_Command], _Command]:
    types = [click.IntRange(1), *[str] * (len(metavar.split()) - 1)]
    return click.option(name, type=tuple(types), multiple=True, metavar=metavar, help=help_text)


@click.command()
@workspace_option
@as_json
@_report
@_most
@click.option(
    "--export",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file: .docx, .xlsx or .json.",
)
@_edit("--remove", "ROW ID", "Take this passage out of a row; repeatable.")
@_edit("--add", "ROW ID", "Put the excerpt with this id into a row; repeatable.")
@_edit("--note", "ROW ID TEXT", "Write a note beside a passage; repeatable.")
@_edit("--reviewed", "ROW ID", "Mark a passage as reviewed; repeatable.")
@_edit("--undo", "ROW ID", "Take back what was done to a passage; repeatable.")
def matrix(
    workspace: Path | None,
    json_wanted: bool,
    report: str | None,
    most: int,
    out: Path | None,
    remove: tuple[tuple[int, str], ...],
    add: tuple[tuple[int, str], ...],
    note: tuple[tuple[int, str, str], ...],
    reviewed: tuple[tuple[int, str], ...],
    undo: tuple[tuple[int, str], ...],
) -> None:
    """Show a report's recommendations and the passages that bear on each.

    Edits are kept in the workspace and hold when the matrix is built again.
    """
    from assistant.export.matrix_files import ENDINGS, write_matrix
    from assistant.index.reader import open_index
    from assistant.matrix.builder import build_matrix
    from assistant.matrix.desk import MatrixDesk
    from assistant.matrix.record import matrix_record
    from assistant.workspace import Workspace

    if out and out.suffix.lower() not in ENDINGS:  # before the work, not after it
        raise UsageError(f"A matrix is written as {', '.join(ENDINGS)}, not as {out.name}.")
    place = Workspace.find(workspace)
    index = open_index(place)
    desk = MatrixDesk(place, index, USER, build_matrix(place, index, report, most))
    for row, name in undo:
        desk.undo(row, name)
    for row, name in add:
        desk.add(row, name)
    for row, name in remove:
        desk.remove(row, name)
    for row, name, text in note:
        desk.note(row, name, text)
    for row, name in reviewed:
        desk.review(row, name)
    shown = desk.matrix
    if out:
        write_matrix(shown, out)
    if json_wanted:
        print_json(matrix_record(shown))
    elif out:
        say(f"Wrote {out}.")
    else:
        _print(shown)


def _print(shown: Matrix) -> None:
    from assistant.export.matrix_table import NOTHING, cited_at, confidence, recommended_at

    for row in shown.rows:
        say(f"{row.number}. {row.text}")
        say(f"   {recommended_at(row)}")
        if not row.cells:
            say(f"   {NOTHING}")
        for cell in row.cells:
            sure = confidence(cell)
            say("")
            say(f"   “{' '.join(cell.excerpt.quote.split())}”")
            value = sure if isinstance(sure, str) else f"{sure:.2f}"
            marks = ", reviewed" * cell.reviewed + ", changed since" * cell.changed
            say(f"   {cited_at(cell)} ({value}{marks}) {cell.excerpt.id}")
            if cell.note:
                say(f"   Note: {cell.note}")
        say("")


@click.command("matrix")
@workspace_option
@as_json
@_report
@_most
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The key; without it eval/matrix.jsonl of the workspace.",
)
@click.option(
    "--corpus",
    type=click.Choice(["starter", "reference"]),
    default="starter",
    show_default=True,
    help="Which documents the workspace holds.",
)
def judge_matrix(
    workspace: Path | None,
    json_wanted: bool,
    report: str | None,
    most: int,
    key: Path | None,
    corpus: Any,
) -> None:
    """Hold the matrix, without anybody's edits, against a written key."""
    from assistant.eval.matrix_gold import read_key, score_matrix
    from assistant.index.reader import open_index
    from assistant.matrix.builder import build_matrix
    from assistant.matrix.record import matrix_record
    from assistant.workspace import Workspace

    place = Workspace.find(workspace)
    rows = read_key(key or place.evaluation / "matrix.jsonl", corpus)
    index = open_index(place)
    score = score_matrix(matrix_record(build_matrix(place, index, report, most)), rows)
    if json_wanted:
        print_json(_score_json(score))
        return
    for number, (accepted, cells) in score.by_row.items():
        say(f"recommendation {number:2}  {accepted} of {cells} passages accepted")
    say(f"rows present    {len(score.present)} of {score.rows}")
    say(f"rows accepted   {len(score.accepted)} of {score.rows}")
    say(f"precision       {score.precision:.3f} of {score.cells} passages")


def _score_json(score: MatrixScore) -> dict[str, Any]:
    return {
        "rows": score.rows,
        "present": list(score.present),
        "accepted": list(score.accepted),
        "cells": score.cells,
        "precision": round(score.precision, 4),
        "by_row": {
            str(number): {"accepted": accepted, "cells": cells}
            for number, (accepted, cells) in score.by_row.items()
        },
    }
