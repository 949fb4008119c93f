"""Verifying gold against the documents: one planted error of every sort, and each is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UsageError
from assistant.eval.check import GoldCheck, check_gold, hashes_file, record_hashes
from assistant.eval.gold import GoldError
from assistant.index.embedder import Embedder
from assistant.index.reader import Index, open_index
from assistant.workspace import Workspace
from tests.eval.systems import STARTER_GOLD

Question = dict[str, Any]
GOLD: dict[str, Question] = {
    question["id"]: question
    for question in map(json.loads, STARTER_GOLD.read_text(encoding="utf-8").splitlines())
}
# Two groups: the first with two interchangeable places, the second in a numbered paragraph.
BASE = "r045"
RAND, OPS = "rra641-1_digest.pdf", "operations_multinational_digest.pdf"


@pytest.fixture(scope="module")
def index(starter_workspace: Workspace) -> Index:
    return open_index(starter_workspace, Embedder())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gold.jsonl"


def check(path: Path, index: Index, *questions: Question) -> GoldCheck:
    path.write_text("".join(json.dumps(q) + "\n" for q in questions), encoding="utf-8")
    return check_gold(path, index)


def changed(**fields: Any) -> Question:
    return {**copy.deepcopy(GOLD[BASE]), **fields}


def placed(number: int, **fields: Any) -> Question:
    """With other fields in its ``number``-th evidence."""
    question = changed()
    question["evidence"][number] |= fields
    return question


def grouped(*groups: int) -> Question:
    question = changed()
    for evidence, group in zip(question["evidence"], groups, strict=True):
        evidence["group"] = group
    return question


def altered(change: Callable[[str], str]) -> Question:
    question = changed()
    question["evidence"][2]["quote"] = change(question["evidence"][2]["quote"])
    return question


def twice() -> Question:
    question = changed()
    question["evidence"].append({**question["evidence"][0], "group": 2})
    return question


def test_the_starter_gold_is_right(index: Index) -> None:
    checked = check_gold(STARTER_GOLD, index)
    assert [str(problem) for problem in checked.problems] == []
    assert checked.questions == len(GOLD)
    assert len(checked.hashes) == 4


PLANTED: dict[str, tuple[Question, tuple[str, ...]]] = {
    "quote that stands nowhere": (
        placed(2, quote="Nothing of this sort was ever written."),
        ("evidence 3", "does not stand on PDF page 16"),
    ),
    "quote of another page": (
        placed(0, pdf_page=6, printed_page="3"),
        ("evidence 1", "is not on PDF page 6 but on 7"),
    ),
    "letter altered at the end": (
        altered(lambda quote: quote.replace("live.", "life.")),
        ("evidence 3", "does not stand", 'up to "fe." it is there'),
    ),
    "letter altered at the start": (altered(lambda quote: "X" + quote[1:]), ("does not stand",)),
    "letter doubled": (
        altered(lambda quote: quote.replace("multinational force", "multinational forcee")),
        ("does not stand", "it is there"),
    ),
    "word left out": (altered(lambda quote: quote.replace("not be ", "be ")), ("does not stand",)),
    "capital altered": (altered(str.upper), ("does not stand",)),
    "page beyond the end": (
        placed(2, pdf_page=99),
        ("has no text on PDF page 99", "it has", "pages"),
    ),
    "wrong printed page": (
        placed(2, printed_page="5-3"),
        ("printed_page is 5-3, but the page printed on PDF page 16 is 5-2",),
    ),
    "printed page as the PDF counts": (placed(2, printed_page="16"), ("printed_page is 16",)),
    "null where a page is printed": (
        placed(2, printed_page=None),
        ("printed_page is null, but the page printed on PDF page 16 is 5-2",),
    ),
    "wrong paragraph": (
        placed(2, paragraph="5-18"),
        ("paragraph is 5-18", "stands in 5-17"),
    ),
    "start of the right paragraph": (placed(2, paragraph="5-1"), ("paragraph is 5-1, but",)),
    "paragraph where none is numbered": (
        placed(0, paragraph="4"),
        ("paragraph is 4", "in no numbered paragraph"),
    ),
    "groups with a gap": (grouped(1, 1, 3), ("groups are 1, 3",)),
    "groups from zero": (grouped(0, 0, 1), ("groups are 0, 1",)),
    "duplicated evidence": (twice(), ("is there twice",)),
    "file that is not indexed": (
        placed(2, file="operations.pdf"),
        ("evidence 3: operations.pdf is not in the index",),
    ),
    "file with another case": (placed(2, file=OPS.upper()), ("is not in the index",)),
    "no nuggets": (changed(nuggets=[]), ("no nuggets",)),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_found(path: Path, index: Index, name: str) -> None:
    question, said = PLANTED[name]
    other = GOLD["r001"]
    (problem,) = check(path, index, other, question).problems
    assert (problem.line, problem.id) == (2, BASE)
    for words in said:
        assert words in problem.problem


def test_a_page_printed_on_none(path: Path, index: Index) -> None:
    cover = next(
        q for q in GOLD.values() if any(not e["printed_page"] for e in q.get("evidence", ()))
    )
    wrong = copy.deepcopy(cover)
    for evidence in wrong["evidence"]:
        evidence["printed_page"] = evidence["printed_page"] or "1"
    (problem,) = check(path, index, wrong).problems
    assert "printed_page is 1, but" in str(problem) and "is none" in str(problem)
    assert not check(path, index, cover).problems


def test_all_errors_are_found_at_once_in_order_of_lines(path: Path, index: Index) -> None:
    questions = [
        {**question, "id": f"{number}"} for number, (question, _) in enumerate(PLANTED.values(), 1)
    ]
    lines = [json.dumps(question).encode() for question in questions]
    lines[3:3] = [b"{not JSON}", b""]
    path.write_bytes(b"\n".join(lines))
    checked = check_gold(path, index)
    expected = [number for number in range(1, len(lines) + 1) if number != 5]
    assert [problem.line for problem in checked.problems] == expected


def test_several_errors_of_one_line_are_all_named(path: Path, index: Index) -> None:
    question = grouped(1, 1, 3)
    question["nuggets"] = []
    question["evidence"][0]["pdf_page"] = 99
    question["evidence"][2]["printed_page"] = "9"
    found = [problem.problem for problem in check(path, index, question).problems]
    assert len(found) == 4
    assert {problem[:10] for problem in found} == {
        "its groups",
        "it has no ",
        "evidence 1",
        "evidence 3",
    }


def test_a_nugget_may_be_a_word_that_cannot_be_looked_for(path: Path, index: Index) -> None:
    """As the "no" of a yes/no question; the measure leaves it out."""
    assert not check(path, index, changed(nuggets=["no", "live"])).problems


def test_white_space_and_typography_of_a_quote_do_not_matter(path: Path, index: Index) -> None:
    question = altered(lambda quote: quote.replace(" ", " \n ", 3).replace("'", "\u2019"))
    assert not check(path, index, question).problems


def test_a_part_of_the_named_paragraph_will_do(path: Path, index: Index) -> None:
    deep = next(
        q
        for q in GOLD.values()
        if q["answerable"] and any((e["paragraph"] or "").count(".") > 1 for e in q["evidence"])
    )
    question = copy.deepcopy(deep)
    for evidence in question["evidence"]:
        if evidence["paragraph"] and "." in evidence["paragraph"]:
            evidence["paragraph"] = evidence["paragraph"].rpartition(".")[0]
    assert not check(path, index, question).problems


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_a_problem(path: Path, index: Index, content: bytes) -> None:
    path.write_bytes(content)
    (problem,) = check_gold(path, index).problems
    assert "no questions" in problem.problem


def test_a_byte_order_mark_and_carriage_returns_are_none(path: Path, index: Index) -> None:
    lines = STARTER_GOLD.read_bytes().split(b"\n")[:5]
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines) + b"\r\n")
    checked = check_gold(path, index)
    assert (checked.questions, checked.problems) == (5, ())


def test_invalid_utf8_is_a_problem_of_its_line(path: Path, index: Index) -> None:
    lines = STARTER_GOLD.read_bytes().split(b"\n")[:3]
    lines[1] = lines[1].replace(b'"question": "', b'"question": "\xe9')
    path.write_bytes(b"\n".join(lines))
    (problem,) = check_gold(path, index).problems
    assert problem.line == 2 and "Invalid JSON" in problem.problem


def test_a_file_that_is_not_there(tmp_path: Path, index: Index) -> None:
    with pytest.raises(GoldError, match="cannot be read"):
        check_gold(tmp_path / "none.jsonl", index)


# --- Recorded hashes --------------------------------------------------------------------


def test_recorded_hashes_are_those_of_the_files(
    path: Path, index: Index, starter_workspace: Workspace
) -> None:
    import hashlib

    first = check(path, index, changed())
    assert not first.recorded
    assert first.hashes == {
        file: hashlib.sha256((starter_workspace.corpus / file).read_bytes()).hexdigest()
        for file in (OPS, RAND)
    }
    assert record_hashes(path, first.hashes) == hashes_file(path) == path.parent / "gold.files.json"
    second = check(path, index, changed())
    assert second.recorded and not second.problems


def test_a_document_that_changed_is_named(path: Path, index: Index) -> None:
    hashes = dict(check(path, index, changed()).hashes)
    record_hashes(path, {**hashes, OPS: "0" * 64})
    (problem,) = check(path, index, changed()).problems
    assert "evidence 3" in problem.problem and OPS in problem.problem
    assert "its hash differs" in problem.problem
    checked = check_gold(path, index, use_recorded=False)
    assert not checked.problems and not checked.recorded


def test_a_document_without_a_recorded_hash_is_named(path: Path, index: Index) -> None:
    hashes = dict(check(path, index, changed()).hashes)
    del hashes[OPS]
    record_hashes(path, hashes)
    (problem,) = check(path, index, changed()).problems
    assert f"{OPS} has no recorded hash" in problem.problem


@pytest.mark.parametrize("content", ["{", "[]", '"x"', "\udcff"])
def test_hashes_that_cannot_be_read(path: Path, index: Index, content: str) -> None:
    hashes_file(path).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match="delete it and record the files again"):
        check(path, index, changed())
