from __future__ import annotations

import json
import re
from dataclasses import asdict
from html import unescape
from pathlib import Path

import pytest

from assistant.eval.compare import RunScores
from assistant.eval.evaluated import Evaluated
from assistant.eval.report import comparison_page, write_comparison, write_comparison_of
from assistant.eval.report.flips import flipped
from assistant.eval.report.numbers import number, probability, signed, signed_spread, spread
from tests.eval.report.pages import parsed
from tests.eval.report.samples import (
    HOSTILE,
    better_and_worse,
    compared,
    evaluated,
    every_outcome,
)

Runs = tuple[Evaluated, Evaluated]


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return better_and_worse(tmp_path)


def test_flips_by_direction(runs: Runs) -> None:
    found = flipped(compared(*runs))
    assert [one.id for one in found["worse"]] == ["down"]
    assert [one.id for one in found["better"]] == ["up"]
    assert not found["mixed"]
    (down,) = found["worse"]
    assert {"over_refusal_rate", "citation_recall"} <= {change.measure for change in down.changes}


def test_flips_come_first(runs: Runs) -> None:
    page = comparison_page(compared(*runs), *runs)
    root = parsed(page)
    assert [one.attributes["id"] for one in root.find("h2")] == [
        "at-flips",
        "at-measures",
        "at-run",
    ]
    assert [one.attributes["id"] for one in root.find("article")] == ["down", "up"]
    assert page.index("Worse: 1") < page.index("Better: 1") < page.index('id="at-measures"')


def test_answers_stand_side_by_side(runs: Runs) -> None:
    (down,) = parsed(comparison_page(compared(*runs), *runs)).find("article", id="down")
    sides = down.find("div", cls="sides")[0].find("div")
    assert "A gold nugget" in sides[0].words and "all right" in sides[0].words
    assert "Refused." in sides[1].words and "over-refusal" in sides[1].words
    assert "over_refusal_rate no → yes" in down.words


@pytest.mark.parametrize("kept", [(True, False), (False, True), (False, False)])
def test_runs_without_answers(runs: Runs, kept: tuple[bool, bool]) -> None:
    a, b = (run if keep else None for run, keep in zip(runs, kept, strict=True))
    root = parsed(comparison_page(compared(*runs), a, b))
    (down,) = root.find("article", id="down")
    assert "over_refusal_rate" in down.words
    if any(kept):
        assert "Its answers are not kept." in down.words and "What of down?" in down.words
    else:
        assert "Neither run kept its answers." in down.words


def own(run: RunScores, measure: str) -> str:
    """A run's value of a measure with its interval, as the page has them in one cell."""
    found = run.about["measures"][measure]
    return f"{number(found['value'])} {spread(found['low'], found['high'])}"


def test_the_figures_are_those_of_the_comparison(runs: Runs) -> None:
    comparison = compared(*runs)
    (table,) = parsed(comparison_page(comparison, None, None)).find("table", cls="measures")
    for one, row in zip(comparison.differences, table.find("tr")[1:], strict=True):
        assert row.find("th")[0].words.replace("\u200b", "").split()[0] == one.measure.name
        shown = [cell.words for cell in row.find("td")]
        assert shown[:8] == [
            own(comparison.a, one.measure.name),
            own(comparison.b, one.measure.name),
            signed(one.difference),
            signed_spread(one.interval),
            probability(one.p),
            probability(one.corrected),
            str(one.n),
            str(one.unpaired),
        ]
        assert shown[8] == f"{len(one.better)}, {len(one.worse)}"
        assert shown[9].startswith(one.verdict) and one.why in shown[9]


def test_what_is_lost_and_what_differs(runs: Runs) -> None:
    root = parsed(comparison_page(compared(*runs), *runs))
    assert "Answered in A, but not in B: lost" in root.words
    assert "1 question lost" in root.words
    assert "fingerprint.threshold 0.35 0.5" in root.words
    for warning in compared(*runs).warnings:
        assert warning in root.words


def test_a_run_against_itself(tmp_path: Path) -> None:
    run = every_outcome(tmp_path)
    words = parsed(comparison_page(compared(run, run), run, run)).words
    assert "no regression" in words
    assert "Worse: 0" in words and "Nothing: index" in words


def test_it_is_one_file_without_a_script(runs: Runs, tmp_path: Path) -> None:
    path = tmp_path / "compare.html"
    write_comparison(compared(*runs), *runs, path)
    page = path.read_text(encoding="utf-8")
    assert "script-src 'none'" in unescape(page) and "<script" not in page
    assert not re.search(r"https?://|url\(|@import| src=", page)
    write_comparison(compared(*runs), *runs, tmp_path / "again.html")
    assert path.read_bytes() == (tmp_path / "again.html").read_bytes()


def test_data_is_never_markup(runs: Runs) -> None:
    before, after = runs
    spoilt = [question.model_copy(update={"question": HOSTILE}) for question in after.questions]
    hostile = {"reason": HOSTILE, "question": HOSTILE}
    answers = [answer.model_copy(update=hostile) for answer in after.answers.values()]
    after = evaluated(after.folder, spoilt, answers)
    after.summary["fingerprint"]["code"] = HOSTILE
    page = comparison_page(compared(before, after), before, after)
    assert not parsed(page).find("script") and not parsed(page).find("img")
    assert page.count("alert(1)") == page.count("alert(1)&lt;/script&gt;") > 2


def test_answers_are_read_where_they_lie(runs: Runs, tmp_path: Path) -> None:
    before, after = runs
    after.folder.mkdir()
    for name, lines in (
        ("gold.jsonl", [question.model_dump(mode="json") for question in after.questions]),
        ("answers.jsonl", [answer.model_dump(mode="json") for answer in after.answers.values()]),
        ("scores.jsonl", [asdict(row) for row in after.rows]),
    ):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (after.folder / name).write_text(text, encoding="utf-8")
    (after.folder / "summary.json").write_text(json.dumps(after.summary), encoding="utf-8")
    path = tmp_path / "compare.html"
    write_comparison_of(compared(before, after), path)
    (down,) = parsed(path.read_text(encoding="utf-8")).find("article", id="down")
    assert "Its answers are not kept." in down.words  # those of the run before
    assert "Refused." in down.words
