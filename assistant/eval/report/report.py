"""A whole run as one HTML file: how good it is, and every question with its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from assistant.eval.evaluated import Evaluated
from assistant.eval.report.addresses import PageAddress, question_address
from assistant.eval.report.cards import QuestionCard, document_names, question_cards
from assistant.eval.report.frame import render, write_page
from assistant.eval.report.outcome import MEANINGS, OUTCOMES, TONES
from assistant.eval.report.plots import plots
from assistant.eval.report.tables import MAIN, Breakdown, breakdown, families

REPORT: Final = "report.html"

_GROUPS: Final = {"by_kind": "kind", "by_document": "document", "by_turn": "turn"}


def write_report(
    evaluated: Evaluated,
    path: Path,
    pages: PageAddress | None = None,
    ask: str | None = None,
) -> None:
    """Write ``report_page`` to ``path``; raises UsageError where that cannot be written."""
    write_page(path, report_page(evaluated, pages, ask))


def report_page(
    evaluated: Evaluated, pages: PageAddress | None = None, ask: str | None = None
) -> str:
    """A page that needs nothing else; the same run gives the same characters.

    ``pages`` says where a link to a page leads (``addresses.page_address``), None: there are
    no such links. ``ask`` is the address of a chat that takes ``?q=``.
    """
    cards = question_cards(evaluated, pages)
    names = document_names(evaluated)
    summary = evaluated.summary
    return render(
        "report.html",
        "script.js",
        summary=summary,
        fingerprint=summary.get("fingerprint", {}),
        gold=summary.get("gold", {}),
        failed=summary.get("failed", {}),
        families=families(summary),
        breakdowns=_breakdowns(summary, names),
        plots=plots(evaluated),
        outcomes=_outcomes(cards),
        cards=cards,
        kinds=sorted({card.gold.kind for card in cards}),
        documents=list(names),
        names=names,
        tones=TONES,
        asks={card.gold.id: question_address(ask, card.gold.question) for card in cards},
    )


def _outcomes(cards: Sequence[QuestionCard]) -> list[tuple[str, int, str]]:
    """What became of how many questions, and what that means."""
    counted = Counter(card.outcome for card in cards)
    return [(name, counted[name], MEANINGS[name]) for name in OUTCOMES]


def _breakdowns(
    summary: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[Breakdown, Breakdown]]:
    """The main measures by each grouping, and all of them."""
    found = []
    for key, title in _GROUPS.items():
        groups = {names.get(name, name): value for name, value in summary.get(key, {}).items()}
        if groups:
            found.append((breakdown(title, groups, MAIN), breakdown(title, groups)))
    return found
