"""A run, or two side by side, in the few lines that a pull request has room for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from assistant.eval.compare import Comparison, Difference
from assistant.eval.report.flips import Flipped, flipped
from assistant.eval.report.numbers import (
    number,
    probability,
    signed,
    signed_spread,
    spread,
)
from assistant.eval.report.tables import MAIN

_LISTED: Final = 12  # ids in one line
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#&~])")


def markdown_summary(summary: Mapping[str, Any]) -> str:
    """The main measures of a ``summary.json`` as a table."""
    gold, fingerprint = summary.get("gold", {}), summary.get("fingerprint", {})
    values = summary.get("measures", {})
    rows = [
        (_text(name), *_figures(values[name]))
        for name in (*MAIN, "seconds_total_p50", "seconds_total_p95")
        if name in values
    ]
    lines = [
        f"**Evaluation of {_text(gold.get('file', 'a gold set'))}**: "
        f"{summary.get('questions', 0)} questions, {summary.get('answerable', 0)} answerable; "
        f"run {_text(fingerprint.get('id', 'without a fingerprint'))}",
        "",
        *_table(("Measure", "Value", "95 % interval", "n"), rows),
    ]
    if must := summary.get("must"):
        met = f"**{must['met']} of {must['of']} get what they must**"
        lines += ["", f"{met}; not: {_ids(sorted(must['lacking']))}" if must["lacking"] else met]
    if failed := summary.get("failed"):
        lines += ["", f"**{len(failed)} failed**: {_ids(sorted(failed))}"]
    return "\n".join(lines) + "\n"


def markdown_comparison(comparison: Comparison) -> str:
    """The verdict, the questions that flipped and the measures that differ."""
    shown = [d for d in comparison.differences if _worth_telling(d)]
    rows = [
        (
            _text(d.measure.name),
            number(d.before),
            number(d.after),
            signed(d.difference),
            signed_spread(d.interval),
            probability(d.corrected),
            f"**{d.verdict}**: {_text(d.why)}" if d.verdict == "regression" else d.verdict,
        )
        for d in shown
    ]
    lines = [
        f"**{_headline(comparison)}** ({_text(comparison.b.name)} against "
        f"{_text(comparison.a.name)}, {comparison.questions} questions)",
        "",
        *(f"- {line}" for line in _notes(comparison)),
        "",
    ]
    if rows:
        lines += _table(
            ("Measure", "A", "B", "B − A", "95 % interval", "p (Holm)", "Verdict"), rows
        )
    else:
        lines.append("No measure differs.")
    return "\n".join(lines) + "\n"


def _headline(comparison: Comparison) -> str:
    count = len(comparison.regressions)
    measures = f"{_counted(count, 'measure')} regressed" if count else ""
    lost = f"{_counted(len(comparison.lost), 'question')} lost" if comparison.lost else ""
    return ", ".join(filter(None, (measures, lost))).capitalize() or "No regression"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _notes(comparison: Comparison) -> Iterable[str]:
    for way, found in flipped(comparison).items():
        what = {"worse": "Worse", "mixed": "Better and worse", "better": "Better"}[way]
        yield f"{what}: {_flips(found)}"
    if comparison.lost:
        yield f"Lost: {_ids(comparison.lost)}"
    yield from map(_text, comparison.warnings)


def _flips(found: Sequence[Flipped]) -> str:
    return f"{len(found)} ({_ids([one.id for one in found])})" if found else "none"


def _worth_telling(difference: Difference) -> bool:
    return difference.verdict != "same" or bool(difference.difference)


def _figures(value: Mapping[str, Any]) -> tuple[str, str, str]:
    shown = number(value.get("value"))
    return shown, spread(value.get("low"), value.get("high")), str(value.get("n", 0))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return ", ".join(map(_text, ids[:_LISTED])) + more


def _text(value: object) -> str:
    """Data as text: nothing in it is markup, and it stays on its line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(value).split()))
