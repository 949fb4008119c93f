"""Reports of runs in their folders, with what lies there."""

from __future__ import annotations

from pathlib import Path

from assistant.config import SETTINGS_FILE
from assistant.eval.compare import Comparison, RunScores
from assistant.eval.evaluated import Evaluated, read_evaluated
from assistant.eval.report.addresses import PageAddress, page_address
from assistant.eval.report.comparison import write_comparison
from assistant.eval.report.report import REPORT, write_report
from assistant.eval.run import ANSWERS, GOLD
from assistant.workspace import Workspace


def write_report_of(evaluated: Evaluated, corpus: Path | None = None) -> Path:
    """Write the report into the run's folder; the file written.

    ``corpus`` holds the documents to link to, None: that of the workspace it stands in.
    """
    path = evaluated.folder / REPORT
    write_report(evaluated, path, _pages(evaluated.folder, corpus, path))
    return path


def write_comparison_of(comparison: Comparison, path: Path, corpus: Path | None = None) -> None:
    """Write the comparison to ``path``, with the answers of the runs that kept theirs."""
    a, b = _kept(comparison.a), _kept(comparison.b)
    write_comparison(comparison, a, b, path, _pages(comparison.b.folder, corpus, path))


def _kept(run: RunScores) -> Evaluated | None:
    """A run with its answers; a committed baseline has none."""
    there = all((run.folder / name).is_file() for name in (ANSWERS, GOLD))
    return read_evaluated(run.folder) if there else None


def _pages(folder: Path, corpus: Path | None, report: Path) -> PageAddress | None:
    corpus = corpus or _corpus_above(folder)
    return page_address(corpus, report) if corpus else None


def _corpus_above(folder: Path) -> Path | None:
    for above in folder.resolve().parents:
        if (above / SETTINGS_FILE).is_file():
            return Workspace(above).corpus
    return None
