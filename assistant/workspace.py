"""A workspace: the folder that holds settings, documents, index, prompts and gold."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.config import SETTINGS_FILE, Settings, read_settings
from assistant.errors import WorkspaceError

_PACKAGE = Path(__file__).resolve().parent
_STARTER = ("corpus", "prompts", "eval")
_LEFT_OUT = shutil.ignore_patterns(
    "runs", "drafts.jsonl", "feedback.jsonl", "*.lock", "sources", "__pycache__", "*.pyc"
)


@dataclass(frozen=True)
class Workspace:
    """Paths and settings below ``root``, which holds an ``assistant.toml``."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """The workspace at ``start``, or the nearest one at or above the current folder.

        Raises WorkspaceError when there is none.
        """
        if start is not None:
            if not (start / SETTINGS_FILE).is_file():
                raise WorkspaceError(
                    f"{start} is not a workspace (it has no {SETTINGS_FILE}); "
                    f"make one with: assistant init {start}"
                )
            return cls(start.resolve())
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / SETTINGS_FILE).is_file():
                return cls(folder)
        raise WorkspaceError(
            f"No {SETTINGS_FILE} here or above; make a workspace with: assistant init DIR"
        )

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises UsageError when the file is wrong."""
        return read_settings(self.root / SETTINGS_FILE)

    def with_settings(self, settings: Settings) -> Workspace:
        """The same folder under other settings than its file names."""
        other = Workspace(self.root)
        other.__dict__["settings"] = settings  # where cached_property keeps what it read
        return other

    @property
    def corpus(self) -> Path:
        """Folder of the PDFs."""
        return self.root / "corpus"

    @property
    def index(self) -> Path:
        """Folder of the built index."""
        return self.root / "index"

    @property
    def evaluation(self) -> Path:
        """Folder of gold questions, the baseline and runs."""
        return self.root / "eval"

    @property
    def gold(self) -> Path:
        """The gold file that is taken where none is named."""
        return self.evaluation / "gold.jsonl"

    @property
    def baseline(self) -> Path:
        """Folder of the run that others are held against."""
        return self.evaluation / "baseline"

    @property
    def selections(self) -> Path:
        """The file of users' selections of excerpts."""
        return self.root / "excerpts.sqlite"

    @property
    def conversations(self) -> Path:
        """The file in which conversations are kept."""
        return self.root / "conversations.sqlite"

    @property
    def prompts(self) -> Path:
        """Folder of prompt templates and example questions."""
        return self.root / "prompts"


def create_workspace(target: Path, *, empty: bool = False) -> Workspace:
    """Copy the starter workspace to ``target``; ``empty`` leaves out documents and gold.

    Raises WorkspaceError when ``target`` already holds a workspace or cannot be written.
    """
    if (target / SETTINGS_FILE).exists():
        raise WorkspaceError(f"{target} already is a workspace; nothing was changed.")
    source = _starter_folder()
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in _STARTER:
            if (target / name).exists() and any((target / name).iterdir()):
                raise WorkspaceError(
                    f"{target / name} exists and is not empty; choose another folder."
                )
        for name in _STARTER:
            if empty and name != "prompts":
                (target / name).mkdir(exist_ok=True)
            elif (source / name).is_dir():
                shutil.copytree(source / name, target / name, dirs_exist_ok=True, ignore=_LEFT_OUT)
            else:
                (target / name).mkdir(exist_ok=True)
        # Last, because this file is what makes the folder a workspace.
        shutil.copyfile(source / SETTINGS_FILE, target / SETTINGS_FILE)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WorkspaceError(f"{target} cannot be written ({reason}).") from error
    return Workspace(target.resolve())


def _starter_folder() -> Path:
    """The starter workspace: inside an installed wheel, else the checkout around it."""
    for folder in (_PACKAGE / "_starter", _PACKAGE.parent):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise WorkspaceError("This installation has no starter workspace; install it again.")
