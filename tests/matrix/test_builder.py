"""The matrix of the starter's report: what stands in it, and where it comes from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from assistant.corpus.clean import clean
from assistant.eval.matrix_gold import read_key, score_matrix
from assistant.index.reader import Index
from assistant.matrix.builder import MOST, build_matrix
from assistant.matrix.finder import LEAST, OF_ONE_DOCUMENT
from assistant.matrix.record import matrix_record
from assistant.matrix.terms import OWN_TERMS
from assistant.matrix.values import Matrix
from assistant.workspace import Workspace

KEY = Path(__file__).resolve().parents[2] / "eval" / "matrix.jsonl"


def test_the_key_accepts_what_stands_beside_eight_of_ten(built: Matrix) -> None:
    score = score_matrix(matrix_record(built), read_key(KEY, "starter"))
    assert score.present == tuple(range(1, 11))
    assert len(score.accepted) >= 8
    assert score.precision >= 0.4


def test_all_ten_rows_stand_in_order_and_are_cited(built: Matrix) -> None:
    assert [row.number for row in built.rows] == list(range(1, 11))
    for row in built.rows:
        assert [citation.status for citation in row.citations] == ["verified"]
        assert not row.text[:1].isdigit()


def test_every_quote_stands_where_it_is_cited(built: Matrix, index: Index) -> None:
    for row in built.rows:
        for cell in row.cells:
            excerpt = cell.excerpt
            pages = [index.store.page(excerpt.document.id, span.page) for span in excerpt.spans]
            texts = [
                clean(page.text[span.start : span.end]).strip()
                for page, span in zip(pages, excerpt.spans, strict=True)
                if page is not None
            ]
            assert len(texts) == len(excerpt.spans)
            assert "".join(" ".join(texts).split()) == "".join(excerpt.quote.split())
            assert excerpt.pdf_page == excerpt.spans[0].page


def test_neither_the_report_nor_what_is_superseded_is_quoted(built: Matrix) -> None:
    quoted = {cell.excerpt.document for row in built.rows for cell in row.cells}
    assert built.report not in quoted
    assert {document.status for document in quoted} == {"current"}
    assert len(quoted) == 2


def test_a_row_is_diverse_and_the_likeliest_comes_first(built: Matrix) -> None:
    for row in built.rows:
        assert 0 < len(row.cells) <= MOST
        sure = [cell.confidence for cell in row.cells if cell.confidence is not None]
        assert len(sure) == len(row.cells)
        assert sure == sorted(sure, reverse=True)
        assert all(LEAST <= value <= 1 for value in sure)
        assert len({cell.excerpt.id for cell in row.cells}) == len(row.cells)
        documents = Counter(cell.excerpt.document.id for cell in row.cells)
        assert len(documents) == 1 or max(documents.values()) <= OF_ONE_DOCUMENT + 1


def test_it_is_written_in_json_and_names_its_sources(built: Matrix, index: Index) -> None:
    record = json.loads(json.dumps(matrix_record(built)))
    assert record["index"] == index.summary.fingerprint
    assert record["report"]["file"] == "rra641-1_digest.pdf"
    files = {cell["file"] for row in record["rows"] for cell in row["cells"]}
    assert {source["file"] for source in record["sources"]} == files | {"rra641-1_digest.pdf"}


def test_nothing_likely_is_said_to_be_nothing(
    starter_workspace: Workspace, index: Index, tmp_path: Path
) -> None:
    """Without terms the words of most recommendations are too far from those of doctrine."""
    (tmp_path / OWN_TERMS).write_text("", encoding="utf-8")
    bare = Workspace(tmp_path).with_settings(starter_workspace.settings)
    rows = build_matrix(bare, index, most=1).rows
    assert [row.number for row in rows] == list(range(1, 11))
    assert all(len(row.cells) <= 1 for row in rows)
    assert any(not row.cells for row in rows)
