"""How good the answers are, beside LlamaIndex's default pipeline on the same gold questions.

    python -m benchmarks.quality --index WORKSPACE --gold FILE --corpus DIR [--out DIR]

Both answer every question and are judged by the same measures (``assistant eval``); the table
has each value, the difference with its 95 % interval, and p of a paired test, corrected by
Holm's method. ``--out`` keeps both runs and the comparison as a page. The baseline cites whole
chunks without a place in the page and never refuses, so some measures are not for it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from assistant.answer.assistant import Assistant
from assistant.eval.compare import Difference, compare, read_run
from assistant.eval.evaluate import evaluate, score_file
from assistant.eval.gold import load_gold
from assistant.eval.report import write_comparison_of
from assistant.workspace import Workspace
from benchmarks.baseline import NAME, Baseline, answer_all
from benchmarks.files import STARTER, Files, listing_of


def main(argv: list[str] | None = None) -> None:
    """Run both systems, compare them, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="workspace with an index")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=STARTER)
    parser.add_argument("--files", type=Path, help="PDFs to index; else the gold file's list")
    parser.add_argument("--out", type=Path, help="folder for both runs and the comparison")
    arguments = parser.parse_args(argv)
    files = Files.below(arguments.corpus, arguments.files or listing_of(arguments.gold))
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.out or Path(scratch)
        print(measure(Workspace.find(arguments.index), arguments.gold, files, out))


def measure(workspace: Workspace, gold_file: Path, files: Files, out: Path) -> str:
    """Both runs in ``out``, and the comparison as a Markdown table."""
    gold = load_gold(gold_file)
    out.mkdir(parents=True, exist_ok=True)
    answers = out / "baseline.jsonl"
    lines = (
        json.dumps(a, ensure_ascii=False) + "\n" for a in answer_all(Baseline(files), gold_file)
    )
    answers.write_text("".join(lines), encoding="utf-8")
    score_file(answers, gold, out / "baseline", NAME, files.folder)
    evaluate(workspace, Assistant.open(workspace), gold, gold.questions, out / "assistant")
    compared = compare(read_run(out / "baseline"), read_run(out / "assistant"))
    write_comparison_of(compared, out / "compare.html", workspace.corpus)
    heads = ["Measure", "LlamaIndex default", "This system", "Difference", "p (Holm)", "n"]
    rows = [heads, ["---"] * len(heads)]
    rows += [_row(d, compared.a.about, compared.b.about) for d in compared.differences]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _row(found: Difference, a: dict, b: dict) -> list[str]:  # type: ignore[type-arg]
    name = found.measure.name
    low, high = found.interval or (None, None)
    change = "" if low is None else f"{found.difference:+.3f} [{low:+.3f}, {high:+.3f}]"
    p = "" if found.corrected is None else f"{found.corrected:.2g}"
    whole = [_value(about["measures"].get(name, {})) for about in (a, b)]
    return [f"`{name}`", *whole, change, p, str(found.n)]


def _value(found: dict[str, float | None]) -> str:
    if found.get("value") is None:
        return "not measurable"
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"


if __name__ == "__main__":
    main()
