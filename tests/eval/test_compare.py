"""Comparing runs: what is a regression, what is not, and that no loss hides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UsageError
from assistant.eval.compare import Comparison, Difference, RunScores, compare, read_run
from assistant.eval.measures import BY_NAME, MEASURES
from assistant.eval.scores import ScoreRow, read_scores, write_scores
from tests.eval.systems import (
    letter_altered,
    realistic,
    refused,
    run_of,
    some_exchanged,
    some_spoiled,
    starter_gold,
    with_,
)

QUESTIONS = starter_gold().questions


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals are shown, never judged by."""
    monkeypatch.setattr("assistant.eval.statistics.RESAMPLES", 20)
    monkeypatch.setattr("assistant.eval.statistics.PERMUTATIONS", 499)


def run(name: str, values: Mapping[str, Mapping[str, float | None]], **about: Any) -> RunScores:
    """``values``: measure, question, value; a question that starts with u is unanswerable."""
    rows = tuple(
        ScoreRow(id_, "fact", not id_.startswith("u"), measure, value, 1, "" if value else "why")
        for measure, given in values.items()
        for id_, value in given.items()
    )
    return RunScores(name, Path(name), about, rows)


def only(
    measure: str, before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> Difference:
    found = compare(run("a", {measure: before}), run("b", {measure: after}), [BY_NAME[measure]])
    (difference,) = found.differences
    assert bool(found.regressions) == (difference.verdict == "regression")
    return difference


def numbered(*values: float | None) -> dict[str, float | None]:
    return {f"q{number:03}": value for number, value in enumerate(values)}


def some(ones: int, of: int) -> dict[str, float | None]:
    return numbered(*[1.0] * ones, *[0.0] * (of - ones))


# --- Verdicts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "before", "after", "verdict"),
    [
        ("page_hit@5", 90, 90, "same"),
        ("page_hit@5", 90, 91, "better"),
        ("page_hit@5", 90, 89, "worse"),  # 0.01, its margin
        ("page_hit@5", 90, 88, "regression"),
        ("over_refusal_rate", 10, 9, "better"),
        ("over_refusal_rate", 10, 11, "worse"),
        ("over_refusal_rate", 10, 12, "regression"),
        ("mrr", 90, 89, "worse"),
        ("mrr", 90, 88, "regression"),
        ("printed_page_accuracy", 100, 99, "worse"),
        ("printed_page_accuracy", 100, 98, "regression"),
        ("quote_verbatim", 100, 100, "same"),
        ("quote_verbatim", 100, 99, "regression"),  # no margin at all
        ("statement_cited", 100, 99, "regression"),
        ("statement_cited", 98, 99, "better"),
        ("answer_words", 10, 90, "same"),  # no better side
        ("answer_words", 90, 10, "same"),
        ("seconds_total_p50", 10, 90, "worse"),  # only reported
    ],
)
def test_verdicts(measure: str, before: int, after: int, verdict: str) -> None:
    difference = only(measure, some(before, 100), some(after, 100))
    assert difference.verdict == verdict
    assert bool(difference.why) == (verdict == "regression")
    if BY_NAME[measure].statistic == "mean":
        assert difference.difference == pytest.approx((after - before) / 100)
    assert difference.n == 100 and difference.unpaired == 0


@pytest.mark.parametrize("of", [100, 200, 300, 500])
def test_a_difference_of_exactly_the_margin_is_allowed(of: int) -> None:
    """Whatever the rounding of the two shares makes of it."""
    for ones in range(of // 100 + 1, of, of // 7):
        assert only("page_hit@10", some(ones, of), some(ones - of // 100, of)).verdict == "worse"
        assert only("page_hit@10", some(ones, of), some(ones - of // 100 - 1, of)).why


def test_small_but_beyond_chance_is_a_regression() -> None:
    """0.9 % worse, within the margin, but nine questions lost and none won."""
    difference = only("page_hit@5", some(900, 1000), some(891, 1000))
    assert difference.p == pytest.approx(2 / 2**9)
    assert difference.verdict == "regression" and "significantly worse" in difference.why


def test_beyond_chance_is_judged_after_holm() -> None:
    worse = {name: (some(900, 1000), some(893, 1000)) for name in ("page_hit@5",)}
    alike = {m.name: (some(5, 10), some(5, 10)) for m in MEASURES if m.form == "yes-no"}
    pairs = alike | worse
    found = compare(
        run("a", {name: pair[0] for name, pair in pairs.items()}),
        run("b", {name: pair[1] for name, pair in pairs.items()}),
        [BY_NAME[name] for name in pairs],
    )
    by_name = {difference.measure.name: difference for difference in found.differences}
    assert by_name["page_hit@5"].p == pytest.approx(2 / 2**7)
    assert by_name["page_hit@5"].corrected == pytest.approx(len(pairs) * 2 / 2**7)
    assert by_name["page_hit@5"].verdict == "worse"
    assert not found.regressed


def test_better_beyond_chance_is_no_regression() -> None:
    assert only("page_hit@5", some(50, 100), some(90, 100)).verdict == "better"
    assert only("false_answer_rate", some(90, 100), some(50, 100)).verdict == "better"


def test_what_is_only_reported_takes_no_part_in_the_correction() -> None:
    difference = only("answer_words", some(0, 50), some(50, 50))
    assert difference.p is not None and difference.corrected is None


def test_the_questions_that_changed_are_named_the_largest_change_first() -> None:
    difference = only("mrr", numbered(1, 0.5, 0.5, 0.2), numbered(0.5, 1, 0.5, 0))
    assert [flip.id for flip in difference.better] == ["q001"]
    assert [flip.id for flip in difference.worse] == ["q000", "q003"]
    less = only("over_refusal_rate", numbered(1, 0), numbered(0, 1))
    assert [flip.id for flip in less.better] == ["q000"]


def test_a_lower_confidence_is_better_where_there_is_no_answer() -> None:
    before, after = {"q1": 0.5, "u1": 0.5}, {"q1": 0.6, "u1": 0.4}
    difference = only("abstention_auroc", before, after)
    assert {flip.id for flip in difference.better} == {"q1", "u1"}
    assert difference.difference == pytest.approx(0.5)


# --- What only one run could score ------------------------------------------------------


def test_unpaired_questions_are_counted_and_left_out_of_the_pairs() -> None:
    difference = only("citation_precision", numbered(1, 1, None, 0), numbered(None, 1, 1, 0))
    assert (difference.n, difference.unpaired) == (2, 2)
    assert difference.difference == 0
    assert difference.before == difference.after == pytest.approx(2 / 3)
    assert difference.verdict == "same"


def test_what_escapes_the_pairs_is_seen_in_the_whole() -> None:
    difference = only("citation_precision", numbered(1, 1, None, None), numbered(None, 1, 0, 0))
    assert difference.difference == 0
    assert difference.verdict == "regression"


def test_without_a_single_pair_the_whole_is_judged() -> None:
    difference = only("citation_precision", numbered(1, 1, None, None), numbered(None, None, 0, 0))
    assert (difference.n, difference.difference) == (0, None)
    assert (difference.before, difference.after) == (1, 0)
    assert difference.verdict == "regression"
    back = only("citation_precision", numbered(0, 0, None, None), numbered(None, None, 1, 1))
    assert back.verdict == "better"


def test_a_measure_that_vanishes_is_a_regression() -> None:
    difference = only("citation_precision", numbered(1, 1), numbered(None, None))
    assert difference.verdict == "regression"
    assert difference.why == "it can no longer be measured"


@pytest.mark.parametrize("measure", ["answer_words", "seconds_total_p50"])
def test_one_that_is_only_reported_may_vanish(measure: str) -> None:
    assert only(measure, numbered(1, 1), numbered(None, None)).verdict == "same"


def test_a_measure_that_appears_is_none() -> None:
    assert only("citation_precision", numbered(None, None), numbered(0, 0)).verdict == "same"
    assert only("citation_precision", numbered(None), numbered(None)).verdict == "same"


# --- Questions --------------------------------------------------------------------------


def both(
    before: dict[str, float | None], after: dict[str, float | None], **about: Any
) -> Comparison:
    name = "over_refusal_rate"
    return compare(
        run("a", {name: before}, **about), run("b", {name: after}, **about), [BY_NAME[name]]
    )


def test_a_lost_question_is_a_regression_whatever_the_measures_say() -> None:
    found = both(numbered(0, 0, 0), numbered(0, 0))
    assert found.lost == ("q002",) and not found.regressions and found.regressed
    assert found.questions == 2
    assert found.warnings == ("1 questions of a are not in b.",)


def test_a_question_that_failed_or_was_not_asked_is_lost() -> None:
    found = both(numbered(0, 0, 0), numbered(0, None, 0))
    assert found.lost == ("q001",) and found.regressed


def test_a_question_that_failed_before_too_is_not_lost() -> None:
    assert not both(numbered(0, None), numbered(0, None)).regressed
    assert not both(numbered(0, None), numbered(0, 0)).regressed


def test_one_more_question_is_told_and_no_regression() -> None:
    found = both(numbered(0, 0), numbered(0, 0, 1))
    assert not found.regressed
    assert found.warnings == ("1 questions of b are not in a.",)
    (difference,) = found.differences
    assert difference.n == 2 and difference.after == 0


def test_other_gold_is_told() -> None:
    one, two = numbered(0), numbered(0)
    a = run("a", {"over_refusal_rate": one}, gold={"file": "g", "sha256": "1"})
    b = run("b", {"over_refusal_rate": two}, gold={"file": "g", "sha256": "2"}, failed={"q9": "x"})
    assert compare(a, b).warnings == (
        "The two runs are of different gold files, or of two states of one.",
        "1 questions of b failed.",
    )


def test_runs_of_other_questions_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="no question in common"):
        both(numbered(0), {"x": 0})


# --- Files ------------------------------------------------------------------------------


def test_scores_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        ScoreRow("q1", "fact", True, "mrr", 1 / 3, 1, ""),
        ScoreRow("q\u2028 2", "list", False, "mrr", None, 0, "a\u2028b\u0085c\nd\x1ce — é"),
    ]
    write_scores(tmp_path / "scores.jsonl", rows)
    assert read_scores(tmp_path / "scores.jsonl") == rows


@pytest.mark.parametrize("content", [None, "{", "[]", "3"])
def test_a_folder_without_a_finished_run(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "summary.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"no finished run|not a summary"):
        read_run(tmp_path)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"id": "q1"}', "3"])
def test_scores_that_cannot_be_read(tmp_path: Path, content: str | None) -> None:
    (tmp_path / "summary.json").write_text("{}", encoding="utf-8")
    if content is not None:
        (tmp_path / "scores.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"cannot be read|not a file of scores"):
        read_run(tmp_path)


# --- A realistic system, spoiled --------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_answers_spoiled_at_random_are_a_regression_and_the_same_again_is_none(seed: int) -> None:
    answers = realistic(QUESTIONS, seed)
    before = run_of(QUESTIONS, answers)
    again = {
        id_: with_(answer, seconds={"retrieve": 0.3, "total": 0.5})
        for id_, answer in answers.items()
    }
    same = compare(before, run_of(QUESTIONS, again))
    assert not same.regressed
    judged = [d for d in same.differences if not d.measure.name.startswith("seconds")]
    assert {(d.verdict, d.difference) for d in judged} == {("same", 0.0)}
    spoiled = some_exchanged(answers, 0.05, seed)
    assert compare(before, run_of(QUESTIONS, spoiled)).regressed


def test_one_letter_of_one_quote_is_a_regression() -> None:
    answers = realistic(QUESTIONS)
    id_ = next(id_ for id_, answer in answers.items() if answer.citations)
    spoiled = {**answers, **some_spoiled({id_: answers[id_]}, letter_altered, 1.0, 0)}
    found = compare(run_of(QUESTIONS, answers), run_of(QUESTIONS, spoiled))
    assert [d.measure.name for d in found.regressions] == ["quote_verbatim"]


def test_a_system_that_leaves_questions_out_does_not_get_away_with_it() -> None:
    answers = realistic(QUESTIONS)
    missing = dict(list(answers.items())[5:])
    failed = {**answers, "r001": with_(answers["r001"], error="It broke.")}
    before = run_of(QUESTIONS, answers)
    assert len(compare(before, run_of(QUESTIONS, missing)).lost) == 5
    assert compare(before, run_of(QUESTIONS, failed)).lost == ("r001",)
    silent = some_spoiled(answers, refused, 1.0, 0)
    names = {d.measure.name for d in compare(before, run_of(QUESTIONS, silent)).regressions}
    assert names >= {"over_refusal_rate", "citation_recall", "citation_precision", "quote_verbatim"}
