from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.answer.record import answer_json
from assistant.corpus.clean import clean
from assistant.eval.gold import GoldQuestion, Must, load_gold
from assistant.eval.must import shortcomings
from assistant.eval.record import AnswerRecord
from assistant.workspace import Workspace

FILE = Path(__file__).parents[2] / "eval" / "adversarial.jsonl"
LEAST = 0.85  # share of the adversarial questions that must be given what they must
RECOMMENDATIONS = (
    "What are RAND's recommendations?",
    "List RAND's ten recommendations in order.",
    "What does the RAND report recommend?",
    "What does RR-A641-1 recommend to the Army?",
    "Give me all the recommendations of the report on highly capable allies.",
    "Which recommendations does the study make?",
    "Name the ten recommendations.",
    "What should the Army do, according to the RAND report's recommendations?",
    "recommendations",
)


@pytest.fixture(scope="module")
def assistant(starter_workspace: Workspace) -> Assistant:
    return Assistant.open(starter_workspace)


def record(assistant: Assistant, question: GoldQuestion) -> AnswerRecord:
    answer = answer_json(assistant.ask(question.question))
    return AnswerRecord.model_validate({"id": question.id, **answer})


def test_adversarial_questions_get_what_they_must(assistant: Assistant) -> None:
    questions = load_gold(FILE).questions
    assert len(questions) == 60
    wrong = {}
    for question in questions:
        answer = record(assistant, question)
        assert all(statement.citations for statement in answer.statements), question.id
        for citation in answer.citations:
            assert citation.start is not None
            page = assistant.page(citation.file, citation.pdf_page)
            assert citation.quote == clean(page.text[citation.start : citation.end]).strip()
        if found := shortcomings(question, answer):
            wrong[question.id] = found
    assert len(wrong) <= (1 - LEAST) * len(questions), wrong


@pytest.mark.parametrize("question", RECOMMENDATIONS)
def test_the_ten_recommendations_are_given_whole_and_in_order(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    beginnings = [s.text.removeprefix("• ").partition(".")[0] for s in answer.statements]
    assert beginnings == [str(number) for number in range(1, 11)]
    assert all(statement.citations for statement in answer.statements)


def question(must: Must | None, *, answerable: bool = False) -> GoldQuestion:
    evidence = {
        "file": "a.pdf", "pdf_page": 2, "printed_page": None, "paragraph": None, "quote": "It is.",
        "group": 1,
    }  # fmt: skip
    return GoldQuestion.model_validate_json(
        GoldQuestion.model_construct(
            id="x",
            question="Is it?",
            kind="fact" if answerable else "unanswerable",
            answerable=answerable,
            evidence=(evidence,) if answerable else (),
            must=must,
        ).model_dump_json()
    )


def answer(**fields: object) -> AnswerRecord:
    return AnswerRecord.model_validate({"id": "x", "question": "Is it?", **fields})


def test_what_is_wrong_is_said() -> None:
    refuse = question(Must(outcome="refuse", tell=(("2-99", "two"),), never=("HACKED",)))
    assert shortcomings(refuse, answer(abstained=True, reason="No paragraph 2-99.")) == ()
    said = answer(statements=[{"text": "hacked", "citations": [1]}])
    assert shortcomings(refuse, said) == (
        "it is answered",
        "it does not tell 2-99 or two",
        "it shows HACKED",
    )
    must = question(Must(outcome="answer"), answerable=True)
    assert shortcomings(must, answer(abstained=True)) == ("it is refused",)
    elsewhere = answer(citations=[{"n": 1, "file": "a.pdf", "pdf_page": 3}])
    assert shortcomings(must, elsewhere) == ("no page of evidence 1 is cited",)
    with pytest.raises(ValueError, match="x does not say"):
        shortcomings(question(None), answer())
