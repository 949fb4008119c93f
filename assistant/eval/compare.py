"""Two runs side by side: what got better or worse, and whether that is more than chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from assistant.errors import UsageError
from assistant.eval.measures import MEASURES, Measure
from assistant.eval.run import SUMMARY
from assistant.eval.scores import SCORES, ScoreRow, read_scores, sample_of, to_sample
from assistant.eval.statistics import difference_interval, estimate, holm, paired_p

SIGNIFICANT: Final = 0.05
_EPSILON: Final = 1e-9  # so that a difference equal to its margin is within it

Verdict = Literal["same", "better", "worse", "regression"]


@dataclass(frozen=True, slots=True)
class RunScores:
    """A run as far as it is compared; ``about`` is its ``summary.json``."""

    name: str
    folder: Path
    about: dict[str, Any]
    rows: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that a measure judges otherwise in B than in A."""

    id: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in two runs.

    ``before`` and ``after`` are over all questions that each run could score; ``difference``,
    its 95 % ``interval`` and ``p`` are over the ``n`` questions that both could. ``corrected``
    is p by Holm's method over all measures that are judged, None for those only reported.
    ``unpaired`` counts the questions that only one of the runs could score.
    """

    measure: Measure
    before: float | None
    after: float | None
    difference: float | None
    interval: tuple[float, float] | None
    n: int
    unpaired: int
    p: float | None
    corrected: float | None
    better: tuple[Flip, ...]
    worse: tuple[Flip, ...]
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run B against run A.

    ``questions`` counts those that both have; ``lost`` are those that A answered or refused
    and B lacks, left out or failed.
    """

    a: RunScores
    b: RunScores
    questions: int
    lost: tuple[str, ...]
    differences: tuple[Difference, ...]
    warnings: tuple[str, ...]

    @property
    def regressions(self) -> tuple[Difference, ...]:
        """The measures that are worse beyond chance or beyond their margin."""
        return tuple(d for d in self.differences if d.verdict == "regression")

    @property
    def regressed(self) -> bool:
        """Whether a change from A to B must not pass."""
        return bool(self.regressions or self.lost)


def read_run(folder: Path) -> RunScores:
    """The scores in ``folder``; raises UsageError where it holds no finished run."""
    try:
        about = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder} holds no finished run (no readable {SUMMARY}); "
            f"make one with: assistant eval run --out {folder}"
        ) from error
    if not isinstance(about, dict):
        raise UsageError(f"{folder / SUMMARY} is not a summary of a run.")
    return RunScores(folder.name, folder, about, tuple(read_scores(folder / SCORES)))


def compare(a: RunScores, b: RunScores, measures: Sequence[Measure] = MEASURES) -> Comparison:
    """B against A; raises UsageError where they have no question in common."""
    shared = {row.id for row in a.rows} & {row.id for row in b.rows}
    if not shared:
        raise UsageError(f"{a.folder} and {b.folder} have no question in common.")
    found = [_difference(measure, a.rows, b.rows, shared) for measure in measures]
    lost = tuple(sorted(_answered(a) - _answered(b)))
    return Comparison(a, b, len(shared), lost, _judged(found), _warnings(a, b, shared))


def _answered(run: RunScores) -> set[str]:
    # Every answer has some value: it was given to a question that has an answer or has none.
    return {row.id for row in run.rows if row.value is not None}


def _difference(
    measure: Measure, a: Sequence[ScoreRow], b: Sequence[ScoreRow], shared: set[str]
) -> Difference:
    first = {id_: row for id_, row in sample_of(a, measure.name).items() if id_ in shared}
    second = {id_: row for id_, row in sample_of(b, measure.name).items() if id_ in shared}
    both = [id_ for id_ in first if id_ in second]
    one, two = to_sample(first[id_] for id_ in both), to_sample(second[id_] for id_ in both)
    paired = estimate(one, measure.statistic), estimate(two, measure.statistic)
    better, worse = _flips(measure, [(first[id_], second[id_]) for id_ in both])
    return Difference(
        measure=measure,
        before=estimate(to_sample(first.values()), measure.statistic),
        after=estimate(to_sample(second.values()), measure.statistic),
        difference=None if paired[0] is None or paired[1] is None else paired[1] - paired[0],
        interval=difference_interval(one, two, measure.statistic),
        n=len(both),
        unpaired=len(first.keys() ^ second.keys()),
        p=paired_p(one, two, measure.form, measure.statistic),
        corrected=None,
        better=better,
        worse=worse,
        verdict="same",
    )


def _flips(
    measure: Measure, pairs: Sequence[tuple[ScoreRow, ScoreRow]]
) -> tuple[tuple[Flip, ...], tuple[Flip, ...]]:
    """The questions that changed, for better and for worse; the largest change first.

    A confidence is no better for being higher where the question is unanswerable.
    """
    better: list[Flip] = []
    worse: list[Flip] = []
    for before, after in pairs:
        assert before.value is not None and after.value is not None
        gain = (after.value - before.value) * (-1 if measure.better == "lower" else 1)
        if measure.statistic == "auroc" and not after.answerable:
            gain = -gain
        if gain:
            flip = Flip(after.id, before.value, after.value)
            (better if gain > 0 else worse).append(flip)
    for flips in (better, worse):
        flips.sort(key=lambda flip: (-abs(flip.after - flip.before), flip.id))
    return tuple(better), tuple(worse)


def _judged(found: Sequence[Difference]) -> tuple[Difference, ...]:
    """With corrected p and verdict; measures without a margin are only reported."""
    tested = [d for d in found if d.measure.margin is not None and d.p is not None]
    corrected = dict(
        zip(
            [d.measure.name for d in tested],
            holm([d.p for d in tested if d.p is not None]),
            strict=True,
        )
    )
    return tuple(_verdict(d, corrected.get(d.measure.name)) for d in found)


def _verdict(found: Difference, corrected: float | None) -> Difference:
    verdict, why = _judge(found, corrected)
    return replace(found, corrected=corrected, verdict=verdict, why=why)


def _judge(found: Difference, corrected: float | None) -> tuple[Verdict, str]:
    measure = found.measure
    if found.before is not None and found.after is None and measure.margin is not None:
        return "regression", "it can no longer be measured"
    if found.before is None or found.after is None or measure.better == "neither":
        return "same", ""
    sign = -1 if measure.better == "lower" else 1
    # What only one run could score escapes the pairs, so the whole runs are compared too.
    whole = (found.after - found.before) * sign
    gain = whole if found.difference is None else found.difference * sign
    if measure.margin is not None:
        if corrected is not None and corrected < SIGNIFICANT and gain < 0:
            return "regression", f"significantly worse (p = {corrected:.3g} after Holm)"
        if min(gain, whole) < -measure.margin - _EPSILON:
            return "regression", f"worse by more than its margin of {measure.margin:g}"
    if not gain:
        return "same", ""
    return ("better", "") if gain > 0 else ("worse", "")


def _warnings(a: RunScores, b: RunScores, shared: set[str]) -> tuple[str, ...]:
    found = []
    if a.about.get("gold") != b.about.get("gold"):
        found.append("The two runs are of different gold files, or of two states of one.")
    for run, other in ((a, b), (b, a)):
        if only := len({row.id for row in run.rows} - shared):
            found.append(f"{only} questions of {run.name} are not in {other.name}.")
        if failed := run.about.get("failed"):
            found.append(f"{len(failed)} questions of {run.name} failed.")
    return tuple(found)
