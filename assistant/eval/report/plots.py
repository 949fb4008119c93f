"""The pictures of a report; each says in its text what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from assistant.eval.evaluated import Evaluated
from assistant.eval.report.drawing import FIRST, INK, SECOND, SOFT, drawing, to_svg
from assistant.eval.report.numbers import number
from assistant.eval.report.series import (
    Floats,
    confidences,
    first_rank,
    given,
    judged,
    risk_coverage,
    threshold_of,
)

_DEEPEST: Final = 10  # ranks with a bar of their own


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture and the sentences below it, which hold its main figures."""

    title: str
    svg: Markup
    text: str


def plots(evaluated: Evaluated) -> tuple[Plot, ...]:
    """Those that the run has figures for."""
    made = (
        rank_plot(evaluated),
        confidence_plot(evaluated),
        coverage_plot(evaluated),
        seconds_plot(evaluated),
    )
    return tuple(plot for plot in made if plot is not None)


def rank_plot(evaluated: Evaluated) -> Plot | None:
    """At which rank the first gold page was found."""
    ranks = [first_rank(q, a) for q, a in given(evaluated) if q.answerable]
    if not ranks:
        return None
    names = [*map(str, range(1, _DEEPEST + 1)), f"{_DEEPEST + 1}+", "none"]
    counted = Counter(_rank_name(rank) for rank in ranks)
    counts = [counted[name] for name in names]
    listed = ", ".join(
        f"{count} at {name}" for name, count in zip(names[:-1], counts, strict=False) if count
    )
    text = (
        f"Rank of the first gold page among the distinct pages found, {len(ranks)} answerable "
        f"questions: {listed or 'none found'}; not found for {counts[-1]}."
    )
    with drawing() as (figure, axes):
        colours = [FIRST] * (len(names) - 1) + [SECOND]
        axes.bar(names, counts, color=colours, width=0.75)
        for place, count in enumerate(counts):
            if count:
                axes.annotate(
                    str(count), (place, count), (0, 2), textcoords="offset points", ha="center"
                )
        axes.margins(y=0.12)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("rank of the first gold page")
        axes.set_ylabel("questions")
        return Plot("Rank of the first gold page", to_svg(figure, "ranks", text), text)


def confidence_plot(evaluated: Evaluated) -> Plot | None:
    """How sure the system was of answerable and of unanswerable questions."""
    values, answerable = confidences(evaluated)
    if not len(values):
        return None
    threshold = threshold_of(evaluated)
    low, high = min(0.0, values.min()), max(1.0, values.max())
    edges = np.linspace(low, high, 21)
    above, _ = np.histogram(values[answerable], edges)
    below, _ = np.histogram(values[~answerable], edges)
    text = (
        f"Confidence of {answerable.sum()} answerable questions "
        f"({_median(values[answerable])}) and of {(~answerable).sum()} unanswerable ones "
        f"({_median(values[~answerable])})."
    )
    if threshold is not None:
        over = (values >= threshold) & answerable
        false = (values >= threshold) & ~answerable
        text += (
            f" At or above the threshold of {threshold:g}: {over.sum()} answerable and "
            f"{false.sum()} unanswerable."
        )
    with drawing() as (figure, axes):
        places, width = (edges[:-1] + edges[1:]) / 2, (high - low) / 22
        axes.bar(places, above, width, color=FIRST)
        axes.bar(places, -below, width, color=SECOND)
        axes.axhline(0, color=SOFT, linewidth=0.8)
        top, bottom = max(above.max(), 1), max(below.max(), 1)
        axes.set_ylim(-1.3 * bottom, 1.3 * top)
        axes.text(high, 1.27 * top, "answerable", color=FIRST, ha="right", va="top")
        axes.text(high, -1.27 * bottom, "unanswerable", color=SECOND, ha="right", va="bottom")
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        if threshold is not None:
            _mark(axes, threshold, f"threshold {threshold:g} ")
        axes.set_xlabel("confidence")
        axes.set_ylabel("questions")
        return Plot("Confidence", to_svg(figure, "confidence", text), text)


def coverage_plot(evaluated: Evaluated) -> Plot | None:
    """What share of answers is wrong when only the surest questions are answered."""
    values, answerable = confidences(evaluated)
    if not len(values):
        return None
    known, wrong = judged(evaluated)
    threshold = threshold_of(evaluated)
    text = (
        "Questions are answered in the order of their confidence. The solid line is the share "
        "of unanswerable questions among those answered"
    )
    if len(known):
        text += (
            ", the dashed one that of all answers without a gold page, known for the "
            f"{len(known)} answers given ({number(float(wrong.mean()))})"
        )
    with drawing() as (figure, axes):
        coverage, risk = risk_coverage(values, ~answerable, len(values))
        axes.plot(coverage, risk, color=FIRST, label="unanswerable")
        if len(known):
            coverage, risk = risk_coverage(known, wrong, len(values))
            axes.plot(coverage, risk, color=SECOND, linestyle="--", label="no gold page")
        if threshold is not None:
            at = float((values >= threshold).mean())
            text += f"; the threshold of {threshold:g} answers {number(at)} of the questions"
            _mark(axes, at, f"threshold {threshold:g} ", right=at > 0.5)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        axes.legend(loc="upper left")
        axes.set_xlabel("coverage: share of questions answered")
        axes.set_ylabel("risk: share of answers wrong")
        text += "."
        return Plot("Risk and coverage", to_svg(figure, "coverage", text), text)


def seconds_plot(evaluated: Evaluated) -> Plot | None:
    """How long the questions took."""
    seconds = {
        stage: [a.seconds[stage] for _, a in given(evaluated) if stage in a.seconds]
        for stage in ("retrieve", "total")
    }
    total = seconds["total"]
    if not total:
        return None
    shown = {stage: _quantiles(values) for stage, values in seconds.items() if values}
    words = {"retrieve": "finding passages", "total": "the whole answer"}
    text = (
        "; ".join(
            f"{words[stage]}: median {number(p50)} s, 95th percentile {number(p95)} s"
            for stage, (p50, p95) in shown.items()
        ).capitalize()
        + f"; {len(total)} questions, the slowest {number(max(total))} s."
    )
    with drawing() as (figure, axes):
        axes.hist(total, bins=24, range=(0, max(total) or 1), color=FIRST, rwidth=0.9)
        axes.margins(y=0.35)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        for name, value, level in zip(("p50 ", "p95 "), shown["total"], (1, 0.9), strict=True):
            _mark(axes, value, name, height=level, right=value > max(total) / 2)
        axes.set_xlabel("seconds for the whole answer")
        axes.set_ylabel("questions")
        return Plot("Seconds", to_svg(figure, "seconds", text), text)


def _mark(axes: Axes, at: float, text: str, height: float = 1, right: bool = False) -> None:
    """A dashed line across, with its name beside it."""
    axes.axvline(at, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    place = axes.get_xaxis_transform()
    offset = (-4, -2) if right else (4, -2)
    axes.annotate(
        text.strip(),
        (at, height),
        offset,
        xycoords=place,
        textcoords="offset points",
        ha="right" if right else "left",
        va="top",
    )


def _rank_name(rank: int | None) -> str:
    return "none" if rank is None else str(rank) if rank <= _DEEPEST else f"{_DEEPEST + 1}+"


def _median(values: Floats) -> str:
    return f"median {number(float(np.median(values)))}" if len(values) else "none"


def _quantiles(values: Sequence[float]) -> tuple[float, float]:
    p50, p95 = np.quantile(np.array(values), [0.5, 0.95])
    return float(p50), float(p95)
