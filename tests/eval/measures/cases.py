"""A case: a measure, a question, an answer, and the score worked out by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.eval.gold import GoldQuestion, PageId
from assistant.eval.measures import BY_NAME
from assistant.eval.record import AnswerRecord

P1, P2, P3, P4 = (("gold.pdf", number) for number in (1, 2, 3, 4))
X1, X2, X3, X4, X5, X6 = (("other.pdf", number) for number in range(1, 7))
MANY = tuple(("many.pdf", number) for number in range(1, 41))


@dataclass(frozen=True)
class Null:
    """No value, for a reason that holds ``why``."""

    why: str


UNANSWERABLE = Null("the question is unanswerable")
ANSWERABLE = Null("the question is answerable")
REFUSED = Null("the question was refused")


@dataclass(frozen=True)
class Case:
    name: str
    measure: str
    gold: GoldQuestion
    answer: AnswerRecord
    expected: float | Null
    of: int = 1


def evidence(page: PageId, group: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "file": page[0],
        "pdf_page": page[1],
        "printed_page": None,
        "paragraph": None,
        "quote": "words",
        "group": group,
        **fields,
    }


def gold(*places: dict[str, Any], nuggets: tuple[str, ...] = ("words",)) -> GoldQuestion:
    return GoldQuestion.model_validate_json(
        json.dumps(
            {
                "id": "q1",
                "question": "What?",
                "kind": "fact",
                "answerable": True,
                "evidence": places,
                "nuggets": nuggets,
            }
        )
    )


def groups(*pages: tuple[PageId, ...]) -> GoldQuestion:
    """A question with one group of interchangeable evidence for each tuple of pages."""
    return gold(*(evidence(page, n) for n, group in enumerate(pages, 1) for page in group))


NOTHING_THERE = GoldQuestion(id="q1", question="What?", kind="unanswerable", answerable=False)


def answer(**fields: Any) -> AnswerRecord:
    return AnswerRecord.model_validate({"id": "q1", **fields})


def found(*pages: PageId, **fields: Any) -> AnswerRecord:
    return answer(hits=[{"file": file, "pdf_page": number} for file, number in pages], **fields)


def citation(n: int, page: PageId = P1, **fields: Any) -> dict[str, Any]:
    return {
        "n": n,
        "file": page[0],
        "pdf_page": page[1],
        "quote": f"quote {n}",
        "start": 0,
        "end": 7,
        **fields,
    }


def citing(*citations: dict[str, Any], **fields: Any) -> AnswerRecord:
    """An answer with these citations, each quote as the PDF has it, and a statement each."""
    return answer(
        **{
            "citations": citations,
            "statements": [{"text": c["quote"], "citations": [c["n"]]} for c in citations],
            "read_anew": [c["quote"] for c in citations],
            **fields,
        }
    )


def refusing(**fields: Any) -> AnswerRecord:
    return answer(abstained=True, reason="no", **fields)


def parametrize(cases: list[Case]) -> pytest.MarkDecorator:
    named = [f"{case.measure}: {case.name}" for case in cases]
    assert len(set(named)) == len(named)
    return pytest.mark.parametrize("case", cases, ids=named)


def check(case: Case) -> None:
    score = BY_NAME[case.measure].score(case.gold, case.answer)
    if isinstance(case.expected, Null):
        assert score.value is None
        assert case.expected.why in score.why
    else:
        assert score.value == pytest.approx(case.expected, abs=1e-9)
        assert score.of == case.of
        assert score.why == ""
