"""A workspace's own calibration: ``calibration.json``, which ``eval calibrate`` writes.

It says what evidence counts for, how much confidence is enough, and how both were found.
Without the file what the package ships holds.
"""

from __future__ import annotations

import math
from dataclasses import astuple
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from assistant.answer.confidence import (
    BEST,
    SHIPPED,
    SHIPPED_THRESHOLD,
    Coefficients,
    confidence,
)
from assistant.errors import UsageError
from assistant.workspace import Workspace

FILE: Final = "calibration.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rate(_Part):
    """A share of ``of`` questions with its 95 % interval."""

    value: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat
    of: int


class Provenance(_Part):
    """What a calibration was made from, and what it achieved on questions it had not seen.

    ``chosen_apart`` are the rates that arise when the threshold, too, is chosen without the
    questions that it is applied to; None where there were too few to do so.
    """

    gold: str
    gold_sha256: str
    questions: int
    answerable: int
    folds: int
    bound: FiniteFloat = Field(description="false_answer_rate that was asked for at most")
    auroc: Rate
    brier: FiniteFloat
    false_answer_rate: Rate
    over_refusal_rate: Rate
    chosen_apart: tuple[Rate, Rate] | None
    index: str
    embedding_model: str
    embedding_fingerprint: str
    date: str
    version: str


class Calibration(_Part):
    """The content of ``calibration.json``."""

    coefficients: Coefficients
    threshold: float = Field(gt=0, lt=1)
    provenance: Provenance

    @model_validator(mode="after")
    def _can_answer(self) -> Calibration:
        finite = all(map(math.isfinite, astuple(self.coefficients)))
        if not finite or confidence(BEST, self.coefficients) < self.threshold:
            raise ValueError("not even the best evidence would be enough for an answer")
        return self


def calibration_file(workspace: Workspace) -> Path:
    """Where the calibration of ``workspace`` is, if it has one."""
    return workspace.root / FILE


def read_calibration(workspace: Workspace, model_fingerprint: str) -> Calibration | None:
    """The calibration of ``workspace``, None where it has none.

    Raises UsageError where it is broken, or was made for another embedding model than the
    one of ``model_fingerprint``.
    """
    path = calibration_file(workspace)
    if not path.exists():
        return None
    again = "delete it, and calibrate again with: assistant eval calibrate"
    try:
        found = Calibration.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        problem = f"{place}: {message}" if place else message
        raise UsageError(f"{path} is no calibration ({problem}); {again}.") from error
    if found.provenance.embedding_fingerprint != model_fingerprint:
        raise UsageError(
            f"{path} was made for another embedding model "
            f"({found.provenance.embedding_model}) than that of the index; {again}."
        )
    return found


def write_calibration(workspace: Workspace, calibration: Calibration) -> Path:
    """Write ``calibration.json``, the old one replaced in one step; the file written."""
    path = calibration_file(workspace)
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}).") from error
    return path


def in_force(
    calibration: Calibration | None, threshold: float | None
) -> tuple[Coefficients, float]:
    """The coefficients and the threshold that hold, ``threshold`` being that of the settings."""
    coefficients = calibration.coefficients if calibration else SHIPPED
    if threshold is not None:
        return coefficients, threshold
    return coefficients, calibration.threshold if calibration else SHIPPED_THRESHOLD
