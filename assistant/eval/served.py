"""Reports as a server shows them: links lead to its page pictures and to its chat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from assistant.errors import UsageError
from assistant.eval.compare import compare, read_run
from assistant.eval.evaluated import Evaluated, read_evaluated
from assistant.eval.run import SUMMARY
from assistant.eval.shelf import ShelvedRun

_KEPT: Final = 8  # pages kept of each kind: drawing one takes a second or more
_PICTURES: Final = "pages/picture"
_drawing = threading.Lock()  # the plots are drawn by one thread at a time


def report_page(run: ShelvedRun, root: str) -> bytes:
    """The report of a run as HTML; ``root`` leads from its address to the chat's.

    Raises UsageError where the run is unfinished or keeps no answers.
    """
    if not run.finished:
        raise UsageError("This run is not finished; run the same evaluation again to finish it.")
    if not run.has_answers:
        raise UsageError("This run keeps no answers, so it has no report; compare it instead.")
    with _drawing:
        return _report(run.folder, _stamp(run), root)


def comparison_page(a: ShelvedRun, b: ShelvedRun, root: str) -> bytes:
    """What changed from ``a`` to ``b`` as HTML; raises UsageError where that cannot be said."""
    if a.folder == b.folder:
        raise UsageError("A run is not compared with itself; choose two.")
    if not (a.finished and b.finished):
        raise UsageError("Only finished runs can be compared.")
    with _drawing:
        return _comparison(a.folder, _stamp(a), b.folder, _stamp(b), root)


@lru_cache(_KEPT)
def _report(folder: Path, stamp: int, root: str) -> bytes:
    from assistant.eval.report import report  # noqa: PLC0415 - loads Matplotlib

    return report.report_page(read_evaluated(folder), _pages(root), root).encode("utf-8", "replace")


@lru_cache(_KEPT)
def _comparison(a: Path, a_stamp: int, b: Path, b_stamp: int, root: str) -> bytes:
    from assistant.eval.report import comparison  # noqa: PLC0415

    compared = compare(read_run(a), read_run(b))
    page = comparison.comparison_page(compared, _answers(a), _answers(b), _pages(root))
    return page.encode("utf-8", "replace")


def _pages(root: str) -> Callable[[str, int], str]:
    """Where a link to a page of a document leads."""
    from assistant.eval.report.addresses import page_address  # noqa: PLC0415

    return page_address(Path(), Path(), root + _PICTURES)


def _answers(folder: Path) -> Evaluated | None:
    """A run with its answers, None where it does not keep them."""
    try:
        return read_evaluated(folder)
    except UsageError:
        return None


def _stamp(run: ShelvedRun) -> int:
    """Changes when the run is judged again."""
    return (run.folder / SUMMARY).stat().st_mtime_ns
