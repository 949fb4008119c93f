"""What became of a question, in one word that a reader can filter by."""

from __future__ import annotations

from typing import Final, Literal, get_args

from assistant.eval.gold import GoldQuestion
from assistant.eval.record import AnswerRecord

Outcome = Literal[
    "all right",
    "partly",
    "wrong page",
    "missed",
    "over-refusal",
    "false answer",
    "right refusal",
    "failed",
]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

MEANINGS: Final[dict[Outcome, str]] = {
    "all right": "every piece of evidence is cited, and no page beside",
    "partly": "a gold page is cited, but not all the evidence, or other pages beside",
    "wrong page": "no gold page is cited, though one was among the pages found",
    "missed": "no gold page is cited, and none was found",
    "over-refusal": "the documents answer it, but it was refused",
    "false answer": "the documents do not answer it, but it was answered",
    "right refusal": "the documents do not answer it, and it was refused",
    "failed": "there is no answer to judge",
}

Tone = Literal["good", "middling", "bad"]

TONES: Final[dict[Outcome, Tone]] = {
    "all right": "good",
    "partly": "middling",
    "wrong page": "bad",
    "missed": "bad",
    "over-refusal": "bad",
    "false answer": "bad",
    "right refusal": "good",
    "failed": "bad",
}


def outcome_of(gold: GoldQuestion, answer: AnswerRecord | None) -> Outcome:
    """Judged by the pages cited alone; what the answer says is up to the other measures."""
    if answer is None or answer.error:
        return "failed"
    if answer.abstained:
        return "over-refusal" if gold.answerable else "right refusal"
    return _answered(gold, answer) if gold.answerable else "false answer"


def _answered(gold: GoldQuestion, answer: AnswerRecord) -> Outcome:
    cited = answer.cited_pages
    if cited.isdisjoint(gold.pages):
        found = not gold.pages.isdisjoint(answer.ranked_pages)
        return "wrong page" if found else "missed"
    complete = all(not pages.isdisjoint(cited) for pages in gold.groups.values())
    return "all right" if complete and cited <= gold.pages else "partly"
