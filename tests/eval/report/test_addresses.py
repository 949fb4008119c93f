from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from assistant.eval.report.addresses import page_address, question_address


def test_a_page_is_found_from_the_report(tmp_path: Path) -> None:
    address = page_address(tmp_path / "corpus", tmp_path / "eval" / "runs" / "r" / "report.html")
    assert address("a/one.pdf", 7) == "../../../corpus/a/one.pdf#page=7"


def test_nothing_in_a_name_changes_where_a_link_leads(tmp_path: Path) -> None:
    address = page_address(tmp_path / "corpus", tmp_path / "report.html")
    assert address('javascript:x#"?&.pdf', 1) == "corpus/javascript%3Ax%23%22%3F%26.pdf#page=1"
    assert address("ünder/a b.pdf", 1) == "corpus/%C3%BCnder/a%20b.pdf#page=1"


def test_a_server_shows_the_picture(tmp_path: Path) -> None:
    address = page_address(tmp_path, tmp_path / "report.html", served="/pages/picture")
    link = urlsplit(address("a/one & two.pdf", 3))
    assert link.path == "/pages/picture"
    assert parse_qs(link.query) == {"file": ["a/one & two.pdf"], "page": ["3"]}


def test_a_question_is_put_into_the_chat() -> None:
    assert question_address(None, "Why?") is None
    link = question_address("/", "Who & why?")
    assert link and parse_qs(urlsplit(link).query) == {"q": ["Who & why?"]}
