"""How long a question took; only reported, because it says as much of the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures.measure import Measure, Score, Statistic
from assistant.eval.record import AnswerRecord

_STAGES: Final = {"retrieve": "finding passages", "total": "the whole answer"}
_STATISTICS: Final[dict[str, Statistic]] = {"p50": "median", "p95": "p95"}


def _seconds(stage: str) -> Callable[[GoldQuestion, AnswerRecord], Score]:
    def score(gold: GoldQuestion, answer: AnswerRecord) -> Score:
        value = answer.seconds.get(stage)
        return Score(value, why="" if value is not None else f"no seconds of {stage} were noted")

    return score


TIMING: Final[tuple[Measure, ...]] = tuple(
    Measure(
        f"seconds_{stage}_{short}",
        f"seconds for {what}, {'median' if short == 'p50' else '95th percentile'}",
        "wall time within the process, model loaded",
        "lower",
        "amount",
        _seconds(stage),
        statistic=statistic,
        margin=None,
    )
    for stage, what in _STAGES.items()
    for short, statistic in _STATISTICS.items()
)
