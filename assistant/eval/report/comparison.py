"""Two runs side by side as one HTML file, the questions that flipped first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.eval.compare import Comparison, RunScores
from assistant.eval.evaluated import Evaluated
from assistant.eval.report.addresses import PageAddress
from assistant.eval.report.cards import QuestionCard, question_cards
from assistant.eval.report.flips import Direction, Flipped, flipped
from assistant.eval.report.frame import render, write_page
from assistant.eval.report.numbers import spread
from assistant.eval.report.outcome import TONES

COMPARISON: Final = "compare.html"


@dataclass(frozen=True, slots=True)
class FlippedCard:
    """A question that flipped, with the answers of the runs that kept theirs."""

    flipped: Flipped
    a: QuestionCard | None
    b: QuestionCard | None

    @property
    def either(self) -> QuestionCard | None:
        """Whichever knows the question."""
        return self.b or self.a


def write_comparison(
    comparison: Comparison,
    a: Evaluated | None,
    b: Evaluated | None,
    path: Path,
    pages: PageAddress | None = None,
) -> None:
    """Write ``comparison_page`` to ``path``; raises UsageError where that cannot be written."""
    write_page(path, comparison_page(comparison, a, b, pages))


def comparison_page(
    comparison: Comparison,
    a: Evaluated | None,
    b: Evaluated | None,
    pages: PageAddress | None = None,
) -> str:
    """A page that needs nothing else.

    ``a`` and ``b`` are the runs with their answers, None where none are kept; ``pages`` as in
    ``report_page``.
    """
    before, after = _by_id(a, pages), _by_id(b, pages)
    return render(
        "comparison.html",
        comparison=comparison,
        flips=_cards(comparison, before, after),
        answers=(a is not None, b is not None),
        tones=TONES,
        changed=tuple(changed_settings(comparison)),
        own_a=_own_intervals(comparison.a),
        own_b=_own_intervals(comparison.b),
    )


def _own_intervals(run: RunScores) -> dict[str, str]:
    """The interval of each measure in one run, as text."""
    measures = run.about.get("measures", {})
    return {name: spread(m.get("low"), m.get("high")) for name, m in measures.items()}


def changed_settings(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """What differs between how the two runs were made: its name and both values."""
    before, after = (
        _flat({"fingerprint": run.about.get("fingerprint"), "gold": run.about.get("gold")})
        for run in (comparison.a, comparison.b)
    )
    for key in sorted(before.keys() | after.keys()):
        values = before.get(key, "–"), after.get(key, "–")
        if values[0] != values[1]:
            yield key, *values


def _flat(value: Any, name: str = "") -> dict[str, str]:
    """Nested settings as dotted names."""
    if not isinstance(value, Mapping):
        return {name: "–" if value is None else str(value)}
    found: dict[str, str] = {}
    for key, inner in value.items():
        found |= _flat(inner, f"{name}.{key}" if name else str(key))
    return found


def _by_id(evaluated: Evaluated | None, pages: PageAddress | None) -> dict[str, QuestionCard]:
    cards = question_cards(evaluated, pages) if evaluated else ()
    return {card.gold.id: card for card in cards}


def _cards(
    comparison: Comparison, a: Mapping[str, QuestionCard], b: Mapping[str, QuestionCard]
) -> dict[Direction, list[FlippedCard]]:
    return {
        way: [FlippedCard(one, a.get(one.id), b.get(one.id)) for one in found]
        for way, found in flipped(comparison).items()
    }
