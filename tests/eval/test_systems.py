"""Systems whose faults are known, judged over the whole starter gold: each measure must tell."""

from __future__ import annotations

import random

import pytest

from assistant.eval.gold import GoldQuestion
from assistant.eval.measures import BY_NAME
from tests.eval.systems import (
    SURE,
    Answers,
    Spoil,
    all_spoiled,
    answered,
    citations_dropped,
    hits_reversed,
    hits_shuffled,
    ideal,
    letter_altered,
    pages_off,
    pages_off_unseen,
    refused,
    starter_gold,
    values_of,
    with_,
)

QUESTIONS = starter_gold().questions
ANSWERABLE = [question for question in QUESTIONS if question.answerable]

FOUND = ["page_hit@1", "page_hit@5", "page_hit@10", "evidence_recall@5", "evidence_recall@10"]
RANKED = [*FOUND, "mrr", "ndcg@10"]
CITED = ["citation_precision", "citation_recall", "citation_recall_answered"]
LABELLED = ["printed_page_accuracy", "paragraph_accuracy"]
SAID = ["nugget_recall", "nugget_recall_answered"]
ALL = [*RANKED, "quote_verbatim", "statement_cited", *CITED, *LABELLED, *SAID]
BEST = {**dict.fromkeys(ALL, 1.0), "abstention_auroc": 1.0} | dict.fromkeys(
    ("false_answer_rate", "over_refusal_rate"), 0.0
)


@pytest.fixture(scope="module")
def right() -> Answers:
    return ideal(QUESTIONS)


def judged(answers: Answers) -> dict[str, float | None]:
    """What judges a run, without what is only reported."""
    values = values_of(QUESTIONS, answers)
    return {name: value for name, value in values.items() if BY_NAME[name].margin is not None}


@pytest.fixture(autouse=True)
def no_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values alone are looked at, and a bootstrap of each takes seconds."""
    monkeypatch.setattr("assistant.eval.summary.interval", lambda data, statistic: None)


def test_a_right_system_is_best_in_everything(right: Answers) -> None:
    assert judged(right) == pytest.approx(BEST, abs=1e-12)


def test_the_gold_alone_makes_the_best_answer() -> None:
    from assistant.eval.scores import score_answers

    for row in score_answers(QUESTIONS, ideal(QUESTIONS)):
        if row.measure in BEST and row.measure != "abstention_auroc" and row.value is not None:
            assert row.value == pytest.approx(BEST[row.measure]), (row.id, row.measure)


def changed(right: Answers, spoil: Spoil) -> dict[str, float | None]:
    """What is no longer as it was."""
    values = judged(all_spoiled(right, spoil))
    return {name: value for name, value in values.items() if value != pytest.approx(BEST[name])}


@pytest.mark.parametrize("spoil", [hits_reversed, hits_shuffled])
def test_the_order_of_passages_changes_the_ranking_alone(right: Answers, spoil: Spoil) -> None:
    values = changed(right, spoil)
    assert values.keys() <= set(RANKED)
    assert values.keys() >= {"page_hit@1", "page_hit@5", "evidence_recall@5", "mrr", "ndcg@10"}
    assert all(value is not None and value < 0.9 for value in values.values())


def test_reversed_passages_to_the_last_digit(right: Answers) -> None:
    """15 passages of as many pages: what was at rank r is at 16 - r."""
    values = judged(all_spoiled(right, hits_reversed))
    assert values["page_hit@1"] == 0
    last = [len(question.pages) for question in ANSWERABLE]
    expected = sum(1 / (16 - pages) for pages in last) / len(last)
    assert values["mrr"] == pytest.approx(expected, abs=1e-9)


def test_wrong_pages_are_told_by_the_pages_and_by_the_quotes(right: Answers) -> None:
    values = changed(right, pages_off)
    assert values == {
        "quote_verbatim": 0.0,
        "citation_precision": 0.0,
        "citation_recall": 0.0,
        "citation_recall_answered": 0.0,
        **dict.fromkeys(LABELLED),  # no citation is left to be judged by its label
    }
    assert changed(right, pages_off_unseen).keys() == values.keys() - {"quote_verbatim"}


def test_a_letter_altered_is_told_by_that_share_alone(right: Answers) -> None:
    quotes = sum(len(answer.citations) for answer in right.values())
    id_ = ANSWERABLE[0].id
    once = {**right, id_: letter_altered(right[id_], random.Random())}
    values = judged(once)
    assert values.pop("quote_verbatim") == pytest.approx(1 - 1 / quotes, abs=1e-12)
    assert values == pytest.approx({n: v for n, v in BEST.items() if n != "quote_verbatim"})
    everywhere = changed(right, letter_altered)
    assert everywhere == {"quote_verbatim": pytest.approx(1 - len(ANSWERABLE) / quotes)}


def test_dropped_citations_are_told_by_all_that_is_cited(right: Answers) -> None:
    assert changed(right, citations_dropped) == {
        "quote_verbatim": None,
        "statement_cited": 0.0,
        "citation_precision": None,
        "citation_recall": 0.0,
        "citation_recall_answered": 0.0,
        **dict.fromkeys(LABELLED),
        **dict.fromkeys(SAID, 0.0),
    }


def test_always_answering(right: Answers) -> None:
    assert changed(right, answered) == {"false_answer_rate": 1.0}


def test_never_answering(right: Answers) -> None:
    values = changed(right, refused)
    assert values == {
        "over_refusal_rate": 1.0,
        "citation_recall": 0.0,
        "nugget_recall": 0.0,
        **dict.fromkeys(
            [
                "quote_verbatim",
                "statement_cited",
                "citation_precision",
                "citation_recall_answered",
                "nugget_recall_answered",
                *LABELLED,
            ]
        ),
    }
    assert judged(all_spoiled(right, refused))["false_answer_rate"] == 0


def test_a_constant_confidence_says_nothing(right: Answers) -> None:
    assert changed(right, lambda answer, _: with_(answer, confidence=0.5)) == {
        "abstention_auroc": 0.5
    }


def test_an_inverted_confidence_says_the_opposite(right: Answers) -> None:
    def inverted(answer, _):  # type: ignore[no-untyped-def]
        return with_(answer, confidence=1 - answer.confidence)

    assert changed(right, inverted) == {"abstention_auroc": 0.0}


def test_a_confidence_that_is_unstated_is_null(right: Answers) -> None:
    assert changed(right, lambda answer, _: with_(answer, confidence=None)) == {
        "abstention_auroc": None
    }


def test_failed_questions_are_neither_zero_nor_forgotten(right: Answers) -> None:
    from assistant.eval.scores import score_answers
    from assistant.eval.summary import summarise

    failed = [question.id for question in QUESTIONS[:10]]
    answers = {**right, **{id_: with_(right[id_], error="It broke.") for id_ in failed}}
    del answers[QUESTIONS[-1].id]
    rows = score_answers(QUESTIONS, answers)
    summary = summarise({}, QUESTIONS, answers, rows)
    assert summary["failed"] == dict.fromkeys(failed, "It broke.")
    assert summary["questions"] == len(QUESTIONS)
    assert summary["asked"] == len(QUESTIONS) - 1
    for name, value in summary["measures"].items():
        assert value["n"] + value["null"] == len(QUESTIONS), name
        if name in BEST:
            assert value["value"] == pytest.approx(BEST[name]), name
    assert {row.why for row in rows if row.id in failed} == {"It broke."}
    assert {row.why for row in rows if row.id == QUESTIONS[-1].id} == {"it was not asked"}


def test_groups_of_a_summary_add_up(right: Answers) -> None:
    from assistant.eval.scores import score_answers
    from assistant.eval.summary import summarise

    def n(group: dict[str, dict[str, float]]) -> float:
        return group.get("over_refusal_rate", {"n": 0})["n"]

    summary = summarise({}, QUESTIONS, right, score_answers(QUESTIONS, right))
    for by in ("by_kind", "by_turn"):
        assert sum(map(n, summary[by].values())) == len(ANSWERABLE)
    kinds: dict[str, list[GoldQuestion]] = {}
    for question in QUESTIONS:
        kinds.setdefault(question.kind, []).append(question)
    assert summary["by_kind"].keys() == kinds.keys()
    assert n(summary["by_kind"]["unanswerable"]) == 0
    documents = {e.file for question in QUESTIONS for e in question.evidence}
    assert summary["by_document"].keys() == documents
    assert all(right[q.id].confidence == SURE for q in ANSWERABLE)
