"""A question and what came of it, as one line of the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: answered, failed with a sentence, or (neither) still searched for.

    ``scope`` says what the search was restricted to, None where it was not.
    """

    number: int
    question: str
    scope: str | None = None
    answer: Answer | None = None
    error: str | None = None

    @property
    def pending(self) -> bool:
        """Whether the question still waits for its answer."""
        return self.answer is None and self.error is None
