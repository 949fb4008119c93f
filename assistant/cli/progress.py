"""The progress bar of a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def build_progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A callback (what, done, total) that draws on standard error where that is a terminal."""
    console = Console(stderr=True)
    disable = quiet or not console.is_terminal
    columns = (
        TextColumn("{task.description}", markup=False),  # file names may hold brackets
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=disable) as bar:
        task = bar.add_task("Starting", total=None)

        def advance(what: str, done: int, total: int) -> None:
            bar.update(task, description=_short(what), completed=done, total=total)

        yield advance


def _short(what: str) -> str:
    return what if len(what) <= 48 else f"{what[:20]}…{what[-27:]}"
