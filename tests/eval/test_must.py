from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.answer.record import answer_json
from assistant.corpus.clean import clean
from assistant.eval.gold import GoldQuestion, Must, load_gold
from assistant.eval.must import shortcomings
from assistant.eval.record import AnswerRecord
from assistant.eval.report.markdown import markdown_summary
from assistant.eval.scores import score_answers
from assistant.eval.summary import summarise
from assistant.types import Filters
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
    "WHAT ARE THE RECOMMENDATIONS OF THE RAND STUDY?",
    "I need the full set of RAND recommendations for a briefing.",
    "Show me every recommendation RAND makes to the Army.",
    "Walk me through the recommendations of the RAND report one by one.",
)
# The recommendations that a question about one of them is answered with, the first first.
ONE = (
    ("What does RAND recommend on classification?", (4,)),
    ("Which recommendation is about lessons learned?", (3,)),
    ("What does recommendation 2 say?", (2,)),
    ("Recommendation 7 of the RAND report?", (7,)),
    ("What is the report's recommendation on General Officer Roundtables?", (6,)),
    ("Tell me about the recommendation on first principles.", (7,)),
    ("What is the fourth recommendation?", (4,)),
    ("Which recommendation deals with a standing land-force cell?", (1,)),
    ("Does RAND recommend a pilot?", (9,)),
    ("What does RAND recommend about exercises?", (1, 3)),
    ("recommendation 10", (10,)),
    ("What does recommendation six of the study ask for?", (6,)),
    ("How do recommendations 8 and 9 differ?", (8, 9)),
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


@pytest.mark.parametrize(("question", "numbers"), ONE)
def test_a_question_about_one_recommendation_gets_that_one(
    assistant: Assistant, question: str, numbers: tuple[int, ...]
) -> None:
    answer = assistant.ask(question)
    beginnings = [s.text.removeprefix("• ").partition(".")[0] for s in answer.statements]
    assert beginnings == [str(number) for number in numbers]


def test_a_recommendation_beyond_the_last_is_refused_with_how_many_there_are(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("What does recommendation 12 of the RAND report say?")
    assert answer.abstained and answer.reason is not None
    assert "lists 10, and none has the number 12" in answer.reason


def test_a_list_of_a_document_that_was_not_chosen_is_not_quoted(assistant: Assistant) -> None:
    chosen = Filters(files=("security_cooperation_policy_digest.pdf",))
    for asked in ("What are RAND's recommendations?", "What does recommendation 2 say?"):
        answer = assistant.ask(asked, chosen)
        assert {c.document.file for c in answer.citations} <= set(chosen.files)


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


def test_a_summary_counts_what_is_met_where_anything_must_be() -> None:
    must = question(Must(outcome="refuse"))
    plain = question(None, answerable=True)
    answered = AnswerRecord(id="x", abstained=False)
    summary = summarise({}, [must], {"x": answered}, score_answers([must], {"x": answered}))
    assert summary["must"] == {"of": 1, "met": 0, "lacking": {"x": ["it is answered"]}}
    assert "0 of 1 get what they must" in markdown_summary(summary)
    assert "must" not in summarise({}, [plain], {}, score_answers([plain], {}))
