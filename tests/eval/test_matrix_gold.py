"""The key of the matrix: that it is sound, and that it accepts what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import AssistantError
from assistant.eval.matrix_gold import KeyRow, Place, read_key, score_matrix
from assistant.index.reader import open_index
from assistant.workspace import Workspace

KEY = Path(__file__).resolve().parents[2] / "eval" / "matrix.jsonl"


def cell(**other: Any) -> dict[str, Any]:
    return {"file": "a.pdf", "paragraph": "2.1", "pages": [4], "quote": "Share it", **other}


def place(**other: Any) -> Place:
    known = {"file": "a.pdf", "pdf_page": 4, "paragraph": "2.1", "why": "says so"}
    return Place.model_validate({**known, **other})


@pytest.mark.parametrize("corpus", ["starter", "reference"])
def test_the_key_has_ten_rows_of_enough_places(corpus: Any) -> None:
    rows = read_key(KEY, corpus)
    assert [row.recommendation for row in rows] == list(range(1, 11))
    assert len({row.id for row in rows}) == 10
    for row in rows:
        assert 4 <= len(row.accepts) <= 14
        assert all(len(p.why.split()) <= 8 for p in row.accepts)  # our words, not the document's
        assert all(p.file != row.report.file for p in row.accepts)


def test_the_second_key_has_ten_rows_of_places_in_other_documents() -> None:
    rows = read_key(KEY.with_name("matrix_second.jsonl"), "reference")
    assert [row.recommendation for row in rows] == list(range(1, 11))
    for row in rows:
        assert len(row.accepts) >= 10
        assert not any(place.file.startswith("report/") for place in row.accepts)
        assert all(len(place.why.split()) <= 12 for place in row.accepts)


def test_every_place_of_the_starter_key_is_there(starter_workspace: Workspace) -> None:
    index = open_index(starter_workspace)
    documents = {document.file: document for document in index.documents.values()}
    for row in read_key(KEY, "starter"):
        for p in row.accepts:
            found = index.store.passages_at([documents[p.file].id], p.paragraph, p.pdf_page)
            assert any(p.says.lower() in passage.text.lower() for passage in found), (row.id, p)
    index.close()


@pytest.mark.parametrize(
    ("wanted", "found", "accepted"),
    [
        ({}, {}, True),
        ({}, {"paragraph": "2.1.a"}, True),
        ({}, {"paragraph": "2.11"}, False),
        ({}, {"paragraph": None}, False),
        ({}, {"file": "b.pdf"}, False),
        ({}, {"pages": [3]}, False),
        ({}, {"pages": [3, 4]}, True),
        ({"paragraph": None}, {"paragraph": None}, True),
        ({"says": "SHARE"}, {}, True),
        ({"says": "withhold"}, {}, False),
    ],
)
def test_what_a_place_accepts(
    wanted: dict[str, Any], found: dict[str, Any], accepted: bool
) -> None:
    assert place(**wanted).accepts(cell(**found)) is accepted


def test_the_score_counts_rows_and_cells() -> None:
    report = {"file": "r.pdf", "pdf_page": 7}
    key = [
        KeyRow.model_validate(
            {
                "id": str(number),
                "corpus": "starter",
                "recommendation": number,
                "report": report,
                "accepts": [place().model_dump()],
            }
        )
        for number in (1, 2, 3)
    ]
    good, bad = cell(), cell(file="b.pdf")
    cited, elsewhere = [report], [{"file": "r.pdf", "pdf_page": 8}]
    rows = [
        {"number": 1, "citations": cited, "cells": [good, bad]},
        {"number": 2, "citations": elsewhere, "cells": [bad]},
    ]
    score = score_matrix({"rows": rows}, key)
    assert score.present == (1,)
    assert score.accepted == (1,)
    assert dict(score.by_row) == {1: (1, 2), 2: (0, 1), 3: (0, 0)}
    assert (score.rows, score.cells) == (3, 3)
    assert score.precision == pytest.approx(1 / 3)
    assert score_matrix({"rows": []}, key).precision == 0.0


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}'])
def test_a_line_that_is_none_is_told_in_a_sentence(tmp_path: Path, line: str) -> None:
    path = tmp_path / "key.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(AssistantError, match="line 2"):
        read_key(path, "starter")


def test_a_key_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="cannot be read"):
        read_key(tmp_path / "none.jsonl", "starter")
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(AssistantError, match="no line for the corpus"):
        read_key(tmp_path / "empty.jsonl", "starter")
