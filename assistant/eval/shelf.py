"""What lies in a workspace's folder ``eval``: gold files, the baseline and former runs.

All of it is looked up by name among what is there; no name is ever made into a path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.errors import UsageError
from assistant.eval.drafts import DRAFTS
from assistant.eval.feedback import FEEDBACK
from assistant.eval.gold import GoldQuestion, load_gold, read_lines
from assistant.eval.run import ANSWERS, GOLD, RUN, RUNS, SUMMARY, answered

BASELINE: Final = "baseline"


@dataclass(frozen=True, slots=True)
class ShelvedRun:
    """A run that was begun; ``measures`` are those of its summary, none while unfinished."""

    name: str
    folder: Path
    begun: str
    gold: str
    questions: int
    answered: int
    finished: bool
    measures: Mapping[str, float | None]
    settings: Mapping[str, Any]
    system: str | None = None

    @property
    def has_answers(self) -> bool:
        """Whether its answers are there, which a baseline leaves out."""
        return (self.folder / ANSWERS).is_file() and (self.folder / GOLD).is_file()


def gold_names(evaluation: Path) -> list[str]:
    """The files in ``evaluation`` that hold gold questions, by name but the main one first."""
    names = sorted(path.name for path in evaluation.glob("*.jsonl") if path.is_file())
    names.sort(key=lambda name: name != GOLD)
    return [name for name in names if _is_gold(evaluation / name)]


def find_gold(evaluation: Path, name: str) -> Path:
    """The gold file of that name; raises UsageError where there is none."""
    if name not in gold_names(evaluation):
        raise UsageError("There is no gold set of that name in the workspace's folder eval.")
    return evaluation / name


def shelved_runs(evaluation: Path) -> list[ShelvedRun]:
    """The baseline, if there is one, and every run, the newest first."""
    found = [_read(name, folder) for name, folder in _folders(evaluation).items()]
    return [run for run in found if run is not None]


def find_run(evaluation: Path, name: str) -> ShelvedRun:
    """The run of that name; raises UsageError where there is none."""
    folder = _folders(evaluation).get(name)
    run = _read(name, folder) if folder else None
    if run is None:
        raise UsageError("There is no run of that name.")
    return run


def questions_of(run: ShelvedRun) -> tuple[GoldQuestion, ...]:
    """The questions that a run asks; none where it did not keep them."""
    path = run.folder / GOLD
    return load_gold(path).questions if path.is_file() else ()


def _is_gold(path: Path) -> bool:
    """A file with one good line is one: its mistakes are told when it is used."""
    if path.name in (DRAFTS, FEEDBACK):
        return False
    try:
        return bool(read_lines(path)[0])
    except UsageError:
        return False


def _folders(evaluation: Path) -> dict[str, Path]:
    found = {}
    if (evaluation / BASELINE / SUMMARY).is_file():
        found[BASELINE] = evaluation / BASELINE
    runs = evaluation / RUNS
    for folder in sorted(runs.iterdir(), reverse=True) if runs.is_dir() else ():
        if (folder / RUN).is_file() and folder.name not in found:
            found[folder.name] = folder
    return found


def _read(name: str, folder: Path) -> ShelvedRun | None:
    """None where the folder is no run of this program, or is being written."""
    finished = (folder / SUMMARY).is_file()
    try:
        about = json.loads((folder / (SUMMARY if finished else RUN)).read_text(encoding="utf-8"))
        total = about["questions"]
        return ShelvedRun(
            name=name,
            folder=folder,
            begun=str(about.get("begun", "")),
            gold=str(about["gold"]["file"]),
            questions=total if finished else len(total),
            answered=int(about["asked"]) if finished else len(answered(folder)),
            finished=finished,
            measures=dict(_values(about.get("measures", {}))),
            settings=dict(_settings(about["fingerprint"])),
            system=about["fingerprint"].get("system"),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _values(measures: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, float | None]]:
    for name, whole in measures.items():
        yield name, whole.get("value")


def _settings(fingerprint: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings by name; the threshold is the one that was in force."""
    for section, values in fingerprint.get("settings", {}).items():
        for key, value in values.items():
            yield f"{section}.{key}", value
    if "threshold" in fingerprint:
        yield "answer.threshold", fingerprint["threshold"]
