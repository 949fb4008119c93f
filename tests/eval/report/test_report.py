from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.eval.evaluated import Evaluated
from assistant.eval.gold import GoldQuestion
from assistant.eval.record import AnswerRecord
from assistant.eval.report import page_address, report_page, write_report, write_report_of
from assistant.eval.report.cards import document_names
from assistant.eval.report.numbers import number, spread
from tests.eval.report.pages import Element, all_elements, parsed
from tests.eval.report.samples import A, B, answer, evaluated, every_outcome, gold


@pytest.fixture
def run(tmp_path: Path) -> Evaluated:
    return every_outcome(tmp_path)


def question(page: Element, id_: str) -> Element:
    (found,) = page.find("article", id=id_)
    return found


def test_every_question_is_there(run: Evaluated) -> None:
    root = parsed(report_page(run))
    articles = root.find("article", cls="question")
    assert [article.attributes["id"] for article in articles] == [q.id for q in run.questions]
    for asked, article in zip(run.questions, articles, strict=True):
        assert asked.question in article.words
        assert asked.answer in article.words
        assert article.attributes["data-kind"] == asked.kind
        for evidence in asked.evidence:
            assert evidence.quote in article.words
    assert "What came before?" in question(root, "wrong").words
    assert "The documents do not say." in question(root, "refused").words
    assert "DocumentError: it broke" in question(root, "failed").words


def test_citations_are_marked_right_and_wrong(run: Evaluated) -> None:
    root = parsed(report_page(run))

    def marks(id_: str) -> list[str]:
        (listed,) = question(root, id_).find("ul", cls="citations")
        return [item.attributes["class"] for item in listed.find("li")]

    assert marks("right") == ["right", "right"]
    assert marks("partly") == ["right", "wrong"]
    assert marks("wrong") == ["wrong"]
    assert marks("false") == ["unjudged"]
    groups = question(root, "partly").find("ol", cls="groups")[0].find("li")
    assert ["✓ cited" in group.words for group in groups] == [True, False]
    assert "page found at rank 2" in question(root, "wrong").words
    assert "page not found" in question(root, "missed").words


def test_a_quote_that_does_not_stand_there_is_marked(tmp_path: Path) -> None:
    asked = [gold("q", (A, 1, 1))]
    for anew, marked in (("quote 1", False), ("something else", True), (None, False)):
        run = evaluated(tmp_path, asked, [answer("q", (A, 1), read_anew=[anew])])
        assert ("not verbatim" in report_page(run)) is marked


def test_the_figures_are_those_of_the_summary(run: Evaluated) -> None:
    (table,) = parsed(report_page(run)).find("table", cls="measures")
    rows = {
        row.find("th")[0].words.replace("\u200b", "").split()[0]: row
        for row in table.find("tr")[1:]
    }
    for name, value in run.summary["measures"].items():
        shown = [cell.words for cell in rows[name].find("td")]
        assert shown[0] == number(value["value"])
        assert shown[2] == spread(value["low"], value["high"])
        assert shown[3].split()[0] == str(value["n"])
        assert shown[4] == str(value["null"])
        assert shown[5]


def test_groups_of_questions(run: Evaluated) -> None:
    words = [table.words for table in parsed(report_page(run)).find("table", cls="grid")]
    assert any("list" in one and "unanswerable" in one for one in words)
    assert any("DOC one" in one and "DOC two" in one for one in words)
    assert any("first question" in one and "follow-up" in one for one in words)


def test_documents_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    questions = [gold("q", (A, 1, 1), ("c/one.pdf", 1, 2)), gold("r", ("d/other.pdf", 1, 1))]
    run = evaluated(tmp_path, questions, [answer("q", (A, 1), ("c/one.pdf", 1)), answer("r")])
    names = document_names(run)
    assert names == {
        A: f"DOC one ({A})",
        "c/one.pdf": "DOC one (c/one.pdf)",
        "d/other.pdf": "d/other.pdf",
    }
    assert all(name in report_page(run) for name in names.values())


def test_pictures_have_a_text_and_no_style(run: Evaluated) -> None:
    figures = parsed(report_page(run)).find("figure")
    assert len(figures) == 4
    for figure in figures:
        (picture,) = figure.find("svg")
        assert picture.attributes["role"] == "img"
        assert picture.attributes["aria-label"] == figure.find("figcaption")[0].words
    words = " ".join(figure.words for figure in figures)
    assert "threshold 0.35" in words
    assert "2 at 1, 1 at 2" not in words  # ranks: two at 1, two at 2 and one missed
    assert "not found for 1" in words


def test_ids_of_a_page_are_unique(run: Evaluated) -> None:
    ids = [
        one.attributes["id"]
        for one in all_elements(parsed(report_page(run)))
        if "id" in one.attributes
    ]
    assert len(ids) == len(set(ids))


def test_why_there_is_no_score(run: Evaluated) -> None:
    root = parsed(report_page(run))
    assert "null because the question is unanswerable: page_hit@1" in question(root, "false").words
    assert "null because DocumentError: it broke" in question(root, "failed").words
    assert "failed" in root.find("section", cls="alarm")[0].words


def test_the_same_run_gives_the_same_bytes(run: Evaluated, tmp_path: Path) -> None:
    first, second = tmp_path / "1.html", tmp_path / "2.html"
    write_report(run, first)
    write_report(run, second)
    assert first.read_bytes() == second.read_bytes()


def test_links_to_pages_and_to_the_chat(run: Evaluated) -> None:
    corpus, path = run.folder / "corpus", run.folder / "report.html"
    links = {
        link.attributes["href"]
        for link in parsed(report_page(run, page_address(corpus, path), ask="/")).find("a")
    }
    assert {"corpus/a/one.pdf#page=3", "corpus/b/two.pdf#page=9", "/?q=What+of+wrong%3F"} <= links
    bare = report_page(run)
    assert "#page=" not in bare and "?q=" not in bare


def test_the_best_passages_begin_and_no_more(run: Evaluated) -> None:
    hits = [
        {"file": A, "pdf_page": n, "text": f"passage {n} " + "word " * 500} for n in range(1, 6)
    ]
    line = json.dumps({"id": "wrong", "hits": hits})
    (run.folder / "answers.jsonl").write_text(line + "\n", encoding="utf-8")
    page = report_page(run)
    assert [f"passage {n} word" in page for n in (1, 2)] == [True, True]
    assert page.count("word") < 200


def test_a_report_of_a_workspace_leads_to_its_documents(run: Evaluated, tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").touch()
    folder = tmp_path / "eval" / "runs" / "one"
    folder.mkdir(parents=True)
    path = write_report_of(every_outcome(folder))
    assert path == folder / "report.html"
    assert 'href="../../../corpus/a/one.pdf#page=1"' in path.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_said(run: Evaluated, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(run, tmp_path / "nowhere" / "report.html")


@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        ([gold("q", (A, 1, 1))], [answer("q", (A, 1))]),
        ([gold("q", (A, 1, 1))], [answer("q", (A, 1), confidence=None, seconds={})]),
        ([gold("q", (A, 1, 1)), gold("r", (B, 1, 1))], [answer("q", (A, 1)), answer("r")]),
        ([gold("q"), gold("r")], [answer("q"), answer("r", (A, 1))]),
        ([gold("q", (A, 1, 1)), gold("r")], [AnswerRecord(id=i, error="no") for i in "qr"]),
        ([gold("q", (A, 1, 1)), gold("r")], []),
        ([gold("q", (A, 1, 1))], [answer("q", (A, 1), confidence=7.5, seconds={"total": 0.0})]),
    ],
    ids=["one", "bare", "all answerable", "none answerable", "all failed", "none asked", "odd"],
)
def test_odd_runs(
    questions: list[GoldQuestion],
    answers: list[AnswerRecord],
    tmp_path: Path,
) -> None:
    page = report_page(evaluated(tmp_path, questions, answers))
    assert not re.search(r"\bnan\b", page, re.IGNORECASE)
    assert len(parsed(page).find("article")) == len(questions)


def test_a_summary_of_another_version(run: Evaluated) -> None:
    run.summary["measures"] = {"new_measure": {"value": 0.5, "low": None, "high": None, "n": 3}}
    run.summary.pop("by_turn")
    run.summary["fingerprint"] = {"id": "x", "system": "other"}
    page = parsed(report_page(run))
    assert "new_\u200bmeasure" in page.find("table", cls="measures")[0].words
    assert "other" in page.find("dl")[0].words
