"""What the corpus folder asks to be indexed, before any document is opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.config import CorpusSettings
from assistant.corpus.files import SourceFile, identify, list_pdfs
from assistant.corpus.manifest import Entry, read_manifest
from assistant.errors import DocumentError, WorkspaceError
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be indexed; ``key`` changes when reading it again could give something else."""

    file: SourceFile
    entry: Entry | None
    key: str

    @property
    def name(self) -> str:
        """Path below the corpus folder."""
        return self.file.name


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to index, and by name why others are not.

    ``unreadable`` cannot be opened now, but may have been before; ``left_out`` is left out
    on purpose: second copies, and manifest entries without a file.
    """

    wanted: tuple[Source, ...]
    unreadable: dict[str, str]
    left_out: dict[str, str]

    @property
    def keys(self) -> dict[str, str]:
        """Key by name of the files to index."""
        return {source.name: source.key for source in self.wanted}

    @property
    def refused(self) -> dict[str, str]:
        """Reason by name of everything that is not to be indexed."""
        return {**self.unreadable, **self.left_out}


def find_sources(workspace: Workspace) -> Sources:
    """Look through the corpus of ``workspace``.

    Raises WorkspaceError where there is no corpus folder, UsageError where the manifest is
    wrong.
    """
    folder = workspace.corpus
    if not folder.is_dir():
        raise WorkspaceError(f"There is no folder {folder}; make it and put PDFs there.")
    manifest = read_manifest(folder)
    unreadable: dict[str, str] = {}
    files: list[SourceFile] = []
    for path in list_pdfs(folder):
        try:
            files.append(identify(folder, path))
        except DocumentError as error:
            unreadable[path.relative_to(folder).as_posix()] = str(error)
    kept, left_out = _first_copies(files, manifest)
    present = {file.name for file in files} | unreadable.keys()
    for name in manifest.keys() - present:
        left_out[name] = f"{name} is in manifest.toml but not in the corpus; add or remove it."
    limits = workspace.settings.corpus
    wanted = tuple(
        Source(file, manifest.get(file.name), _key(file, manifest.get(file.name), limits))
        for file in sorted(kept, key=lambda file: file.name)
    )
    return Sources(wanted, unreadable, left_out)


def _first_copies(
    files: Iterable[SourceFile], manifest: dict[str, Entry]
) -> tuple[list[SourceFile], dict[str, str]]:
    """One file of those with the same bytes: one that the manifest describes, else the first."""
    chosen: dict[str, SourceFile] = {}
    left_out: dict[str, str] = {}
    for file in sorted(files, key=lambda file: (file.name not in manifest, file.name)):
        first = chosen.setdefault(file.sha256, file)
        if first is not file:
            left_out[file.name] = (
                f"{file.name} has the same bytes as {first.name}; "
                "it is indexed once, under that name."
            )
    return list(chosen.values()), left_out


def _key(file: SourceFile, entry: Entry | None, limits: CorpusSettings) -> str:
    described = entry.model_dump(mode="json") if entry else None
    text = json.dumps([file.name, file.sha256, described, limits.model_dump()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
