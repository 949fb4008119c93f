"""The PDFs that a benchmark works on."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from assistant.corpus.files import list_pdfs
from assistant.workspace import Workspace, create_workspace
from benchmarks.measure import ROOT

STARTER = ROOT / "corpus"


@dataclass(frozen=True)
class Files:
    """PDFs by their names below one folder."""

    folder: Path
    names: tuple[str, ...]

    @classmethod
    def below(cls, folder: Path, listing: Path | None = None) -> Files:
        """All PDFs below ``folder``, or those that ``listing`` names, one a line."""
        if listing is not None and listing.is_file():
            return cls(folder, tuple(sorted(listing.read_text(encoding="utf-8").split())))
        found = list_pdfs(folder)
        return cls(folder, tuple(path.relative_to(folder).as_posix() for path in found))

    @property
    def paths(self) -> list[Path]:
        """Where the files are."""
        return [self.folder / name for name in self.names]

    def pages(self) -> int:
        """Pages of all files that can be opened."""
        total = 0
        for path in self.paths:
            with suppress(pdfium.PdfiumError), pdfium.PdfDocument(path) as document:
                total += len(document)
        return total

    def some(self, count: int) -> Files:
        """``count`` of the files, evenly spaced over their order by size."""
        by_size = sorted(self.names, key=lambda name: (self.folder / name).stat().st_size)
        step = len(by_size) / count
        return Files(
            self.folder, tuple(sorted(by_size[int((i + 0.5) * step)] for i in range(count)))
        )

    def workspace(self, root: Path) -> Workspace:
        """A new workspace in ``root`` that holds copies of the files, not indexed yet."""
        workspace = create_workspace(root, empty=True)
        copy(self, workspace.corpus)
        return workspace


def listing_of(gold: Path | None) -> Path | None:
    """The list of files that stands beside a gold file: ``dev.corpus.txt`` for ``dev.jsonl``."""
    return gold.with_suffix(".corpus.txt") if gold else None


def copy(files: Files, folder: Path) -> None:
    """Copy the files below ``folder`` under their names."""
    for name, path in zip(files.names, files.paths, strict=True):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    manifest = files.folder / "manifest.toml"
    if manifest.is_file():
        shutil.copyfile(manifest, folder / manifest.name)


def add_page(path: Path, other: Path) -> None:
    """Append the first page of ``other`` to ``path``, as a new edition would."""
    with pdfium.PdfDocument(path) as document, pdfium.PdfDocument(other) as source:
        document.import_pages(source, [0])
        changed = path.with_suffix(".changed")
        document.save(changed)
    changed.replace(path)


def counted(number: int, noun: str) -> str:
    """``1 file``, ``16 files``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
