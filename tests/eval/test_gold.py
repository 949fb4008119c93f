"""Reading gold files: what is wrong with a line is named, and what is no error is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.eval.gold import KINDS, GoldError, GoldSet, load_gold, read_lines
from tests.eval.systems import STARTER_GOLD

PLACE = {
    "file": "a.pdf",
    "pdf_page": 3,
    "printed_page": "1",
    "paragraph": "1-1",
    "quote": "as it stands there",
    "group": 1,
}
QUESTION = {
    "id": "q1",
    "question": "What?",
    "kind": "fact",
    "answerable": True,
    "evidence": [PLACE],
    "nuggets": ["stands"],
    "answer": "It stands there.",
}
UNANSWERABLE = {"id": "q2", "question": "Which?", "kind": "unanswerable", "answerable": False}


def lines(*questions: dict[str, Any]) -> bytes:
    return "".join(json.dumps(question) + "\n" for question in questions).encode()


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in QUESTION.items() if name not in names}


def placed(**fields: Any) -> dict[str, Any]:
    return {**QUESTION, "evidence": [{**PLACE, **fields}]}


def unplaced(name: str) -> dict[str, Any]:
    return {**QUESTION, "evidence": [{n: v for n, v in PLACE.items() if n != name}]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gold.jsonl"


def problems(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    return [str(problem) for problem in read_lines(path)[1]]


def test_a_good_file(path: Path) -> None:
    path.write_bytes(lines(QUESTION, UNANSWERABLE))
    gold = load_gold(path)
    assert [question.id for question in gold.questions] == ["q1", "q2"]
    assert gold.files == ("a.pdf",)
    assert gold.questions[0].pages == {("a.pdf", 3)}
    assert gold.questions[1].groups == {}


def test_groups_hold_the_pages_of_interchangeable_evidence(path: Path) -> None:
    places = [PLACE, {**PLACE, "pdf_page": 4}, {**PLACE, "quote": "else"}, {**PLACE, "group": 2}]
    path.write_bytes(lines({**QUESTION, "evidence": places}))
    (question,) = load_gold(path).questions
    assert question.groups == {1: {("a.pdf", 3), ("a.pdf", 4)}, 2: {("a.pdf", 3)}}


BAD: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{question: What?}\n", "Invalid JSON"),
    "cut short": (lines(QUESTION)[:-30], "Invalid JSON"),
    "no object": (b'["q1"]\n', "object"),
    "null": (b"null\n", "object"),
    "invalid UTF-8": (lines(QUESTION).replace(b"What?", b"Wh\xfft?"), "Invalid JSON"),
    "half a surrogate pair": (lines(QUESTION).replace(b"What?", b"\\ud800"), "Invalid JSON"),
    **{
        f"without {name}": (lines(without(name)), f"{name}: Field required")
        for name in ("id", "question", "kind", "answerable")
    },
    **{
        f"evidence without {name}": (lines(unplaced(name)), f"evidence.0.{name}: Field required")
        for name in PLACE
    },
    "unknown field": (lines({**QUESTION, "answr": "x"}), "answr: Extra inputs"),
    "evidence with unknown field": (lines(placed(page=3)), "evidence.0.page: Extra inputs"),
    "number as printed page": (lines(placed(printed_page=1)), "evidence.0.printed_page"),
    "number as paragraph": (lines(placed(paragraph=1.2)), "evidence.0.paragraph"),
    "text as page": (lines(placed(pdf_page="3")), "evidence.0.pdf_page"),
    "half a page": (lines(placed(pdf_page=3.5)), "evidence.0.pdf_page"),
    "page zero": (lines(placed(pdf_page=0)), "evidence.0.pdf_page"),
    "text as group": (lines(placed(group="1")), "evidence.0.group"),
    "number as id": (lines({**QUESTION, "id": 7}), "id: "),
    "text as answerable": (lines({**QUESTION, "answerable": "yes"}), "answerable: "),
    "number as answerable": (lines({**QUESTION, "answerable": 1}), "answerable: "),
    "text as nuggets": (lines({**QUESTION, "nuggets": "stands"}), "nuggets: "),
    "text as evidence": (lines({**QUESTION, "evidence": "a.pdf"}), "evidence: "),
    "text as history": (lines({**QUESTION, "history": "Who?"}), "history: "),
    "unknown kind": (lines({**QUESTION, "kind": "riddle"}), "kind: "),
    "answerable of kind unanswerable": (lines({**QUESTION, "kind": "unanswerable"}), "contradict"),
    "unanswerable of another kind": (lines({**UNANSWERABLE, "kind": "fact"}), "contradict"),
    "answerable without evidence": (lines({**QUESTION, "evidence": []}), "needs evidence"),
    "unanswerable with evidence": (lines({**UNANSWERABLE, "evidence": [PLACE]}), "neither"),
    "unanswerable with nuggets": (lines({**UNANSWERABLE, "nuggets": ["x"]}), "neither"),
    "duplicate id": (lines(UNANSWERABLE, QUESTION, {**QUESTION, "question": "Who?"}), "line 2 too"),
    "blank id": (lines({**QUESTION, "id": " "}), "id: this is blank"),
    "blank question": (lines({**QUESTION, "question": ""}), "question: this is blank"),
    "blank nugget": (lines({**QUESTION, "nuggets": [" "]}), "nuggets.0: this is blank"),
    "blank quote": (lines(placed(quote=" \n")), "evidence.0.quote: this is blank"),
    "quote of a soft hyphen": (lines(placed(quote="\u00ad")), "quote: this is blank"),
    "blank printed page": (lines(placed(printed_page="")), "printed_page: this is blank"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_named_and_said_what_is_wrong(path: Path, name: str) -> None:
    content, said = BAD[name]
    (problem,) = problems(path, content)
    assert said in problem
    with pytest.raises(GoldError) as raised:
        load_gold(path)
    message = str(raised.value)
    assert str(path) in message and said in message and "\n" not in message


def test_every_bad_line_is_found_and_the_good_ones_are_read(path: Path) -> None:
    bad = [content.splitlines()[-1] for name, (content, _) in BAD.items() if name != "duplicate id"]
    path.write_bytes(b"\n".join([*bad, lines(QUESTION, UNANSWERABLE)]))
    questions, found = read_lines(path)
    assert [problem.line for problem in found] == list(range(1, len(bad) + 1))
    assert {n: q.id for n, q in questions.items()} == {len(bad) + 1: "q1", len(bad) + 2: "q2"}
    with pytest.raises(GoldError, match=f"line 1: .*and {len(bad) - 1} more"):
        load_gold(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + lines(QUESTION, UNANSWERABLE),
        lines(QUESTION, UNANSWERABLE).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + lines(QUESTION, UNANSWERABLE).replace(b"\n", b"\r\n"),
        b"\n \n" + lines(QUESTION) + b"\t\n" + lines(UNANSWERABLE) + b"\n",
        lines(QUESTION, UNANSWERABLE).rstrip(b"\n"),
        "".join(
            json.dumps(q, ensure_ascii=False) + "\n"
            for q in (placed(quote="a\u2028b\u0085c — é"), UNANSWERABLE)
        ).encode(),
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "blank lines", "no last line feed", "line separators"],
)
def test_what_editors_do_to_a_file_is_no_error(path: Path, content: bytes) -> None:
    assert problems(path, content) == []
    assert [question.id for question in load_gold(path).questions] == ["q1", "q2"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_without_questions(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(GoldError, match="holds no questions"):
        load_gold(path)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(GoldError, match="cannot be read"):
        load_gold(tmp_path / name)


# --- The starter gold -------------------------------------------------------------------


def test_the_starter_gold_asks_enough_of_every_kind(gold: GoldSet) -> None:
    assert len(gold.questions) >= 120
    assert {question.kind for question in gold.questions} == set(KINDS)
    assert sum(not question.answerable for question in gold.questions) >= 30


def test_the_starter_gold_asks_nothing_twice(gold: GoldSet) -> None:
    asked = [
        " ".join([*question.history, question.question]).casefold() for question in gold.questions
    ]
    assert len(set(asked)) == len(asked)


def test_the_starter_gold_has_follow_ups_with_what_was_asked_before(gold: GoldSet) -> None:
    follow_ups = [question for question in gold.questions if question.history]
    assert len(follow_ups) >= 10
    assert {question.answerable for question in follow_ups} == {True, False}


def test_the_starter_gold_has_evidence_over_pages_and_documents(gold: GoldSet) -> None:
    several = [q for q in gold.questions if len(q.groups) > 1 and len(q.pages) > 1]
    assert len(several) >= 10
    assert any(len({file for file, _ in question.pages}) > 1 for question in several)
    assert any(len(pages) > 1 for q in gold.questions for pages in q.groups.values())


def test_every_starter_document_is_asked_about(gold: GoldSet) -> None:
    corpus = STARTER_GOLD.parents[1] / "corpus"
    assert set(gold.files) == {path.name for path in corpus.glob("*.pdf")}


def test_an_answerable_starter_question_can_be_answered_from_its_evidence(gold: GoldSet) -> None:
    for question in gold.questions:
        assert question.answer or not question.answerable, question.id
        assert question.nuggets or not question.answerable, question.id
