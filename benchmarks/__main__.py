"""Runs the benchmarks and writes their figures to ``benchmarks/RESULTS.md``.

    python -m benchmarks [--corpus DIR] [--gold FILE] [--index WORKSPACE]

Without options it takes the starter corpus. ``--gold`` restricts the corpus to the files that
``FILE.corpus.txt`` lists, where there is such a list, and gives the questions to ask;
``--index`` is a workspace that holds an index of the same files, else one is made for the
run. ``--only reading,asking`` runs some, and prints them instead of writing the file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from assistant.workspace import Workspace
from benchmarks.files import STARTER, Files, counted, listing_of
from benchmarks.machine import describe, load
from benchmarks.measure import ROOT, watch

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
SIZES = (1, 4, 16)
INDEX, GOLD = "--index", "--gold"


class Runner:
    """The benchmarks, each a method that returns Markdown, in processes of their own."""

    def __init__(self, arguments: argparse.Namespace, scratch: Path) -> None:
        self._arguments = arguments
        self._scratch = scratch
        self._listing = arguments.files or listing_of(arguments.gold)
        self.files = Files.below(arguments.corpus, self._listing)

    def reading(self) -> str:
        """How fast PDFs are read."""
        return self._run("reading", *self._corpus(), "--rounds", str(self._arguments.rounds))

    def ingest(self) -> str:
        """What indexing costs."""
        sizes = ",".join(str(n) for n in SIZES if n <= len(self.files.names))
        rounds = str(self._arguments.rounds)
        return self._run("ingest", *self._corpus(), "--sizes", sizes, "--rounds", rounds)

    def asking(self) -> str:
        """How long a question takes."""
        gold = [GOLD, str(self._arguments.gold)] if self._arguments.gold else []
        return self._run("asking", INDEX, str(self._index().root), *gold, *self._corpus())

    def quality(self) -> str:
        """How good the answers are."""
        if not self._arguments.gold:
            return "Not measured: no gold file was given."
        options = [INDEX, str(self._index().root), GOLD, str(self._arguments.gold)]
        return self._run("quality", *options, *self._corpus())

    def startup(self) -> str:
        """How long a user waits who starts from nothing."""
        return self._run("startup", INDEX, str(self._index().root))

    def scale(self) -> str:
        """How an index grows."""
        gold = ["--questions", str(self._arguments.gold)] if self._arguments.gold else []
        sizes = self._arguments.scale.split(",")
        script = str(ROOT / "benchmarks" / "scale.py")
        options = [INDEX, str(self._index().root), "--sizes", *sizes, *gold]
        if self._arguments.keep:
            options += ["--keep", str(self._arguments.keep)]
        return self._watched("scale", script, *options, missed=1)

    def _index(self) -> Workspace:
        """The workspace to ask, indexed."""
        if self._arguments.index:
            return Workspace.find(self._arguments.index)
        root = self._scratch / "workspace"
        if not root.is_dir():
            self.files.workspace(root)
            index = ["-m", "assistant.cli.main", "index", "--json", "-w", str(root)]
            watch(index, allowed={0, 1})  # 1: not every page gave text, which is reported
        return Workspace.find(root)

    def _corpus(self) -> list[str]:
        corpus = ["--corpus", str(self._arguments.corpus)]
        return [*corpus, "--files", str(self._listing)] if self._listing else corpus

    def _run(self, name: str, *options: str) -> str:
        return self._watched(name, "-m", f"benchmarks.{name}", *options)

    def _watched(self, name: str, *arguments: str, missed: int = 0) -> str:
        """What it prints; the exit status ``missed`` says that it missed its target."""
        print(f"{name} \u2026", file=sys.stderr, flush=True)
        before = load()
        done = watch(arguments, allowed={0, missed})
        end = "It missed its target. " if done.status else ""
        return f"{done.output.strip()}\n\n{end}Load of the machine before: {before:.1f}."


BENCHMARKS: dict[str, Callable[[Runner], str]] = {
    "reading": Runner.reading,
    "ingest": Runner.ingest,
    "asking": Runner.asking,
    "quality": Runner.quality,
    "startup": Runner.startup,
    "scale": Runner.scale,
}


def main(argv: list[str] | None = None) -> None:
    """Run what the arguments name."""
    arguments = _arguments(argv)
    only = arguments.only.split(",") if arguments.only else list(BENCHMARKS)
    with tempfile.TemporaryDirectory() as scratch:
        runner = Runner(arguments, Path(scratch))
        sections = {name: BENCHMARKS[name](runner) for name in only}
    text = _report(sections, arguments, runner.files)
    if arguments.only:
        print(text)
    else:
        arguments.out.write_text(text, encoding="utf-8")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, default=STARTER, help="folder of PDFs")
    parser.add_argument("--files", type=Path, help="file that lists those to take, one a line")
    parser.add_argument(GOLD, type=Path, help="file with questions")
    parser.add_argument(INDEX, type=Path, help="workspace with an index of the corpus")
    parser.add_argument("--describe", default="the starter corpus", help="what the corpus is")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--scale", default="1000,5000,10000,100000", help="passages to grow an index to"
    )
    parser.add_argument("--keep", type=Path, help="folder that keeps the grown indexes")
    parser.add_argument("--only", help="benchmarks to run: " + ", ".join(BENCHMARKS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args(argv)


def _report(sections: dict[str, str], arguments: argparse.Namespace, files: Files) -> str:
    head = f"""# Results of the benchmarks

Written by `make bench` on {datetime.now(UTC):%d %B %Y}; every module of `benchmarks/` says at its
head what it measures and how. A ratio compares what ran in turn within one run, so it holds on
other machines too; the seconds do not.

- Machine: {describe()}
- Corpus: {arguments.describe}: {counted(files.pages(), "page")}.
- Where several rounds were made, figures are medians, with the range in brackets.
"""
    parts = [f"## {name.capitalize()}\n\n{text}" for name, text in sections.items()]
    return "\n\n".join([head.strip(), *parts]) + "\n"


if __name__ == "__main__":
    main()
