"""How fast PDFs are read, against LlamaIndex's ``PDFReader``.

    python -m benchmarks.reading [--corpus DIR] [--files LIST] [--rounds 3]

Every file is read in every round by all readers in turn, in fresh state:

- passages: ``read_document``, from the file to labelled pages and passages, the worker
  process included;
- lines: the first step of it, text and lines of all pages through the worker process;
- text: PDFium's text alone, in this process;
- ``PDFReader``: pypdf's text and page labels, in this process, which is all it gives.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from assistant.corpus.files import identify
from assistant.corpus.isolate import PdfReader
from assistant.corpus.reader import read_document
from assistant.index import embedder as embedding
from benchmarks import pipeline
from benchmarks.files import STARTER, Files, counted
from benchmarks.measure import Cost, Row, in_turn, spread, table

TARGET = 8.0
PEER = "PDFReader"
WHAT = {
    "passages": "file to passages",
    "lines": "file to text and lines, through the worker",
    "text": "file to text, PDFium alone",
}


def main(argv: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, default=STARTER)
    parser.add_argument("--files", type=Path, help="file that lists the PDFs to read, one a line")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args(argv)
    print(table(measure(Files.below(arguments.corpus, arguments.files), arguments.rounds)))


def measure(files: Files, rounds: int) -> list[Row]:
    """The rows of the table."""
    with Readers() as readers:
        readers.prepare(files.paths[0])
        by_file = [in_turn(rounds, readers.of(files.folder, path)) for path in files.paths]
    costs = {name: _summed(costs[name] for costs in by_file) for name in (*WHAT, PEER)}
    pages = files.pages()
    corpus = f"{counted(len(files.names), 'file')}, {counted(pages, 'page')}"
    return [row for name in WHAT for row in _rows(name, corpus, pages, costs[name], costs[PEER])]


class Readers:
    """The readers, opened once; a context manager that ends the worker."""

    def __init__(self) -> None:
        self._peer: Any = pipeline.pdf_reader()
        self._embedder = embedding.Embedder()
        self._worker = PdfReader()

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def prepare(self, path: Path) -> None:
        """Load the tokenizer, the model's capacity and all modules; start the worker."""
        self._capacity = self._embedder.capacity
        for read in self.of(path.parent, path).values():
            read()

    def of(self, folder: Path, path: Path) -> dict[str, Callable[[], object]]:
        """Each way of reading ``path``, by name."""
        return {
            "passages": lambda: self._passages(folder, path),
            "lines": lambda: self._worker.read(path),
            "text": lambda: _text(path),
            PEER: lambda: self._peer.load_data(path),
        }

    def _passages(self, folder: Path, path: Path) -> None:
        embedding._token_count.cache_clear()  # as for a file that is seen first
        source = identify(folder, path)
        read_document(self._worker, source, None, self._embedder.measure, self._capacity)


def _text(path: Path) -> list[str]:
    with pdfium.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def _summed(by_file: Iterable[list[Cost]]) -> list[Cost]:
    """The cost of all files in each round."""
    rounds = zip(*by_file, strict=True)
    return [Cost(sum(c.seconds for c in r), sum(c.busy for c in r)) for r in rounds]


def _rows(name: str, corpus: str, pages: int, ours: list[Cost], theirs: list[Cost]) -> list[Row]:
    speed, peer_speed = (
        pages / statistics.median(cost.seconds for cost in costs) for costs in (ours, theirs)
    )
    pairs = list(zip(ours, theirs, strict=True))
    wall = [their.seconds / our.seconds for our, their in pairs]
    busy = statistics.median(their.busy / our.busy for our, their in pairs)
    return [
        Row(
            f"Read {corpus}: {WHAT[name]}",
            f"{speed:,.0f} pages/s",
            f"{PEER}: {peer_speed:,.0f} pages/s",
            f"{spread(wall)} times as fast; processor time {busy:.2f}",
            f"≥ {TARGET:g}",
        )
    ]


if __name__ == "__main__":
    main()
