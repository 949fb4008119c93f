"""Calibration: nothing measured is learnt from, the bound holds, and what is written is used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.answer.calibration import (
    calibration_file,
    in_force,
    read_calibration,
    write_calibration,
)
from assistant.answer.confidence import SHIPPED, SHIPPED_THRESHOLD, Evidence, confidence
from assistant.config import override
from assistant.errors import UsageError
from assistant.eval.calibrate import (
    Calibrated,
    CalibrationError,
    Measured,
    calibrate,
    measure,
    settle,
)
from assistant.eval.cases import Case, cases, main_document
from assistant.eval.fingerprint import run_fingerprint
from assistant.eval.gold import GoldQuestion, GoldSet
from assistant.eval.logistic import confidences, fit, out_of_fold, splits
from assistant.eval.thresholds import GRID, Candidate, candidates, choose
from assistant.workspace import Workspace

QUESTION = "What does the report recommend about classification requirements?"


def made(answerable: int, unanswerable: int, documents: int = 4, gap: float = 0.3) -> list[Case]:
    """Cases whose evidence differs by ``gap`` on average between the classes."""
    random = np.random.default_rng(7)

    def case(number: int, yes: bool) -> Case:
        middle = 0.4 + gap * yes
        names, weakest = np.clip(random.normal(middle, 0.12, 2), 0, 1)
        group = f"d{number % documents}.pdf" if yes else f"n{number}"
        name = f"{'a' if yes else 'n'}{number}"
        return Case(name, yes, group, Evidence(1.0, 1.0, 1.0, float(names), float(weakest)))

    yes = [case(number, True) for number in range(answerable)]
    return yes + [case(number, False) for number in range(unanswerable)]


def gold_of(*questions: GoldQuestion) -> GoldSet:
    return GoldSet(Path("gold.jsonl"), "0" * 64, questions)


def unanswerable(id_: str, question: str) -> GoldQuestion:
    return GoldQuestion(id=id_, question=question, kind="unanswerable", answerable=False)


@pytest.fixture(scope="module")
def starter(starter_workspace: Workspace) -> Assistant:
    return Assistant.open(starter_workspace)


@pytest.fixture
def own(starter_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace that a test may write a calibration into."""
    shutil.copytree(starter_workspace.index, tmp_path / "w" / "index")
    shutil.copyfile(starter_workspace.root / "assistant.toml", tmp_path / "w" / "assistant.toml")
    return Workspace(tmp_path / "w")


@pytest.fixture(scope="module")
def calibrated(starter: Assistant) -> Calibrated:
    return settle(made(60, 30), starter, gold_of(), 0.25)


# --- What is measured --------------------------------------------------------------------


def test_no_document_is_on_both_sides_of_a_split() -> None:
    found = made(60, 30, documents=7)
    judged_in_all: list[int] = []
    for learnt, judged in splits(found, 5):
        assert not {found[i].group for i in learnt} & {found[i].group for i in judged}
        assert {found[i].answerable for i in judged} == {True, False}
        judged_in_all += list(judged)
    assert sorted(judged_in_all) == list(range(len(found)))


def test_a_confidence_out_of_a_fold_is_that_of_a_model_fitted_to_the_others() -> None:
    found = made(60, 30)
    sure = out_of_fold(found, 4)
    for learnt, judged in splits(found, 4):
        coefficients = fit([found[i] for i in learnt])
        expected = confidences([found[i] for i in judged], coefficients)
        assert sure[judged] == pytest.approx(expected)


def test_what_a_question_is_labelled_does_not_change_its_own_confidence() -> None:
    found = made(60, 30)
    document = {i for i, case in enumerate(found) if case.group == "d0.pdf"}
    before = next(learnt for learnt, judged in splits(found, 4) if document <= set(judged))
    other = [
        Case(c.id, c.answerable, c.group, Evidence(0, 0)) if i in document else c
        for i, c in enumerate(found)
    ]
    assert fit([found[i] for i in before]) == fit([other[i] for i in before])


def test_error_rates_of_thresholds_are_exact() -> None:
    sure = np.array([0.9, 0.6, 0.3, 0.0, 0.8, 0.2])
    answerable = np.array([True, True, True, True, False, False])
    found = {c.threshold: c for c in candidates(sure, answerable)}
    assert tuple(found) == GRID
    rates = {t: (found[t].false_answers.value, found[t].over_refusals.value) for t in found}
    assert rates[0.1] == (1.0, 0.25)
    assert rates[0.3] == (0.5, 0.25)  # a confidence at the threshold is enough
    assert rates[0.31] == (0.5, 0.5)
    assert rates[0.85] == (0.0, 0.75)
    assert rates[0.95] == (0.0, 1.0)
    assert (found[0.3].false_answers.of, found[0.3].over_refusals.of) == (2, 4)
    for candidate in found.values():
        for rate in (candidate.false_answers, candidate.over_refusals):
            assert 0 <= rate.low <= rate.value + 1e-9 and rate.value - 1e-9 <= rate.high <= 1


def test_the_threshold_that_refuses_least_under_the_bound_is_chosen() -> None:
    sure = np.array([0.9, 0.6, 0.3, 0.8, 0.2])
    answerable = np.array([True, True, True, False, False])
    found = candidates(sure, answerable)

    def chosen(bound: float) -> Candidate:
        candidate = choose(found, bound)
        assert candidate is not None
        return candidate

    assert chosen(1.0).over_refusals.value == 0 and chosen(1.0).threshold == 0.21
    assert chosen(0.5).threshold == 0.21 and chosen(0.5).false_answers.value == 0.5
    assert chosen(0.49).threshold == 0.81 and chosen(0.49).false_answers.value == 0
    assert choose(candidates(np.array([0.5, 0.5]), np.array([True, False])), 0.5) is None


def test_nothing_said_is_a_refusal_at_every_threshold() -> None:
    silent = [Case("s", True, "d0.pdf", None), Case("t", False, "t", None)]
    with_silent, without = measure([*made(60, 30), *silent], 0.25), measure(made(60, 30), 0.25)
    for one, other in zip(with_silent.candidates, without.candidates, strict=True):
        assert (one.over_refusals.of, one.false_answers.of) == (61, 31)
        assert one.over_refusals.value >= other.over_refusals.value * 60 / 61
    assert fit([*made(60, 30), *silent]) == fit(made(60, 30))


def test_the_bound_holds_and_evidence_that_tells_gives_good_figures() -> None:
    for bound in (0.1, 0.25, 0.5):
        measured = measure(made(60, 30), bound)
        assert measured.chosen is not None and measured.chosen.false_answers.value <= bound
        assert measured.auroc.low <= measured.auroc.value <= measured.auroc.high
    assert measured.auroc.value > 0.9 and measured.brier < 0.12
    assert measured.chosen_apart is not None and measured.folds == 4


def test_evidence_that_tells_nothing_is_said_to_tell_nothing() -> None:
    measured = measure(made(80, 80, gap=0.0), 0.25)
    assert 0.35 < measured.auroc.value < 0.65
    assert measured.brier == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (made(9, 30), "Only 9 answerable questions"),
        (made(30, 9), "Only 9 unanswerable questions"),
        (made(30, 30, documents=1), "rest on one document"),
        ([Case(f"a{i}", bool(i % 2), f"d{i}", None) for i in range(60)], "Only 0 answerable"),
    ],
)
def test_a_gold_set_that_cannot_tell_is_refused(found: list[Case], message: str) -> None:
    with pytest.raises(CalibrationError, match=message):
        measure(found, 0.25)


evidence = st.one_of(
    st.none(), st.builds(Evidence, st.floats(0, 1, width=32), st.floats(0, 1, width=32))
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), evidence), min_size=10, max_size=40),
    st.lists(evidence, min_size=10, max_size=30),
    st.sampled_from([0.0, 0.25, 1.0]),
)
def test_any_evidence_gives_a_measurement_or_a_sentence(
    yes: list[tuple[int, Evidence | None]], no: list[Evidence | None], bound: float
) -> None:
    found = [Case(f"a{i}", True, f"d{d}.pdf", e) for i, (d, e) in enumerate(yes)]
    found += [Case(f"n{i}", False, f"n{i}", e) for i, e in enumerate(no)]
    try:
        measured: Measured = measure(found, bound)
    except CalibrationError:
        return
    if measured.chosen is not None:
        assert measured.chosen.false_answers.value <= bound
        assert measured.chosen.over_refusals.value < 1


# --- What is asked -----------------------------------------------------------------------


def test_questions_are_asked_as_if_any_confidence_were_enough(starter: Assistant) -> None:
    strange = unanswerable("u1", "How many people should staff the standing planning cell?")
    named = starter.documents()[0].designation
    nowhere = unanswerable("u2", f"{named} para 99-99")
    steps: list[tuple[int, int]] = []
    found = cases(starter, [strange, nowhere], lambda done, of: steps.append((done, of)))
    assert starter.ask(strange.question).abstained
    assert found[0].evidence == Evidence(**starter.ask(strange.question).evidence)
    assert found[1].evidence is None  # refused for another reason than its confidence
    assert [case.group for case in found] == ["u1", "u2"] and steps == [(1, 2), (2, 2)]


def test_an_unaskable_question_is_named(starter: Assistant) -> None:
    with pytest.raises(UsageError, match="Question long cannot be asked"):
        cases(starter, [unanswerable("long", "word " * 1000)])


def test_a_question_belongs_to_the_document_with_most_of_its_evidence() -> None:
    def place(file: str, group: int) -> dict[str, object]:
        keys = {"printed_page": None, "paragraph": None, "quote": "words"}
        return {"file": file, "pdf_page": 1, "group": group, **keys}

    gold = {"id": "q", "question": "?", "kind": "multi-document", "answerable": True}
    evidence = [place("a.pdf", 1), place("b.pdf", 2), place("b.pdf", 3)]
    question = GoldQuestion.model_validate_json(json.dumps({**gold, "evidence": evidence}))
    assert main_document(question) == "b.pdf"


# --- What is written and used ------------------------------------------------------------


def test_no_threshold_is_written_where_none_keeps_the_bound(starter: Assistant) -> None:
    alike = [
        Case(case.id, case.answerable, case.group, Evidence(0.7, 0.7)) for case in made(60, 30)
    ]
    outcome = settle(alike, starter, gold_of(), 0.25)
    assert outcome.calibration is None
    assert "No threshold keeps false_answer_rate at 0.25" in outcome.refusal
    assert "refusing everything is no choice" in outcome.refusal


def test_nothing_is_learnt_where_better_evidence_speaks_against_an_answer(
    starter: Assistant,
) -> None:
    best = [Case(f"x{i}", False, f"x{i}", Evidence(1, 1)) for i in range(20)]
    outcome = settle([*made(60, 0), *best], starter, gold_of(), 0.25)
    assert outcome.calibration is None
    assert "better evidence does not go with answerable questions" in outcome.refusal


def test_a_calibration_says_what_it_was_made_from(
    calibrated: Calibrated, starter: Assistant
) -> None:
    assert calibrated.calibration is not None and not calibrated.refusal
    made_from = calibrated.calibration.provenance
    assert (made_from.gold, made_from.gold_sha256) == ("gold.jsonl", "0" * 64)
    assert (made_from.questions, made_from.answerable, made_from.folds) == (90, 60, 4)
    assert made_from.index == starter.summary().fingerprint
    assert made_from.embedding_model == starter.summary().model
    assert made_from.false_answer_rate.value <= made_from.bound == 0.25
    assert calibrated.calibration.coefficients == fit(made(60, 30))


def test_the_assistant_uses_it_and_says_what_its_confidence_is_made_of(
    calibrated: Calibrated, own: Workspace, starter: Assistant
) -> None:
    calibration = calibrated.calibration
    assert calibration is not None
    shipped = starter.ask(QUESTION)
    assert shipped.confidence == pytest.approx(confidence(Evidence(**shipped.evidence)), abs=1e-3)
    before = run_fingerprint(own, starter.summary(), 0.5)
    path = write_calibration(own, calibration)
    assert path == calibration_file(own) and before["calibration"] is None
    assert run_fingerprint(own, starter.summary(), 0.5)["id"] != before["id"]
    answer = Assistant.open(own).ask(QUESTION)
    assert answer.evidence == shipped.evidence
    expected = confidence(Evidence(**answer.evidence), calibration.coefficients)
    assert answer.confidence == pytest.approx(expected, abs=1e-3) != shipped.confidence


def test_the_threshold_of_the_settings_goes_before_that_of_the_calibration(
    calibrated: Calibrated, own: Workspace
) -> None:
    calibration = calibrated.calibration
    assert calibration is not None
    assert in_force(None, None) == (SHIPPED, SHIPPED_THRESHOLD)
    assert in_force(None, 0.5) == (SHIPPED, 0.5)
    assert in_force(calibration, None) == (calibration.coefficients, calibration.threshold)
    assert in_force(calibration, 0.9) == (calibration.coefficients, 0.9)
    write_calibration(own, calibration)
    strict = own.with_settings(override(own.settings, {"answer.threshold": 1.0}))
    assert Assistant.open(strict).ask(QUESTION).abstained


def test_a_calibration_for_another_model_is_refused(calibrated: Calibrated, own: Workspace) -> None:
    calibration = calibrated.calibration
    assert calibration is not None
    write_calibration(own, calibration)
    fingerprint = calibration.provenance.embedding_fingerprint
    assert read_calibration(own, fingerprint) == calibration
    with pytest.raises(UsageError, match="made for another embedding model"):
        read_calibration(own, "another")


def weights(*values: object) -> dict[str, object]:
    names = ("intercept", "quantity", "names", "weakest")
    return dict(zip(names, values, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"threshold": 1.5}, "threshold"),
        ({"threshold": 0.999999}, "not even the best evidence"),
        (
            {"coefficients": {"intercept": 0, "quantity": "x", "names": 0, "weakest": 0}},
            "quantity",
        ),
        (
            {"coefficients": {"intercept": 1e999, "quantity": 1, "names": 1, "weakest": 1}},
            "is no calibr",
        ),
        ({"provenance": {}}, "provenance"),
        ({"more": 1}, "more"),
    ],
)
def test_a_broken_calibration_is_told(
    calibrated: Calibrated, own: Workspace, change: dict[str, object], message: str
) -> None:
    assert calibrated.calibration is not None
    content = {**calibrated.calibration.model_dump(mode="json"), **change}
    calibration_file(own).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UsageError, match=message) as raised:
        Assistant.open(own)
    assert "delete it, and calibrate again" in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_file_that_is_none_is_told(own: Workspace, content: bytes) -> None:
    calibration_file(own).write_bytes(content)
    with pytest.raises(UsageError, match="is no calibration"):
        read_calibration(own, "any")


def test_calibrating_asks_and_writes_nothing(own: Workspace) -> None:
    questions = [unanswerable(f"u{i}", f"Who paints bridge number {i}?") for i in range(3)]
    with pytest.raises(CalibrationError, match="Only 0 answerable"):
        calibrate(Assistant.open(own), gold_of(*questions))
    assert not calibration_file(own).exists()
