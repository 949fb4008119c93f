"""What ``assistant eval calibrate`` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.answer.calibration import Rate
from assistant.cli.output import say
from assistant.eval.calibrate import Calibrated

_STEP = 5  # hundredths between the thresholds shown


def calibrated_json(found: Calibrated, path: Path | None) -> dict[str, Any]:
    """Everything that was measured, the choice, and where it was written."""
    measured = found.measured
    chosen = measured.chosen
    apart = measured.chosen_apart
    return {
        "questions": measured.questions,
        "answerable": measured.answerable,
        "folds": measured.folds,
        "false_answer_rate_asked": measured.bound,
        "threshold": chosen.threshold if chosen and found.calibration else None,
        "refusal": found.refusal or None,
        "written": str(path) if path else None,
        "auroc": measured.auroc.model_dump(),
        "brier": measured.brier,
        "chosen_apart": apart and [rate.model_dump() for rate in apart],
        "candidates": [
            {
                "threshold": candidate.threshold,
                "false_answer_rate": candidate.false_answers.model_dump(),
                "over_refusal_rate": candidate.over_refusals.model_dump(),
            }
            for candidate in measured.candidates
        ],
    }


def print_calibrated(found: Calibrated, path: Path | None, setting: float | None) -> None:
    """Both error rates at candidate thresholds, the choice, and what was done with it.

    ``setting`` is ``[answer] threshold``, which goes before a calibration.
    """
    measured = found.measured
    say(f"{'threshold':>9}  {'false_answer_rate':^22}  {'over_refusal_rate':^22}")
    for candidate in measured.candidates:
        is_chosen = candidate is measured.chosen
        if is_chosen or round(candidate.threshold * 100) % _STEP == 0:
            rates = f"{_rate(candidate.false_answers)}  {_rate(candidate.over_refusals)}"
            say(f"{candidate.threshold:9.2f}  {rates}{'  <- chosen' if is_chosen else ''}")
    say(f"AUROC {_rate(measured.auroc)}; Brier score {measured.brier:.3f} (knowing nothing: 0.250)")
    say(
        f"{measured.questions} questions, {measured.answerable} answerable, "
        f"{measured.folds} folds with documents left out."
    )
    if measured.chosen_apart is not None:
        false, over = measured.chosen_apart
        say(f"Expect elsewhere, threshold chosen apart: {_rate(false)} and {_rate(over)}")
    if path is None:
        say(found.refusal)
        return
    say(f"Wrote {path}.")
    if setting is not None:
        say(
            f"It has no effect while [answer] threshold is set, to {setting:g}, in assistant.toml; "
            "remove that line."
        )


def _rate(rate: Rate) -> str:
    return f"{rate.value:.3f} ({rate.low:.3f} to {rate.high:.3f})"
