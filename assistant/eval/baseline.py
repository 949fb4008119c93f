"""The run that others are held against, committed with the project.

It holds scores and summary alone: answers would be large, and a report shows them better.
Seconds are left out, because they say as much of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UsageError
from assistant.eval.compare import Comparison, RunScores, compare, read_run
from assistant.eval.measures import BY_NAME
from assistant.eval.run import SUMMARY
from assistant.eval.scores import SCORES, write_scores
from assistant.eval.summary import write_summary


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became the baseline, and how it compares with the one before it (None: none)."""

    run: RunScores
    against: Comparison | None


def accept_baseline(run: Path, baseline: Path) -> Accepted:
    """Make ``run`` the baseline; raises UsageError where it is not finished or has failures."""
    found = read_run(run)
    if found.about.get("failed"):
        raise UsageError(f"{run} has failed questions; run it again before it is the baseline.")
    if found.about.get("asked") != found.about.get("questions"):
        raise UsageError(f"{run} did not ask every question; finish it first.")
    before = compare(read_run(baseline), found) if (baseline / SUMMARY).is_file() else None
    try:
        baseline.mkdir(parents=True, exist_ok=True)
        rows = [row for row in found.rows if row.value is not None and _is_kept(row.measure)]
        write_scores(baseline / SCORES, rows)
        write_summary(baseline / SUMMARY, _kept_summary(found))
    except OSError as error:
        raise UsageError(f"{baseline} cannot be written ({error.strerror}).") from error
    return Accepted(found, before)


def _is_kept(measure: str) -> bool:
    return measure in BY_NAME and not measure.startswith("seconds_")


def _kept_summary(run: RunScores) -> dict[str, object]:
    """The summary without seconds and without groups, which can be made from the scores."""
    about = {key: value for key, value in run.about.items() if not key.startswith("by_")}
    measures = {name: value for name, value in about["measures"].items() if _is_kept(name)}
    return {**about, "measures": measures}
