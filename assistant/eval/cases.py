"""Gold questions with the evidence that the assistant finds for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.assistant import Assistant
from assistant.answer.confidence import Evidence
from assistant.config import override
from assistant.errors import AssistantError, UsageError
from assistant.eval.gold import GoldQuestion
from assistant.eval.run import Progress


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    ``evidence`` is None where nothing can be said however low the threshold is. ``group`` is
    the document that answers it; what no document answers is a group by itself.
    """

    id: str
    answerable: bool
    group: str
    evidence: Evidence | None


def cases(
    assistant: Assistant, questions: Sequence[GoldQuestion], progress: Progress | None = None
) -> tuple[Case, ...]:
    """Ask every question as if any confidence were enough.

    Raises UsageError naming the question that cannot be asked.
    """
    settings = override(assistant.workspace.settings, {"answer.threshold": 0.0})
    asked = assistant.with_settings(settings)
    found = []
    for number, question in enumerate(questions, start=1):
        found.append(_case(asked, question))
        if progress is not None:
            progress(number, len(questions))
    return tuple(found)


def _case(assistant: Assistant, question: GoldQuestion) -> Case:
    try:
        context = assistant.in_context(question.history)
        answer = assistant.ask(question.question, context=context)
    except AssistantError as error:
        raise UsageError(f"Question {question.id} cannot be asked: {error}") from error
    evidence = None if answer.abstained else Evidence(**answer.evidence)
    return Case(question.id, question.answerable, main_document(question), evidence)


def main_document(question: GoldQuestion) -> str:
    """The file that holds most of the evidence, the first of several; else the question's id."""
    files = Counter(evidence.file for evidence in question.evidence)
    return files.most_common(1)[0][0] if files else question.id
