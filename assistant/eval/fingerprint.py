"""What a run was made with: two runs of one fingerprint must give the same scores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import assistant
from assistant.answer.calibration import calibration_file
from assistant.index.reader import IndexSummary
from assistant.workspace import Workspace

_SECTIONS = ("index", "retrieve", "answer")  # the settings that can change an answer
_PACKAGE = Path(assistant.__file__).parent
_LENGTH = 12


def run_fingerprint(workspace: Workspace, index: IndexSummary, threshold: float) -> dict[str, Any]:
    """Index, settings, calibration, prompts, models and code, and ``id``, the hash of them all.

    ``threshold`` is the one in force, which need not be in the settings.
    """
    settings = workspace.settings.model_dump(mode="json")
    calibration = calibration_file(workspace)
    parts = {
        "index": index.fingerprint,
        "settings": {name: settings[name] for name in _SECTIONS if name in settings},
        "threshold": threshold,
        "prompts": {
            path.relative_to(workspace.prompts).as_posix(): _digest([path])
            for path in _files(workspace.prompts, "*.txt")
        },
        "calibration": _digest([calibration]) if calibration.is_file() else None,
        "models": {"embedding": index.model, "language": _language(workspace)},
        "version": assistant.__version__,
        "code": _digest(_files(_PACKAGE, "*.py"), _PACKAGE),
    }
    return {"id": _hash(json.dumps(parts, sort_keys=True).encode()), **parts}


def _language(workspace: Workspace) -> dict[str, Any] | None:
    """What answers are written with, None where they are extractive."""
    llm = workspace.settings.llm
    if not llm.base_url or workspace.settings.answer.mode == "extractive":
        return None
    return llm.model_dump(mode="json", include={"model", "context_window", "max_tokens"})


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def _digest(paths: Iterable[Path], below: Path | None = None) -> str:
    total = hashlib.sha256()
    for path in paths:
        if below is not None:
            total.update(path.relative_to(below).as_posix().encode() + b"\0")
        total.update(path.read_bytes())
    return total.hexdigest()[:_LENGTH]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_LENGTH]
