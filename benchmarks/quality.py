"""Measures the assistant on a gold question set, without an LLM.

    python benchmarks/quality.py --workspace DIR --gold FILE [--json OUT]

Each figure has its n and a 95 % bootstrap interval over questions (SciPy, BCa falls back to
percentile for constant samples). Quotes are checked against the PDF itself, read anew with
PDFium, not against the index.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from scipy.stats import bootstrap

from assistant.answer.assistant import Assistant
from assistant.corpus.clean import clean
from assistant.index.words import content_words
from assistant.types import Answer
from assistant.workspace import Workspace

Rows = dict[str, list[float]]


def main() -> None:
    """Run the questions and print a table of measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    workspace = Workspace.find(arguments.workspace)
    assistant = Assistant.open(workspace)
    questions = [json.loads(line) for line in arguments.gold.read_text().splitlines() if line]
    assistant.ask("warm up")
    rows: Rows = defaultdict(list)
    records = []
    for gold in questions:
        answer = assistant.ask(gold["question"])
        _score(gold, answer, workspace, rows)
        records.append(_record(gold, answer))
    _print(rows)
    print(f"{'abstention_auroc':24s} {_auroc(records):.3f}")
    if arguments.json:
        arguments.json.write_text("\n".join(json.dumps(record) for record in records))


def _score(gold: dict[str, Any], answer: Answer, workspace: Workspace, rows: Rows) -> None:
    rows["seconds_retrieve"].append(answer.seconds["retrieve"])
    rows["seconds_total"].append(answer.seconds["total"])
    for citation in answer.citations:
        raw = _page_text(workspace.corpus / citation.document.file, citation.pdf_page)
        same = _letters(clean(raw[citation.start : citation.end])) == _letters(citation.quote)
        rows["quote_verbatim"].append(float(same))
    for statement in answer.statements:
        rows["statement_cited"].append(float(bool(statement.citations)))
    if not gold["answerable"]:
        rows["false_answer_rate"].append(float(not answer.abstained))
        return
    rows["over_refusal_rate"].append(float(answer.abstained))
    _score_retrieval(gold, answer, rows)
    if not answer.abstained:
        _score_answer(gold, answer, rows)


def _score_retrieval(gold: dict[str, Any], answer: Answer, rows: Rows) -> None:
    wanted = {(e["file"], e["pdf_page"]) for e in gold["evidence"]}
    pages = list(dict.fromkeys((hit.document.file, hit.page) for hit in answer.hits))
    for k in (1, 5, 10):
        rows[f"page_hit@{k}"].append(float(any(page in wanted for page in pages[:k])))
    rank = next((i for i, page in enumerate(pages, 1) if page in wanted), None)
    rows["mrr"].append(1 / rank if rank else 0.0)


def _score_answer(gold: dict[str, Any], answer: Answer, rows: Rows) -> None:
    wanted = {(e["file"], e["pdf_page"]) for e in gold["evidence"]}
    cited = {(c.document.file, c.pdf_page) for c in answer.citations}
    rows["citation_precision"].append(len(cited & wanted) / len(cited))
    groups: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for e in gold["evidence"]:
        groups[e["group"]].add((e["file"], e["pdf_page"]))
    rows["citation_recall"].append(
        sum(bool(pages & cited) for pages in groups.values()) / len(groups)
    )
    said = set(content_words(" ".join(s.text for s in answer.statements)))
    nuggets = [set(content_words(nugget)) for nugget in gold["nuggets"]]
    met = [len(words & said) >= 0.8 * len(words) for words in nuggets if words]
    if met:
        rows["nugget_recall"].append(sum(met) / len(met))
    rows["answer_words"].append(sum(len(s.text.split()) for s in answer.statements))
    for citation in answer.citations:
        here = [
            e
            for e in gold["evidence"]
            if (e["file"], e["pdf_page"]) == (citation.document.file, citation.pdf_page)
        ]
        printed = {e["printed_page"] for e in here} - {None}
        if printed:
            rows["printed_page_accuracy"].append(float(citation.printed_page in printed))
        paragraphs = {
            e["paragraph"] for e in here if e["paragraph"] and _overlap(e["quote"], citation.quote)
        }
        if paragraphs:
            rows["paragraph_accuracy_same_text"].append(float(citation.paragraph in paragraphs))
        on_page = {e["paragraph"] for e in here} - {None}
        if on_page:
            rows["paragraph_accuracy"].append(float(citation.paragraph in on_page))


def _overlap(a: str, b: str) -> bool:
    """Whether one of two quotes holds the beginning of the other."""
    first, second = _letters(a), _letters(b)
    return first[:40] in second or second[:40] in first


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


_pages: dict[tuple[Path, int], str] = {}


def _page_text(path: Path, number: int) -> str:
    if (path, number) not in _pages:
        document = pdfium.PdfDocument(path)
        _pages[path, number] = document[number - 1].get_textpage().get_text_range()
        document.close()
    return _pages[path, number]


def _record(gold: dict[str, Any], answer: Answer) -> dict[str, Any]:
    return {
        "id": gold["id"],
        "answerable": gold["answerable"],
        "question": gold["question"],
        "confidence": answer.confidence,
        "abstained": answer.abstained,
        "statements": [s.text for s in answer.statements],
    }


def _auroc(records: list[dict[str, Any]]) -> float:
    yes = [r["confidence"] for r in records if r["answerable"]]
    no = [r["confidence"] for r in records if not r["answerable"]]
    return statistics.mean((a > b) + 0.5 * (a == b) for a in yes for b in no)


def _print(rows: Rows) -> None:
    for name, values in sorted(rows.items()):
        sample = np.asarray(values)
        low = high = float(sample.mean())
        if len(set(values)) > 1:
            interval = bootstrap(
                (sample,), np.mean, n_resamples=2000, method="percentile", rng=1
            ).confidence_interval
            low, high = interval.low, interval.high
        print(
            f"{name:24s} {sample.mean():.3f} [{low:.3f}, {high:.3f}]  n={len(values)}"
            f"  p50={np.median(sample):.3f}"
        )


if __name__ == "__main__":
    main()
