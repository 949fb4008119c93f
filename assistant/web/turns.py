"""A question and what came of it, as one line of the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from assistant.types import Answer, Filters


def _key() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: answered, failed with a sentence, or (neither) still searched for.

    ``scope`` says what the search was restricted to, None where it was not. ``key`` is of
    this turn alone, among those of all visitors.
    """

    number: int
    question: str
    scope: str | None = None
    answer: Answer | None = None
    error: str | None = None
    filters: Filters = Filters()
    key: str = field(default_factory=_key)

    @property
    def pending(self) -> bool:
        """Whether the question still waits for its answer."""
        return self.answer is None and self.error is None
