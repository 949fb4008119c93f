"""Whether an answer gives what an adversarial question must be given."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.eval.gold import GoldQuestion, Must
from assistant.eval.record import AnswerRecord


def shortcomings(gold: GoldQuestion, answer: AnswerRecord) -> tuple[str, ...]:
    """What is wrong with ``answer``, empty where it gives what it must.

    Where it answers and may, a page of every group of evidence must be cited. Raises ValueError
    where ``gold`` says nothing of what must be given.
    """
    if gold.must is None:
        raise ValueError(f"{gold.id} does not say what must be given")
    return (*_outcome(gold, gold.must, answer), *_shown(gold.must, answer))


def _outcome(gold: GoldQuestion, must: Must, answer: AnswerRecord) -> Iterator[str]:
    if must.outcome == "answer" and answer.abstained:
        yield "it is refused"
    elif must.outcome == "refuse" and not answer.abstained:
        yield "it is answered"
    elif not answer.abstained:
        for group, pages in gold.groups.items():
            if pages.isdisjoint(answer.cited_pages):
                yield f"no page of evidence {group} is cited"


def _shown(must: Must, answer: AnswerRecord) -> Iterator[str]:
    statements = (statement.text for statement in answer.statements)
    shown = " ".join([*statements, answer.reason or "", *answer.notes]).casefold()
    for told in must.tell:
        choices = (told,) if isinstance(told, str) else told
        if not any(choice.casefold() in shown for choice in choices):
            yield f"it does not tell {' or '.join(choices)}"
    for text in must.never:
        if text.casefold() in shown:
            yield f"it shows {text}"
