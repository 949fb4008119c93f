"""What visitors think of an answer, kept with all that led to it; nothing leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from assistant import __version__
from assistant.answer.record import answer_json
from assistant.errors import UsageError
from assistant.eval.lines import add_line, cleaned
from assistant.types import Answer, Filters

FEEDBACK: Final = "feedback.jsonl"
MOST_COMMENT: Final = 2000
REASONS: Final[dict[str, str]] = {
    "wrong citation": "Wrong citation",
    "incomplete": "Incomplete",
    "not an answer": "Not an answer",
    "should have refused": "Should have refused",
    "should have answered": "Should have answered",
    "other": "Other",
}
Verdict = Literal["good", "bad"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict with its reasons (keys of ``REASONS``) and a comment in free words."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    comment: str = ""


def save_feedback(
    evaluation: Path, key: str, answer: Answer, filters: Filters, opinion: Opinion
) -> bool:
    """Add an opinion on ``answer`` below ``evaluation``; False where ``key`` has one already.

    Raises UsageError where the opinion makes no sense or the file cannot be written.
    """
    for reason in opinion.reasons:
        if reason not in REASONS:
            raise UsageError(f"There is no reason of that name; there are {', '.join(REASONS)}.")
    record = {
        "id": key,
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "fingerprint": answer.index,
        "verdict": opinion.verdict,
        "reasons": list(opinion.reasons),
        "comment": cleaned(opinion.comment, MOST_COMMENT),
        "question": answer.question,
        "searched": answer.searched,
        "filters": {"files": list(filters.files), "statuses": list(filters.statuses)},
        "answer": answer_json(answer),
    }
    return add_line(evaluation / FEEDBACK, record)
