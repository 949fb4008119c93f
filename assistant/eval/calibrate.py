"""Calibration: how sure is sure enough, learnt from a gold set; `assistant eval calibrate`.

Every figure is of questions that the model behind it had not seen, nor any other question of
their document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from sklearn.metrics import brier_score_loss
from sklearn.utils.class_weight import compute_sample_weight

from assistant import __version__
from assistant.answer.assistant import Assistant
from assistant.answer.calibration import Calibration, Provenance, Rate
from assistant.answer.confidence import BEST, confidence
from assistant.errors import AssistantError
from assistant.eval.cases import Case, cases
from assistant.eval.gold import GoldSet
from assistant.eval.logistic import confidences, fit, out_of_fold, possible_folds, splits
from assistant.eval.run import Progress
from assistant.eval.statistics import Flags, Sample, estimate, interval
from assistant.eval.thresholds import Candidate, candidates, choose, error_rates
from assistant.index.embedder import Embedder

FALSE_ANSWER_RATE: Final = 0.25  # the bound where none is asked for
FEWEST: Final = 10  # questions of each class


class CalibrationError(AssistantError):
    """The gold set cannot be calibrated on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What cross-validation found.

    ``candidates`` are all thresholds tried, ``chosen`` the one that is best under ``bound``.
    ``chosen_apart`` are the rates (false answers, over-refusals) when the threshold, too, is
    chosen without the questions it is applied to; None where there are too few for that.
    ``brier`` weighs both classes alike; 0.25 is that of knowing nothing.
    """

    questions: int
    answerable: int
    folds: int
    bound: float
    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    chosen_apart: tuple[Rate, Rate] | None
    auroc: Rate
    brier: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """``calibration`` is what to write, None where nothing may be: ``refusal`` says why."""

    measured: Measured
    calibration: Calibration | None
    refusal: str = ""


def calibrate(
    assistant: Assistant,
    gold: GoldSet,
    bound: float = FALSE_ANSWER_RATE,
    progress: Progress | None = None,
) -> Calibrated:
    """Ask all questions of ``gold`` and find the threshold for a false_answer_rate of ``bound``.

    Writes nothing. Raises CalibrationError where the gold set is too small to tell.
    """
    return settle(cases(assistant, gold.questions, progress), assistant, gold, bound)


def settle(found: Sequence[Case], assistant: Assistant, gold: GoldSet, bound: float) -> Calibrated:
    """The same of questions that were asked already."""
    measured = measure(found, bound)
    if measured.chosen is None:
        return Calibrated(measured, None, _no_threshold(measured))
    coefficients = fit(found)
    if confidence(BEST, coefficients) < measured.chosen.threshold:
        return Calibrated(
            measured,
            None,
            "In this gold set better evidence does not go with answerable questions, so nothing "
            "can be learnt from it; look at its unanswerable questions.",
        )
    provenance = _provenance(measured, measured.chosen, assistant, gold)
    threshold = measured.chosen.threshold
    return Calibrated(
        measured,
        Calibration(coefficients=coefficients, threshold=threshold, provenance=provenance),
    )


def measure(found: Sequence[Case], bound: float) -> Measured:
    """Judge every threshold in cross-validation; raises CalibrationError with too few cases."""
    folds = _folds(found)
    answerable = np.array([case.answerable for case in found])
    sure = out_of_fold(found, folds)
    tried = candidates(sure, answerable)
    apart = _answered_apart(found, bound)
    return Measured(
        questions=len(found),
        answerable=int(answerable.sum()),
        folds=folds,
        bound=bound,
        candidates=tried,
        chosen=choose(tried, bound),
        chosen_apart=None if apart is None else error_rates(apart, answerable),
        auroc=_auroc(Sample(sure, np.ones(len(found)), answerable)),
        brier=float(
            brier_score_loss(
                answerable, sure, sample_weight=compute_sample_weight("balanced", answerable)
            )
        ),
    )


def _folds(found: Sequence[Case]) -> int:
    """How many folds; raises CalibrationError where the cases are too few or too alike."""
    able = [case for case in found if case.evidence]
    for kind, count in (
        ("answerable", sum(case.answerable for case in able)),
        ("unanswerable", sum(not case.answerable for case in able)),
    ):
        if count < FEWEST:
            raise CalibrationError(
                f"Only {count} {kind} questions find anything to say, and calibration needs "
                f"{FEWEST}; add some to the gold file."
            )
    if (folds := possible_folds(found)) < 2:
        raise CalibrationError(
            "All answerable questions rest on one document, and calibration leaves documents "
            "out in turn; add questions on another one."
        )
    return folds


def _answered_apart(found: Sequence[Case], bound: float) -> Flags | None:
    """Which questions are answered under a threshold chosen by the others."""
    answered = np.zeros(len(found), dtype=bool)
    for learnt, judged in splits(found, possible_folds(found)):
        seen = [found[place] for place in learnt]
        if (folds := possible_folds(seen)) < 2:
            return None
        sure = out_of_fold(seen, folds)
        chosen = choose(candidates(sure, np.array([case.answerable for case in seen])), bound)
        if chosen is not None:  # else nothing would be calibrated, and nothing answered
            unseen = confidences([found[place] for place in judged], fit(seen))
            answered[judged] = unseen >= chosen.threshold
    return answered


def _auroc(data: Sample) -> Rate:
    value, bounds = estimate(data, "auroc"), interval(data, "auroc")
    assert value is not None and bounds is not None  # there are cases of both classes
    return Rate(value=value, low=bounds[0], high=bounds[1], of=len(data))


def _no_threshold(measured: Measured) -> str:
    best = min(
        (c for c in measured.candidates if c.over_refusals.value < 1),
        key=lambda c: c.false_answers.value,
        default=None,
    )
    reached = (
        f"the lowest rate reached is {best.false_answers.value:.3f}, at {best.threshold:.2f}"
        if best
        else "each one refuses everything"
    )
    return (
        f"No threshold keeps false_answer_rate at {measured.bound:g} or below, but for those that "
        f"refuse every question, and refusing everything is no choice ({reached}); nothing was "
        "written."
    )


def _provenance(
    measured: Measured, chosen: Candidate, assistant: Assistant, gold: GoldSet
) -> Provenance:
    summary = assistant.summary()
    settings = assistant.workspace.settings.index
    return Provenance(
        gold=gold.path.name,
        gold_sha256=gold.sha256,
        questions=measured.questions,
        answerable=measured.answerable,
        folds=measured.folds,
        bound=measured.bound,
        auroc=measured.auroc,
        brier=measured.brier,
        false_answer_rate=chosen.false_answers,
        over_refusal_rate=chosen.over_refusals,
        chosen_apart=measured.chosen_apart,
        index=summary.fingerprint,
        embedding_model=summary.model,
        embedding_fingerprint=Embedder(settings.embedding_model).fingerprint,
        date=datetime.now(UTC).date().isoformat(),
        version=__version__,
    )
