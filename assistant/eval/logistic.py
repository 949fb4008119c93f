"""Logistic regression from evidence to confidence, and confidences out of cross-validation.

Both classes weigh the same however many questions a gold set has of each, so that a
confidence of .5 means "as likely as not" where as many questions have an answer as not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answer.confidence import Coefficients, confidence
from assistant.eval.cases import Case
from assistant.eval.statistics import SEED, Array

FOLDS: Final = 5
_USED: Final = tuple(field.name for field in fields(Coefficients))[1:]  # behind the intercept
Index = npt.NDArray[np.intp]


def fit(cases: Sequence[Case]) -> Coefficients:
    """The coefficients over all ``cases`` that have evidence."""
    features, answerable, _ = _arrays(cases)
    model = _model().fit(features, answerable)
    scaler, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = regression.intercept_[0] - weights @ scaler.mean_
    return Coefficients(float(intercept), *(float(weight) for weight in weights))


def confidences(cases: Sequence[Case], coefficients: Coefficients) -> Array:
    """The confidence in each case, 0 where nothing can be said."""
    return np.array([confidence(c.evidence, coefficients) if c.evidence else 0.0 for c in cases])


def out_of_fold(cases: Sequence[Case], folds: int) -> Array:
    """The same by models that saw neither the case nor any other of its document."""
    features, answerable, groups = _arrays(cases)
    predicted = cross_val_predict(
        _model(), features, answerable, groups=groups, cv=_splitter(folds), method="predict_proba"
    )
    found = np.zeros(len(cases))
    found[[place for place, case in enumerate(cases) if case.evidence]] = predicted[:, 1]
    return found


def splits(cases: Sequence[Case], folds: int) -> Iterator[tuple[Index, Index]]:
    """Which cases to learn from and which to judge, a document's all on one side."""
    answerable = np.array([case.answerable for case in cases])
    groups = np.array([case.group for case in cases])
    yield from _splitter(folds).split(answerable.reshape(-1, 1), answerable, groups)


def possible_folds(cases: Sequence[Case]) -> int:
    """Into how many folds the cases with evidence can be divided, both classes in each."""
    able = [case for case in cases if case.evidence]
    documents = {case.group for case in able if case.answerable}
    return min(FOLDS, len(documents), sum(not case.answerable for case in able))


def _model() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))


def _splitter(folds: int) -> Any:
    return StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)


def _arrays(cases: Sequence[Case]) -> tuple[Array, npt.NDArray[np.bool_], npt.NDArray[np.str_]]:
    able = [(case, case.evidence) for case in cases if case.evidence]
    return (
        np.array([[getattr(evidence, name) for name in _USED] for _, evidence in able]),
        np.array([case.answerable for case, _ in able]),
        np.array([case.group for case, _ in able]),
    )
