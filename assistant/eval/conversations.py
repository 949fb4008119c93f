"""How well follow-ups are understood: searched alone, worded anew, and as a person words them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from assistant.answer.assistant import Assistant
from assistant.eval.gold import Evidence, PageId, Text
from assistant.eval.gold_lines import gold_lines

FIRST: Final = 5  # distinct pages among which one of the evidence must be

Sort = Literal["pronoun", "ellipsis", "parallel", "ordinal", "bare", "change"]
Progress = Callable[[int, int], None]


class GoldConversation(BaseModel):
    """Earlier questions, the latest one, and that as a person words it to stand alone.

    ``sort`` says how the latest one leans on the earlier; "change" does not, it is a new topic.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Text
    history: tuple[Text, ...]
    question: Text
    standalone: Text
    sort: Sort
    evidence: tuple[Evidence, ...]

    @property
    def pages(self) -> frozenset[PageId]:
        """All pages that hold evidence."""
        return frozenset(evidence.page for evidence in self.evidence)


@dataclass(frozen=True, slots=True)
class Understood:
    """One conversation: what was searched for, and whether each way found a right page."""

    id: str
    sort: str
    searched: str
    alone: bool
    worded: bool
    full: bool


@dataclass(frozen=True, slots=True)
class FollowUpFigures:
    """Shares with a right page among the first ``FIRST``, and how much of the gap is recovered.

    ``recovered`` is (worded - alone) / (full - alone), None where there is no gap.
    """

    conversations: int
    alone: float
    worded: float
    full: float
    recovered: float | None
    rows: tuple[Understood, ...]


def load_conversations(path: Path) -> tuple[GoldConversation, ...]:
    """The conversations in ``path``; raises GoldError naming the first mistake."""
    return gold_lines(path, GoldConversation, "conversations")


def understood(
    conversations: Sequence[GoldConversation],
    assistant: Assistant,
    progress: Progress | None = None,
) -> FollowUpFigures:
    """Search every conversation's latest question in the three ways."""
    rows = []
    for number, gold in enumerate(conversations, start=1):
        searched = assistant.in_context([*gold.history, gold.question])[-1]
        rows.append(
            Understood(
                gold.id,
                gold.sort,
                searched,
                _finds(assistant, gold.question, gold),
                _finds(assistant, searched, gold),
                _finds(assistant, gold.standalone, gold),
            )
        )
        if progress is not None:
            progress(number, len(conversations))
    return figures(rows)


def figures(rows: Sequence[Understood]) -> FollowUpFigures:
    """What the rows come to together."""
    count = len(rows)
    alone, worded, full = (
        sum(getattr(row, way) for row in rows) / count for way in ("alone", "worded", "full")
    )
    gap = full - alone
    recovered = (worded - alone) / gap if gap > 0 else None
    return FollowUpFigures(count, alone, worded, full, recovered, tuple(rows))


def _finds(assistant: Assistant, question: str, gold: GoldConversation) -> bool:
    hits = assistant.search(question, limit=2 * FIRST)
    pages = dict.fromkeys(
        (hit.document.file, span.page) for hit in hits for span in hit.passage.spans
    )
    return not gold.pages.isdisjoint(list(pages)[:FIRST])
