"""The starter corpus is laid out like doctrine; every feature of its layout is read right."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.types import Passage
from tests.conftest import ROOT
from tests.corpus.checks import Read
from tests.corpus.drawing import read_pdf

OPS = "operations_multinational_digest"
OPS_2019 = "operations_multinational_digest_2019"
POLICY = "security_cooperation_policy_digest"
REPORT = "rra641-1_digest"


@cache
def starter(name: str) -> Read:
    return read_pdf(ROOT / "corpus" / f"{name}.pdf", capacity=200)


def on_page(read: Read, page: int, kind: str) -> list[Passage]:
    return [p for p in read.passages if p.kind == kind and p.spans[0].page == page]


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        (
            OPS,
            "- - i ii 1-1 1-2 1-3 - 2-1 2-2 3-1 3-2 4-1 4-2 5-1 5-2 5-3 - A-1 - Glossary-1 "
            "Glossary-2",
        ),
        (OPS_2019, "- i 1 2 3 4 5 6"),
        (POLICY, "- i 1 2 3 4 5 6 7 8 9 10 11 12"),
        (REPORT, "- i ii 1 2 3 4 5 6"),
    ],
)
def test_printed_pages(name: str, labels: str) -> None:
    read = starter(name).labels.values()
    assert [label or "-" for label in read] == labels.split()


@pytest.mark.parametrize("name", [OPS, OPS_2019, POLICY, REPORT])
def test_running_heads_are_no_text(name: str) -> None:
    read = starter(name)
    for passage in read.passages:
        if passage.spans[0].page > 2:
            assert "1 November 2026 Ops Digest" not in passage.text
            assert "SC Policy Digest, November 1, 2026" not in passage.text
            assert "intentionally left blank" not in passage.text


@pytest.mark.parametrize("name", [OPS, OPS_2019, POLICY, REPORT])
def test_headings_are_whole(name: str) -> None:
    read = starter(name)
    for heading in read.of_kind("heading"):
        assert heading[0].isupper() or heading[0].isdigit()
        assert heading[-1] not in ",;:" or heading.startswith("SECTION")
        assert len(heading) < 105
        assert ". " not in heading.replace("U.S. ", "").split(" ", 1)[-1]


@pytest.mark.parametrize(
    ("name", "page", "footnotes"),
    [(POLICY, 4, 1), (POLICY, 10, 2), (OPS, 10, 1), (OPS, 11, 1), (OPS, 15, 2), (OPS, 16, 1)],
)
def test_footnotes_stand_apart(name: str, page: int, footnotes: int) -> None:
    found = on_page(starter(name), page, "footnote")
    assert len(found) == footnotes
    assert all(passage.text[0].isdigit() for passage in found)


@pytest.mark.parametrize(
    ("name", "page", "first", "rows"),
    [
        (POLICY, 5, "Director, Defense Technology", 7),
        (POLICY, 11, "Major defense equipment", 4),
        (OPS, 9, "Movement and maneuver", 7),
        (OPS, 11, "Convergence", 5),
        (REPORT, 8, "2 ", 11),
    ],
)
def test_tables_are_rows(name: str, page: int, first: str, rows: int) -> None:
    read = starter(name)
    tables = on_page(read, page, "table")
    tables = [table for table in tables if "Figure" not in table.text]
    found = [part for table in tables for part in read.parts(table) if "Table " not in part[:6]]
    assert len(found) == rows
    assert any(row.startswith(first) for row in found)


def test_paragraphs_of_the_chapters() -> None:
    read = starter(OPS)
    labels = list(dict.fromkeys(p.paragraph for p in read.passages if p.paragraph))
    chapters = [(1, 30), (2, 17), (3, 18), (4, 16), (5, 26)]
    expected = [f"{chapter}-{n}" for chapter, last in chapters for n in range(1, last + 1)]
    assert labels == [*expected, "A-1"]


def test_paragraphs_of_the_issuance() -> None:
    read = starter(POLICY)
    labels = {p.paragraph for p in read.passages if p.paragraph}
    assert {"1.2.c", "1.3.h", "2.7", "3.3.e", "4.1.a", "4.9.b", "5.4.f", "6.3.d"} <= labels
    passage = read.passage_with("four uses")
    assert passage.paragraph == "1.2.c"
    assert passage.heading[0] == "SECTION 1: GENERAL INFORMATION"
    assert [part.kind for part in passage.parts].count("item") == 4


def test_a_list_runs_over_the_page() -> None:
    read = starter(OPS)
    holding = [p for p in read.passages if p.paragraph == "2-7"]
    assert {span.page for p in holding for span in p.spans} == {9, 10}
    items = [part for p in holding for part in p.parts if part.kind == "item"]
    assert len(items) >= 8
    assert all(p.lead_in for p in holding[1:] if p.parts[0].kind == "item")


def test_two_columns_are_read_one_after_the_other() -> None:
    read = starter(POLICY)
    headings = [p.heading[-1] for p in read.passages if p.spans[0].page == 12]
    order = ["Before design", "Request", "Execution", "Support and sharing"]
    assert [h for h in dict.fromkeys(headings) if h in order] == order


@pytest.mark.parametrize(
    ("name", "page", "entry"),
    [
        (OPS, 21, "ACSA acquisition and cross-servicing agreement"),
        (POLICY, 13, "CJCS Chairman of the Joint Chiefs of Staff"),
        (REPORT, 9, "Third country."),
    ],
)
def test_a_glossary_has_one_entry_a_part(name: str, page: int, entry: str) -> None:
    read = starter(name)
    entries = [part for p in on_page(read, page, "glossary") for part in read.parts(p)]
    assert sum(part.startswith(entry) for part in entries) == 1
    assert sum(len(part.split()) for part in entries) / len(entries) < 40


def test_the_figure_is_no_part_of_the_paragraph_before_it() -> None:
    figure = starter(POLICY).passage_with("How the country section sits")
    assert figure.kind == "table"
