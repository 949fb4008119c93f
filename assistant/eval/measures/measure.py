"""What a measure is: one number per question, and how the numbers of a set become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.eval.gold import GoldQuestion
from assistant.eval.record import AnswerRecord

Better = Literal["higher", "lower", "neither"]
Form = Literal["yes-no", "share", "amount"]
Statistic = Literal["mean", "median", "p95", "auroc"]


@dataclass(frozen=True, slots=True)
class Score:
    """The value of a measure for one question.

    ``value`` is None where the question cannot be scored by this measure, and ``why`` says
    why. ``of`` is of how many things (quotes, citations) ``value`` is the share, and thereby
    its weight in the mean over all questions.
    """

    value: float | None
    of: int = 1
    why: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure; ``score`` depends on the gold question and the answer alone.

    ``form`` chooses the paired test. ``statistic`` makes one value of all questions'.
    ``margin``: by how much a run may be worse than another without being a regression,
    None where only reported, because it depends on the machine or has no better side.
    """

    name: str
    definition: str
    source: str
    better: Better
    form: Form
    score: Callable[[GoldQuestion, AnswerRecord], Score]
    statistic: Statistic = "mean"
    margin: float | None = 0.01


REFUSED = Score(None, why="the question was refused")
NOT_ANSWERABLE = Score(None, why="the question is unanswerable")
ANSWERABLE = Score(None, why="the question is answerable")


def share(hits: int, of: int, empty: str) -> Score:
    """``hits`` of ``of`` things, or a null score that says ``empty``."""
    return Score(hits / of, of) if of else Score(None, 0, empty)
