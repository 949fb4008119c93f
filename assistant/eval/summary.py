"""What a whole run comes to: every measure with its n and interval, also by kind and document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures import MEASURES, Measure
from assistant.eval.must import shortcomings
from assistant.eval.record import AnswerRecord
from assistant.eval.scores import ScoreRow, to_sample
from assistant.eval.statistics import estimate, interval


def summarise(
    about: Mapping[str, Any],
    questions: Sequence[GoldQuestion],
    answers: Mapping[str, AnswerRecord],
    rows: Sequence[ScoreRow],
) -> dict[str, Any]:
    """The content of ``summary.json``; docs/evaluation.md names its fields."""
    failed = {q.id: answers[q.id].error for q in questions if q.id in answers}
    return {
        **{key: about[key] for key in ("fingerprint", "gold", "begun") if key in about},
        "questions": len(questions),
        "answerable": sum(question.answerable for question in questions),
        "asked": sum(question.id in answers for question in questions),
        "failed": {id_: error for id_, error in failed.items() if error},
        **_must(questions, answers),
        **_written(answers.values()),
        "measures": {measure.name: _whole(measure, rows) for measure in MEASURES},
        "by_kind": _grouped(rows, {q.id: (q.kind,) for q in questions}),
        "by_document": _grouped(rows, {q.id: _documents(q) for q in questions}),
        "by_turn": _grouped(
            rows, {q.id: ("follow-up" if q.history else "first question",) for q in questions}
        ),
    }


def write_summary(path: Path, summary: Mapping[str, Any]) -> None:
    """As indented JSON."""
    path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _must(
    questions: Sequence[GoldQuestion], answers: Mapping[str, AnswerRecord]
) -> dict[str, dict[str, Any]]:
    """What questions with a ``must`` lack, where there are any."""
    asked = [q for q in questions if q.must and q.id in answers and not answers[q.id].error]
    if not asked:
        return {}
    lacking = {q.id: list(found) for q in asked if (found := shortcomings(q, answers[q.id]))}
    return {"must": {"of": len(asked), "met": len(asked) - len(lacking), "lacking": lacking}}


def _written(answers: Iterable[AnswerRecord]) -> dict[str, dict[str, Any]]:
    """What became of a language model's replies, where one was asked."""
    asked = [answer for answer in answers if answer.model]
    if not asked:
        return {}
    generated = [answer for answer in asked if answer.mode == "generative"]
    return {
        "written": {
            "models": sorted({answer.model for answer in asked if answer.model}),
            "replies": len(asked),
            "answered": sum(not answer.abstained for answer in generated),
            "declined": sum(answer.abstained for answer in generated),
            "replaced": dict(Counter(answer.fallback for answer in asked if answer.fallback)),
            "unsupported": sum(
                not statement.supported for answer in asked for statement in answer.statements
            ),
        }
    }


def _whole(measure: Measure, rows: Iterable[ScoreRow]) -> dict[str, Any]:
    mine = [row for row in rows if row.measure == measure.name]
    data = to_sample(mine)
    bounds = interval(data, measure.statistic)
    return {
        "value": estimate(data, measure.statistic),
        "low": bounds[0] if bounds else None,
        "high": bounds[1] if bounds else None,
        "n": len(data),
        "of": int(data.weights.sum()),
        "null": len(mine) - len(data),
    }


def _grouped(
    rows: Sequence[ScoreRow], groups: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, dict[str, Any]]]:
    """For each group of questions the value and n of every measure."""
    names = sorted({name for mine in groups.values() for name in mine})
    return {name: _group([row for row in rows if name in groups[row.id]]) for name in names}


def _group(rows: Sequence[ScoreRow]) -> dict[str, dict[str, Any]]:
    found = {}
    for measure in MEASURES:
        data = to_sample(row for row in rows if row.measure == measure.name)
        if len(data):
            found[measure.name] = {"value": estimate(data, measure.statistic), "n": len(data)}
    return found


def _documents(question: GoldQuestion) -> tuple[str, ...]:
    return tuple(sorted({evidence.file for evidence in question.evidence}))
