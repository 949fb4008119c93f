"""How long a question takes, against encoding it and against LlamaIndex's default pipeline.

    python -m benchmarks.asking --index WORKSPACE [--gold FILE --corpus DIR] [--questions 40]

The questions are those of the gold file, or are made of headings all over the index. Each is
encoded, asked and, with ``--corpus``, looked up by LlamaIndex's default pipeline over the
same files right after each other. LlamaIndex's is retrieval only, as there is no answer
without an LLM.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.answer.assistant import Assistant
from assistant.index.reader import open_index
from assistant.workspace import Workspace
from benchmarks.baseline import Baseline
from benchmarks.builds import bare_model
from benchmarks.files import Files, listing_of
from benchmarks.measure import Cost, Row, in_turn, table

MEDIAN_MS, P95_MS = 400, 900  # the target, warm, on two cores
WARM_UP = 3


def main(argv: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="workspace with an index")
    parser.add_argument("--gold", type=Path, help="file with the questions")
    parser.add_argument("--corpus", type=Path, help="PDFs for LlamaIndex's pipeline")
    parser.add_argument("--files", type=Path, help="list of them; else the gold file's list")
    parser.add_argument("--questions", type=int, default=40)
    arguments = parser.parse_args(argv)
    workspace = Workspace.find(arguments.index)
    questions = questions_for(workspace, arguments.gold, arguments.questions)
    files = None
    if arguments.corpus:
        files = Files.below(arguments.corpus, arguments.files or listing_of(arguments.gold))
    print(table(measure(workspace, questions, files)))


def measure(workspace: Workspace, questions: Sequence[str], files: Files | None) -> list[Row]:
    """The rows of the table; without ``files`` nothing is compared with LlamaIndex."""
    assistant = Assistant.open(workspace)
    model = bare_model()
    baseline = Baseline(files) if files else None
    actions: dict[str, Callable[[str], object]] = {"encode": model.encode, "ask": assistant.ask}
    if baseline:
        actions["baseline"] = baseline.retrieve
    costs: dict[str, list[Cost]] = {name: [] for name in actions}
    for number, question in enumerate([*questions[:WARM_UP], *questions]):
        bound = {name: lambda a=action, q=question: a(q) for name, action in actions.items()}
        for name, measured in in_turn(1, bound).items():
            costs[name] += measured if number >= WARM_UP else []
    passages = assistant.summary().passages
    what = f"Ask, {passages:,} passages, {len(questions)} questions"
    encode, ask = _milliseconds(costs["encode"]), _milliseconds(costs["ask"])
    middle, bare = statistics.median(ask), statistics.median(encode)
    measured = f"median {middle:.0f} ms, 95 % {_high(ask):.0f} ms"
    target = f"median ≤ {MEDIAN_MS} ms, 95 % ≤ {P95_MS} ms"
    rows = [Row(what, measured, f"encoding it: {bare:.0f} ms", f"{middle / bare:.1f}", target)]
    if baseline:
        peer = _milliseconds(costs["baseline"])
        usual = statistics.median(peer)
        against = f"LlamaIndex, retrieval: median {usual:.0f} ms, 95 % {_high(peer):.0f} ms"
        rows.append(Row(what, measured, against, f"{middle / usual:.1f}"))
    return rows


def questions_for(workspace: Workspace, gold: Path | None, count: int) -> list[str]:
    """At most ``count`` questions, evenly spaced over the gold file or over all headings."""
    if gold is None:
        found = _heading_questions(workspace)
    else:
        lines = gold.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line)["question"] for line in lines if line.strip()]
    return found[:: max(1, len(found) // count)][:count]


def _heading_questions(workspace: Workspace) -> list[str]:
    """Questions of a planner's length, made of headings all over the index."""
    index = open_index(workspace)
    headings = [p.heading[-1] for p in index.store.passages() if p.heading and p.heading[-1]]
    index.close()
    return [
        f"What does the document say about {heading.lower()} and who is responsible for it?"
        for heading in dict.fromkeys(headings)
    ]


def _milliseconds(costs: Sequence[Cost]) -> list[float]:
    return [1000 * cost.seconds for cost in costs]


def _high(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


if __name__ == "__main__":
    main()
