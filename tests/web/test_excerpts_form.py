"""The form of the Excerpts tab: what its fields ask for, and what they offer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.errors import UsageError
from assistant.excerpts.query import ExcerptQuery
from assistant.types import Filters
from assistant.web.excerpt_fields import UNMARKED, asked, choices
from tests.web.fakes import document

EMPTY: dict[str, Any] = {
    "text": "joint force",
    "mode": "auto",
    "files": [],
    "publishers": None,
    "statuses": [],
    "markings": [],
    "since": "",
    "until": None,
    "first_page": "",
    "last_page": None,
    "first_paragraph": "",
    "last_paragraph": "",
    "order": "relevance",
    "grouped": True,
}


def query(**fields: Any) -> ExcerptQuery:
    return asked(**{**EMPTY, **fields})


def test_an_empty_form_restricts_nothing() -> None:
    assert query() == ExcerptQuery("joint force")
    assert query(mode="rubbish", order=None).mode == "auto"


def test_every_field_is_asked_for() -> None:
    found = query(
        mode="phrase",
        files=["a.pdf"],
        publishers=["Army"],
        statuses=["draft"],
        markings=[""],
        since="2020",
        until="2024-02",
        first_page="3",
        last_page=" 12 ",
        first_paragraph="2-1",
        last_paragraph=" 2-20 ",
        order="date",
        grouped=False,
    )
    filters = Filters(("a.pdf",), ("draft",), ("Army",), ("",), date(2020, 1, 1), date(2024, 2, 29))
    expected = ExcerptQuery(
        "joint force", "phrase", filters, (3, 12), ("2-1", "2-20"), "date", grouped=False
    )
    assert found == expected


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        (" 2024-6-3 ", date(2024, 6, 3), date(2024, 6, 3)),
    ],
)
def test_a_year_or_month_is_meant_whole(written: str, first: date, last: date) -> None:
    assert query(since=written).filters.since == first
    assert query(until=written).filters.until == last


@pytest.mark.parametrize(
    "fields",
    [
        {"since": "yesterday"},
        {"until": "2024-13"},
        {"until": "2024-02-30"},
        {"since": "0000"},
        {"since": "2024", "until": "2023"},
        {"first_page": "-3"},
        {"first_page": "1e9"},
        {"last_page": "9" * 40},
        {"first_page": "9", "last_page": "3"},
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(fields: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"^[A-Z].+\.$"):
        query(**fields)


def test_half_a_range_is_open_at_the_other_end() -> None:
    assert query(last_page="7").pages == (1, 7)
    pages = query(first_page="7").pages
    assert pages is not None and pages[0] == 7 and pages[1] > 100_000
    assert query(first_paragraph="2-1").paragraphs == ("2-1", "")


def test_the_filters_offer_what_the_documents_have() -> None:
    known = [
        document("a.pdf", publisher="Navy", marking="CUI"),
        document("b.pdf", publisher="Army", status="superseded"),
        document("c.pdf", publisher=None),
    ]
    offered = choices(known)
    assert [file for _, file in offered.files] == ["a.pdf", "b.pdf", "c.pdf"]
    assert offered.publishers == [("Army", "Army"), ("Navy", "Navy")]
    assert offered.statuses == [("Current", "current"), ("Superseded", "superseded")]
    assert offered.markings == [(UNMARKED, ""), ("CUI", "CUI")]
