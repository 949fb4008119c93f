from __future__ import annotations

from pathlib import Path

from assistant.eval.report import markdown_comparison, markdown_summary
from assistant.eval.report.numbers import number, signed
from tests.eval.report.samples import better_and_worse, compared, every_outcome


def rows(text: str) -> dict[str, list[str]]:
    """The rows of the table by their first cell, unescaped."""
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return {row[0].replace("\\", ""): row[1:] for row in cells}


def test_a_summary(tmp_path: Path) -> None:
    summary = every_outcome(tmp_path).summary
    text = markdown_summary(summary)
    assert text.startswith("**Evaluation of sample.jsonl**: 8 questions, 6 answerable; run f00d\n")
    for name in ("page_hit@1", "citation_precision", "false_answer_rate"):
        value = summary["measures"][name]
        assert rows(text)[name][0] == number(value["value"])
        assert rows(text)[name][2] == str(value["n"])
    assert "**1 failed**: failed" in text
    assert len(text.splitlines()) < 25


def test_a_summary_without_failures_or_fingerprint() -> None:
    text = markdown_summary({"questions": 1, "answerable": 1, "measures": {}})
    assert "failed" not in text and "a gold set" in text


def test_nothing_in_a_name_is_markup(tmp_path: Path) -> None:
    summary = every_outcome(tmp_path).summary
    summary["gold"]["file"] = "a|b\n<img src=x> [x](y) `c`"
    first = markdown_summary(summary).splitlines()[0]
    assert r"a\|b \<img src=x\> \[x\](y) \`c\`" in first


def test_a_comparison(tmp_path: Path) -> None:
    comparison = compared(*better_and_worse(tmp_path))
    text = markdown_comparison(comparison)
    assert "1 question lost" in text.splitlines()[0]
    assert "(after against before, 4 questions)" in text.splitlines()[0]
    assert "- Worse: 1 (down)" in text
    assert "- Better: 1 (up)" in text
    assert "- Lost: lost" in text
    for one in comparison.differences:
        if one.difference:
            assert rows(text)[one.measure.name][2] == signed(one.difference)


def test_a_run_against_itself(tmp_path: Path) -> None:
    run = every_outcome(tmp_path)
    text = markdown_comparison(compared(run, run))
    assert text.startswith("**No regression**") and "No measure differs." in text
