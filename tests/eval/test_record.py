"""Reading answers: those of this program, cut short or not, and those of other systems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.eval.record import AnswerRecord, read_raw, read_records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.jsonl"


def test_an_id_is_enough(path: Path) -> None:
    path.write_text('{"id": "q1"}\n\n{"id": "q2", "more": 1}\n', encoding="utf-8")
    assert read_records(path) == {"q1": AnswerRecord(id="q1"), "q2": AnswerRecord(id="q2")}


def test_the_last_of_two_answers_holds(path: Path) -> None:
    path.write_text('{"id": "q", "error": "x"}\n{"id": "q"}\n', encoding="utf-8")
    assert read_records(path)["q"].error is None
    assert "error" not in read_raw(path)["q"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Invalid JSON"),
        ("[]", "object"),
        ("{}", "id: Field required"),
        ('{"id": "q", "citations": [{"n": 1}]}', "citations.0.file"),
        ('{"id": "q", "hits": [{"file": "a"}]}', "hits.0.pdf_page"),
        ('{"id": "q", "confidence": NaN}', "confidence"),
        ('{"id": "q", "confidence": Infinity}', "confidence"),
        ('{"id": "q", "seconds": {"total": NaN}}', "seconds.total"),
        (
            '{"id": "q", "citations": [{"n": 1, "file": "a", "pdf_page": 1, "status": "sure"}]}',
            "citations.0.status",
        ),
    ],
)
def test_a_bad_line_is_named(path: Path, line: str, said: str) -> None:
    path.write_text('{"id": "q0"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read_records(path)
    message = str(raised.value)
    assert f"{path}, line 2: " in message and said in message


def test_what_other_programs_write_is_read(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbf{"id": "q1"}\r\n{"id": "q2"}\r\n')
    assert read_records(path).keys() == read_raw(path).keys() == {"q1", "q2"}


@pytest.mark.parametrize("read", [read_records, read_raw])
def test_text_may_hold_what_ends_a_line_elsewhere(path: Path, read) -> None:  # type: ignore[no-untyped-def]
    text = "a\u2028b\u2029c\u0085d\x1ce\x0bf\x0cg\r\nh"
    records = [{"id": "q1", "question": text}, {"id": "q2", "question": "x"}]
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8")
    found = read(path)
    assert found.keys() == {"q1", "q2"}
    first = found["q1"]
    assert (first["question"] if read is read_raw else first.question) == text


def test_a_line_cut_anywhere_leaves_the_others(path: Path) -> None:
    last = json.dumps({"id": "q2", "question": "§ — 2\u20135 é"}, ensure_ascii=False).encode()
    for cut in range(len(last)):
        path.write_bytes(b'{"id": "q1"}\n' + last[:cut])
        assert read_raw(path) == {"q1": {"id": "q1"}}
    path.write_bytes(b'{"id": "q1"}\n' + last)
    assert read_raw(path).keys() == {"q1", "q2"}


def test_lines_that_are_no_answers_are_passed_over(path: Path) -> None:
    path.write_bytes(b'[]\n3\nnull\n{"id": 3}\n{}\n\xff\n{"id": "q1"}\n')
    assert read_raw(path) == {"q1": {"id": "q1"}}


@pytest.mark.parametrize("read", [read_records, read_raw])
def test_a_file_that_is_not_there(tmp_path: Path, read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none")


def test_pages_of_hits_and_citations() -> None:
    record = AnswerRecord.model_validate(
        {
            "id": "q",
            "hits": [
                {"file": "a", "pdf_page": 2, "spans": [{"pdf_page": 2}, {"pdf_page": 3}]},
                {"file": "b", "pdf_page": 2},
                {"file": "a", "pdf_page": 3},
            ],
            "citations": [
                {"n": 1, "file": "a", "pdf_page": 3},
                {"n": 2, "file": "a", "pdf_page": 3},
                {"n": 3, "file": "b", "pdf_page": 3, "status": "unverified"},
            ],
            "statements": [
                {"text": "one", "citations": [1, 3]},
                {"text": "two", "citations": [3]},
                {"text": "three", "citations": [4]},
                {"text": "four"},
            ],
        }
    )
    assert record.ranked_pages == (("a", 2), ("a", 3), ("b", 2))
    assert record.cited_pages == {("a", 3), ("b", 3)}
    assert [statement.text for statement in record.cited_statements(verified=True)] == ["one"]
