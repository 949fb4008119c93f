"""A question and what came of it, and the conversation that such turns make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from assistant.types import Answer, Filters, Progress


def new_key() -> str:
    """A name that no other turn or conversation has."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: answered, failed with a sentence, or (neither) still searched for.

    ``scope`` says what the search was restricted to, None where it was not. ``key`` is of
    this turn alone, among those of all visitors. ``progress`` is how far a pending one has come.
    """

    number: int
    question: str
    scope: str | None = None
    answer: Answer | None = None
    error: str | None = None
    filters: Filters = Filters()
    key: str = field(default_factory=new_key)
    progress: Progress | None = None

    @property
    def pending(self) -> bool:
        """Whether the question still waits for its answer."""
        return self.answer is None and self.error is None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The finished turns of one visitor's conversation, in order; times are UTC."""

    id: str
    name: str
    begun: datetime
    changed: datetime
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a list of them shows it; ``turns`` is how many it has."""

    id: str
    name: str
    changed: datetime
    turns: int
