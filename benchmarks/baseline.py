"""The line to beat: gold questions answered by LlamaIndex's default pipeline.

    python -m benchmarks.baseline --gold FILE [--corpus DIR] --out ANSWERS.jsonl

Writes one line a question: its id and an answer in the form of ``assistant ask --json``. The
hits are the 15 nearest chunks; the statements are the texts of the two nearest, which is
what ``as_query_engine()`` hands over without an LLM. It never abstains, knows no paragraphs,
and its printed page is the page label that its PDF reader gives. Only the files that
``FILE.corpus.txt`` lists are indexed, where there is such a list beside the gold file; the
index is kept in ``build/benchmarks`` for the next time, by the content of the files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import statistics
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.corpus.files import identify
from benchmarks import pipeline
from benchmarks.files import STARTER, Files, copy, listing_of
from benchmarks.measure import ROOT

KEPT = ROOT / "build" / "benchmarks"
RANKED, SHOWN = 15, 2
NAME = "llama-index default"


class Baseline:
    """LlamaIndex's default pipeline over some PDFs."""

    def __init__(self, files: Files) -> None:
        """Open the index of ``files``, which is built where it is not there yet."""
        folder = KEPT / f"baseline-{_key(files)}"
        model = pipeline.embedding()
        if not folder.is_dir():
            _build(files, folder, model)
        index = pipeline.reopen(folder / "chroma", model)
        self._retriever = index.as_retriever(similarity_top_k=RANKED)

    def retrieve(self, question: str) -> list[Any]:
        """The nearest chunks with their scores, nearest first."""
        return list(self._retriever.retrieve(question))

    def answer(self, question: str) -> dict[str, Any]:
        """The answer in the form of ``assistant ask --json``."""
        began = time.perf_counter()
        nodes = self.retrieve(question)
        seconds = round(time.perf_counter() - began, 4)
        shown = list(enumerate(nodes[:SHOWN], start=1))
        return {
            "question": question,
            "searched": question,
            "mode": "extractive",
            "abstained": False,
            "reason": None,
            "confidence": round(nodes[0].score, 4) if nodes else 0.0,
            "evidence": {},
            "statements": [
                {"text": node.get_content(), "citations": [number]} for number, node in shown
            ],
            "citations": [_citation(number, node) for number, node in shown],
            "hits": [_hit(rank, node) for rank, node in enumerate(nodes, start=1)],
            "notes": [],
            "seconds": {"retrieve": seconds, "answer": 0.0, "total": seconds},
            "index": NAME,
        }


def main(argv: list[str] | None = None) -> None:
    """Answer the gold questions into a file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=STARTER)
    parser.add_argument("--files", type=Path, help="the PDFs to index; else the gold file's list")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args(argv)
    files = Files.below(arguments.corpus, arguments.files or listing_of(arguments.gold))
    answers = list(answer_all(Baseline(files), arguments.gold))
    lines = (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    arguments.out.write_text("".join(lines), encoding="utf-8")
    seconds = [answer["seconds"]["total"] for answer in answers]
    print(
        f"{len(answers)} questions over {len(files.names)} files, "
        f"median {1000 * statistics.median(seconds):.0f} ms a question"
    )


def answer_all(baseline: Baseline, gold: Path) -> Iterator[dict[str, Any]]:
    """Each gold question's id with its answer."""
    baseline.retrieve("warm up")
    for line in gold.read_text(encoding="utf-8").splitlines():
        if line.strip():
            question = json.loads(line)
            yield {"id": question["id"], **baseline.answer(question["question"])}


def _build(files: Files, folder: Path, model: Any) -> None:
    """Index ``files`` below ``folder``; it gets its name only when it is complete."""
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    copy(files, partial / "corpus")
    pipeline.store(pipeline.split(pipeline.read(partial / "corpus")), partial / "chroma", model)
    shutil.rmtree(partial / "corpus")
    partial.rename(folder)


def _key(files: Files) -> str:
    """Changes with the files, and with all that decides what the index holds."""
    pipeline.use_packages()
    packages = ("llama-index-core", "llama-index-readers-file", "pypdf", "chromadb")
    parts = [f"{package} {version(package)}" for package in packages]
    parts += [identify(files.folder, path).sha256 for path in files.paths] + list(files.names)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _hit(rank: int, node: Any) -> dict[str, Any]:
    return {
        "rank": rank,
        "file": node.metadata["file_path"],
        "document": node.metadata["file_path"],
        "pdf_page": node.metadata[pipeline.PAGE],
        "printed_page": node.metadata["page_label"],
        "paragraph": None,
        "score": round(node.score, 6),
        "text": node.get_content(),
        "spans": [],
    }


def _citation(number: int, node: Any) -> dict[str, Any]:
    file = node.metadata["file_path"]
    return {
        "n": number,
        "file": file,
        "document": file,
        "designation": Path(file).name,
        "title": Path(file).name,
        "edition": None,
        "paragraph": None,
        "printed_page": node.metadata["page_label"],
        "pdf_page": node.metadata[pipeline.PAGE],
        "quote": node.get_content(),
        "start": None,
        "end": None,
        "status": "unverified",
    }


if __name__ == "__main__":
    main()
