"""Small runs made by hand, for the reports of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.eval.compare import Comparison, RunScores, compare
from assistant.eval.evaluated import Evaluated
from assistant.eval.gold import GoldQuestion
from assistant.eval.record import AnswerRecord
from assistant.eval.scores import score_answers
from assistant.eval.summary import summarise

A, B = "a/one.pdf", "b/two.pdf"
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u2028{{ 7 * 7 }}"


def gold(id_: str, *places: tuple[str, int, int], **more: Any) -> GoldQuestion:
    """A question; ``places`` are file, page and group of its evidence, none: unanswerable."""
    evidence = [
        {
            "file": file,
            "pdf_page": page,
            "printed_page": str(page),
            "paragraph": f"{page}.1",
            "quote": f"what {id_} needs of page {page}",
            "group": group,
        }
        for file, page, group in places
    ]
    values: dict[str, Any] = {
        "id": id_,
        "question": f"What of {id_}?",
        "kind": "fact" if places else "unanswerable",
        "answerable": bool(places),
        "evidence": evidence,
        "nuggets": ["gold nugget"] if places else [],
        "answer": f"The reference for {id_}." if places else "",
    }
    return GoldQuestion.model_validate_json(json.dumps(values | more))


def answer(
    id_: str, *cited: tuple[str, int], found: Sequence[tuple[str, int]] = (), **more: Any
) -> AnswerRecord:
    """An answer that cites these pages, having found them, and these; none: a refusal."""
    citations = [
        {
            "n": n,
            "file": file,
            "pdf_page": page,
            "printed_page": str(page),
            "paragraph": f"{page}.1",
            "quote": f"quote {n}",
            "designation": f"DOC {file[2:5]}",
            "start": 0,
            "end": 7,
        }
        for n, (file, page) in enumerate(cited, start=1)
    ]
    values: dict[str, Any] = {
        "id": id_,
        "question": f"What of {id_}?",
        "abstained": not cited,
        "reason": None if cited else "The documents do not say.",
        "confidence": 0.8 if cited else 0.2,
        "statements": [
            {"text": f"A gold nugget, quote {c['n']}.", "citations": [c["n"]]} for c in citations
        ],
        "citations": citations,
        "hits": [{"file": file, "pdf_page": page} for file, page in (*cited, *found)],
        "seconds": {"retrieve": 0.1, "answer": 0.1, "total": 0.25},
        "read_anew": [c["quote"] for c in citations],
    }
    return AnswerRecord.model_validate_json(json.dumps(values | more))


def evaluated(
    folder: Path,
    questions: Sequence[GoldQuestion],
    answers: Sequence[AnswerRecord],
    **settings: Any,
) -> Evaluated:
    """A run of these, judged."""
    about = {
        "fingerprint": {
            "id": "f00d",
            "index": "1dea",
            "threshold": settings.get("threshold", 0.35),
            "settings": {"answer": {"threshold": None, **settings}},
            "prompts": {},
            "models": {"embedding": "some/model", "language": None},
            "version": "1.2.3",
            "code": "c0de",
        },
        "gold": {"file": "sample.jsonl", "sha256": "abc123"},
        "begun": "2025-01-02T03:04:05+00:00",
    }
    by_id = {one.id: one for one in answers}
    rows = tuple(score_answers(questions, by_id))
    summary = summarise(about, questions, by_id, rows)
    return Evaluated(folder, tuple(questions), by_id, rows, summary)


def every_outcome(folder: Path) -> Evaluated:
    """A run with one question of each outcome."""
    questions = [
        gold("right", (A, 1, 1), (B, 2, 2)),
        gold("partly", (A, 1, 1), (B, 2, 2), kind="list"),
        gold("wrong", (A, 3, 1), history=("What came before?",)),
        gold("missed", (A, 4, 1)),
        gold("refused", (A, 5, 1)),
        gold("false"),
        gold("silent"),
        gold("failed", (B, 6, 1)),
    ]
    answers = [
        answer("right", (A, 1), (B, 2), confidence=0.9),
        answer("partly", (A, 1), (B, 9), confidence=0.7),
        answer("wrong", (A, 8), found=[(A, 3)], confidence=0.5),
        answer("missed", (A, 7), confidence=0.6),
        answer("refused", found=[(A, 5)], confidence=0.3),
        answer("false", (A, 1), confidence=0.4),
        answer("silent", confidence=0.1),
        AnswerRecord(id="failed", error="DocumentError: it broke"),
    ]
    return evaluated(folder, questions, answers)


def better_and_worse(folder: Path) -> tuple[Evaluated, Evaluated]:
    """Two runs: in the second ``up`` is answered, ``down`` refused, ``lost`` failed."""
    questions = [gold(id_, (A, number, 1)) for number, id_ in enumerate(("up", "down", "lost"), 1)]
    questions.append(gold("none"))
    steady = answer("none")
    first = [answer("up", found=[(A, 1)]), answer("down", (A, 2)), answer("lost", (A, 3)), steady]
    second = [
        answer("up", (A, 1)),
        answer("down", found=[(A, 2)]),
        AnswerRecord(id="lost", error="it broke"),
        steady,
    ]
    before = evaluated(folder / "before", questions, first)
    return before, evaluated(folder / "after", questions, second, threshold=0.5)


def compared(a: Evaluated, b: Evaluated) -> Comparison:
    return compare(scores_of(a), scores_of(b))


def scores_of(run: Evaluated) -> RunScores:
    return RunScores(run.folder.name, run.folder, run.summary, run.rows)
