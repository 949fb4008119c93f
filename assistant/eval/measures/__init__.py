"""The measures, each a small unit over one gold question and one answer."""

from __future__ import annotations

from typing import Final

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures.citing import CITING
from assistant.eval.measures.measure import Measure, Score
from assistant.eval.measures.ranking import RANKING
from assistant.eval.measures.refusing import REFUSING
from assistant.eval.measures.saying import SAYING
from assistant.eval.measures.timing import TIMING
from assistant.eval.record import AnswerRecord

MEASURES: Final[tuple[Measure, ...]] = (*RANKING, *CITING, *SAYING, *REFUSING, *TIMING)
BY_NAME: Final[dict[str, Measure]] = {measure.name: measure for measure in MEASURES}

__all__ = ["BY_NAME", "MEASURES", "Measure", "Score", "score_question"]


def score_question(gold: GoldQuestion, answer: AnswerRecord | None) -> dict[str, Score]:
    """Every measure of one question; null with the reason where there is no answer."""
    problem = "it was not asked" if answer is None else answer.error or _of_another(gold, answer)
    if answer is None or problem:
        return {measure.name: Score(None, 0, str(problem)) for measure in MEASURES}
    return {measure.name: measure.score(gold, answer) for measure in MEASURES}


def _of_another(gold: GoldQuestion, answer: AnswerRecord) -> str | None:
    """What is wrong where the answer says that it is to another question."""
    if not answer.question or answer.question.split() == gold.question.split():
        return None
    return "its answer is to another question"
