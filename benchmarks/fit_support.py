"""Fits the model that judges whether cited text supports a statement, and says how good it is.

    .venv/bin/python -m benchmarks.fit_support PAIRS.jsonl... [--beside MORE.jsonl...]
        [--apart FOLD0.npz FOLD1.npz ...] [--write]

Each line of a file of pairs has ``statement``, ``passage``, ``heading``, ``supported``, and in
``error`` what is wrong with a statement that is not supported. Pairs of one writer stay in one
part of the cross-validation, because what is judged in use is written by none of them. The pairs
``--beside`` are learned from in every part, with less weight, because they are written to another
brief; the figures and the threshold are those of the others. The second regression, which weighs
the first models and the network's reading, is fitted on the others alone: the network has learned
from pairs beside. It has learned from the others, too, so what counts there are the networks
``--apart`` that each lack one fold of the writers, in the order of the folds. Without ``--write``
nothing is changed.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answer.claims import model as claims_model
from assistant.answer.claims.crossreader import MEASURES, CrossReader, packaged
from assistant.answer.support import SupportJudge
from assistant.eval.support_gold import load_pairs
from assistant.index.reader import open_index
from assistant.workspace import Workspace
from benchmarks.crossreader.material import FOLDS as LEFT_OUT
from benchmarks.crossreader.material import fold_of, writer_of

PRECISION = 0.9  # aimed at in telling unsupported statements, in cross-validation
BESIDE = 0.3  # weight of a pair beside; .2 and .5 were no better in cross-validation
STEP = 0.025  # of the threshold
FOLDS = 10
REPEATS = 3  # cross-validations with other folds, whose estimates are averaged
DIGITS = 4  # measures are rounded to so many, here and where the model is used
SLACK = 1e-5  # a threshold may be a measure itself, in 32 bits a little less than in 64

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs in arrays; ``settled``: a rule decides, whatever the measures say.

    ``reading`` is what the network read. The figures are of those that are ``judged``; the others
    are beside.
    """

    names: list[str]
    measures: Array
    reading: Array
    wrong: npt.NDArray[np.bool_]
    writers: list[str]
    errors: list[str]
    files: list[str]
    settled: npt.NDArray[np.bool_]
    judged: npt.NDArray[np.bool_]

    @property
    def weights(self) -> Array:
        """What each pair counts for in fitting."""
        return np.where(self.judged, 1.0, BESIDE)


def main() -> None:
    """Prints the cross-validated figures; writes the model if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--workspace", type=Path, default=Path())
    parser.add_argument("--beside", nargs="+", type=Path, default=[], help="learned from only")
    parser.add_argument(
        "--apart", nargs="+", type=Path, default=[], help="networks that each lack a fold, in order"
    )
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if arguments.apart and len(arguments.apart) != len(LEFT_OUT):
        parser.error(f"--apart takes {len(LEFT_OUT)} networks")
    pairs = read(arguments.pairs, arguments.beside, arguments.apart, arguments.workspace)
    odds = cross_validated(pairs)
    estimates = judged_again(pairs, odds)
    writers = np.array(pairs.writers)[pairs.judged]
    threshold = threshold_for(estimates, pairs.wrong[pairs.judged], writers)
    report(pairs, estimates, threshold)
    if arguments.write:
        fitted = fit(pairs.measures, pairs.wrong, pairs.weights)
        second = second_level(odds, pairs.wrong[pairs.judged])
        write(pairs, *fitted, second, threshold)


def read(
    paths: Sequence[Path], beside: Sequence[Path], apart: Sequence[Path], workspace: Path
) -> Pairs:
    """Measures every pair of the files."""
    index = open_index(Workspace(workspace))
    readers = [CrossReader(weights) for weights in apart] or [packaged()]
    judges = [SupportJudge(index.embedder, index.acronyms, reader) for reader in readers]
    rows = [(path, pair) for path in [*paths, *beside] for pair in load_pairs(path)]
    aside = set(beside)
    sources = {d.file: f"{d.designation} {d.title}" for d in index.documents.values()}
    cases = [(row.statement, [row.evidence(sources.get(row.file, ""))]) for _, row in rows]
    folds = [fold_of(path) if apart and path not in aside else 0 for path, _ in rows]
    chosen = [judges[fold] for fold in folds]
    measured = [judge.measure(*case) for judge, case in zip(chosen, cases, strict=True)]
    names = [name for name in next(filter(None, measured)) if name not in MEASURES]
    return Pairs(
        names,
        np.array([[round(one.get(n, 0.0), DIGITS) for n in names] for one in measured]),
        np.array([[one.get(n, 0.0) for n in MEASURES] for one in measured]),
        np.array([not row.supported for _, row in rows]),
        [writer_of(path) for path, _ in rows],
        [row.error or "" for _, row in rows],
        [path.stem for path, _ in rows],
        np.array([judge.settled(*case) for judge, case in zip(chosen, cases, strict=True)]),
        np.array([path not in aside for path, _ in rows]),
    )


def fit(measures: Array, wrong: npt.NDArray[np.bool_], weights: Array) -> tuple[Pipeline, Any]:
    """The regression and the trees."""
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.03, max_iter=3000))
    trees = GradientBoostingClassifier(
        n_estimators=300,
        max_depth=4,
        learning_rate=0.05,
        subsample=0.5,
        max_features=0.1,
        min_samples_leaf=10,
        random_state=0,
    )
    linear.fit(measures, wrong, logisticregression__sample_weight=weights)
    return linear, trees.fit(measures, wrong, sample_weight=weights)


def log_odds(linear: Pipeline, trees: Any, measures: Array) -> Array:
    """Of being unsupported, by the regression and by the trees: shape (pairs, 2)."""
    return np.stack([linear.decision_function(measures), trees.decision_function(measures)], 1)


def cross_validated(pairs: Pairs) -> Array:
    """What the second regression weighs of each judged pair: shape (judged pairs, 2 + readings).

    The log-odds are means of models that have not seen the pair's writer.
    """
    total = np.zeros((len(pairs.wrong), 2))
    judged, beside = np.flatnonzero(pairs.judged), np.flatnonzero(~pairs.judged)
    writers = np.array(pairs.writers)[judged]
    for seed in range(REPEATS):
        folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
        for inside, outside in folds.split(judged, groups=writers):
            train, test = np.concatenate([judged[inside], beside]), judged[outside]
            fitted = fit(pairs.measures[train], pairs.wrong[train], pairs.weights[train])
            total[test] += log_odds(*fitted, pairs.measures[test]) / REPEATS
    return np.hstack([total, pairs.reading])[judged]


def second_level(weighed: Array, wrong: npt.NDArray[np.bool_]) -> Pipeline:
    """The regression on what ``cross_validated`` gives."""
    second = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    return second.fit(weighed, wrong)


def judged_again(pairs: Pairs, weighed: Array) -> Array:
    """The cross-validated probability of each judged pair of being unsupported."""
    wrong, total = pairs.wrong[pairs.judged], np.zeros(len(weighed))
    writers = np.array(pairs.writers)[pairs.judged]
    for seed in range(REPEATS):
        folds = GroupKFold(FOLDS, shuffle=True, random_state=REPEATS + seed)
        for inside, outside in folds.split(weighed, groups=writers):
            second = second_level(weighed[inside], wrong[inside])
            total[outside] += second.decision_function(weighed[outside]) / REPEATS
    estimates: Array = np.where(pairs.settled[pairs.judged], 1.0, 1.0 / (1.0 + np.exp(-total)))
    return estimates


def threshold_for(
    estimates: Array, wrong: npt.NDArray[np.bool_], writers: npt.NDArray[np.str_]
) -> float:
    """The lowest threshold whose precision is a standard error above what is aimed at.

    The lowest, because a false statement that is shown as cited costs a commander more than a right
    one that is left out; a standard error, because the best place of a noisy curve flatters
    (Breiman et al., Classification and Regression Trees, 1984, section 3.4.3). It is that of a
    ratio over clusters (Cochran, Sampling Techniques, 1977, section 6.3), the writers: the pairs of
    one are alike, and the next statements are written by none of them. It is rounded down to a
    STEP, within which other pairs would put it elsewhere.
    """
    order = np.argsort(-estimates, kind="stable")
    inside = np.unique(writers)[:, None] == writers[order]
    called, caught = np.cumsum(inside, 1), np.cumsum(inside & wrong[order], 1)  # (writers, pairs)
    precision = caught.sum(0) / called.sum(0)
    spread = ((caught - precision * called) ** 2).sum(0) * len(inside) / (len(inside) - 1)
    error = np.sqrt(spread) / called.sum(0)
    lowest = float(estimates[order][np.flatnonzero(precision - error >= PRECISION)[-1]])
    return math.floor(lowest / STEP) * STEP


def report(pairs: Pairs, estimates: Array, threshold: float) -> None:
    """Prints precision, recall and AUC, over all, by error and by file."""
    judged = pairs.judged
    wrong = pairs.wrong[judged]
    files, errors = np.array(pairs.files)[judged], np.array(pairs.errors)[judged]
    called = estimates >= threshold
    print(f"threshold {threshold:.3f}")
    _line("all", wrong, estimates, called)
    for name in dict.fromkeys(files):
        inside = files == name
        _line(name, wrong[inside], estimates[inside], called[inside])
    for error in sorted(set(errors) - {""}):
        kind = errors == error
        area = roc_auc_score(wrong[kind | ~wrong], estimates[kind | ~wrong])
        print(f"{error:12} n {int(kind.sum()):5}  recall {called[kind].mean():.3f}  AUC {area:.3f}")


def _line(
    name: str, wrong: npt.NDArray[np.bool_], estimates: Array, called: npt.NDArray[np.bool_]
) -> None:
    caught, raised = int((called & wrong).sum()), int(called.sum())
    precision = caught / raised if raised else float("nan")
    print(
        f"{name:12} n {len(wrong):5} unsupported {int(wrong.sum()):4}"
        f"  precision {precision:.3f}  recall {caught / max(1, int(wrong.sum())):.3f}"
        f"  AUC {roc_auc_score(wrong, estimates):.3f}"
    )


def write(pairs: Pairs, linear: Pipeline, trees: Any, second: Pipeline, threshold: float) -> None:
    """Writes the fitted model where the package reads it."""
    weights, intercept = _unscaled(linear)
    second_weights, second_intercept = _unscaled(second)
    weighed = dict(zip(("linear", "boosted", *MEASURES), second_weights, strict=True))
    kept = {
        "fitted_on": {name: pairs.files.count(name) for name in dict.fromkeys(pairs.files)},
        "threshold": round(threshold, 4),
        "second": {
            name: round(float(weight), 6)
            for name, weight in {"intercept": second_intercept, **weighed}.items()
        },
        "intercept": round(intercept, 6),
        "start": round(float(_start(trees, pairs.measures)), 6),
        "names": pairs.names,
        "weights": [round(float(weight), 6) for weight in weights],
        "trees": [_tree(one[0].tree_, trees.learning_rate) for one in trees.estimators_],
    }
    path = Path(claims_model.__file__).with_name(claims_model.FILE)
    path.write_text(_text(kept), encoding="utf-8")
    print(f"written: {path}")


def _unscaled(model: Pipeline) -> tuple[Array, float]:
    """Weights and intercept for measures as they are."""
    scaler, regression = model[0], model[-1]
    weights: Array = regression.coef_[0] / scaler.scale_
    return weights, float(regression.intercept_[0] - weights @ scaler.mean_)


def _start(trees: Any, measures: Array) -> float:
    """What the trees add to: their sum less what they give."""
    first = measures[:1]
    given = sum(trees.learning_rate * one[0].predict(first)[0] for one in trees.estimators_)
    return float(trees.decision_function(first)[0] - given)


def _tree(tree: Any, rate: float) -> dict[str, list[float]]:
    return {
        "feature": tree.feature.tolist(),
        "threshold": [round(float(value) + SLACK, 6) for value in tree.threshold],
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": [round(rate * float(value), 5) for value in tree.value.ravel()],
    }


def _text(kept: dict[str, Any]) -> str:
    """JSON with one tree a line, so that a change can be read."""
    trees = ",\n  ".join(json.dumps(tree, separators=(",", ":")) for tree in kept.pop("trees"))
    head = json.dumps(kept, indent=1)
    return head.removesuffix("\n}") + f',\n "trees": [\n  {trees}\n ]\n}}\n'


if __name__ == "__main__":
    main()
