"""The network that reads a statement beside the text that it cites."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.claims.crossreader import CAPACITY, CrossReader, packaged, text_of

HEADING = ("Chapter 4", "4.2. Exchange officers")
PASSAGE = (
    "The gaining unit rates an exchange officer once a year. The sending army pays the officer's\n"
    "salary for at most 24 months; travel is paid by the host. A tour may not be extended before\n"
    "both armies have agreed in writing."
)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The sending army pays the salary.", "The host pays the salary."),
        ("Travel is paid by the host.", "Travel is paid by the sending army."),
        (
            "The gaining unit rates the officer annually.",
            "The sending army rates the officer annually.",
        ),
        (
            "Both armies must agree in writing before a tour is extended.",
            "A tour may be extended before both armies have agreed in writing.",
        ),
        ("The salary is paid for up to two years.", "The salary is paid for at least two years."),
        ("An exchange officer is rated every year.", "An exchange officer is rated every month."),
    ],
)
def test_what_is_turned_round_is_less_supported(true: str, false: str) -> None:
    text = text_of(HEADING, PASSAGE)
    assert packaged().read(true, text).unsupported < packaged().read(false, text).unsupported


def test_what_is_wrong_in_a_statement_is_pointed_at() -> None:
    statement = "The gaining unit rates an exchange officer once a month."
    verdict = packaged().read(statement, text_of(HEADING, PASSAGE))
    start, end = verdict.offsets[verdict.faults.argmax()]
    assert statement[start:end] == "month"


def test_the_text_is_read_behind_its_headings_on_one_line() -> None:
    assert text_of(("A", "B", "C"), "d\n e") == "B. C. d e"
    assert text_of((), "d") == "d"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_statement_and_text_can_be_read(statement: str, text: str) -> None:
    verdict = packaged().read(statement, text)
    assert abs(verdict.unsupported) < 100
    assert len(verdict.offsets) == len(verdict.faults)
    assert all(0 <= start < end <= len(statement) for start, end in verdict.offsets)


@pytest.mark.parametrize(("statement", "text"), [("word " * 2000, "a"), ("a", "word " * 2000)])
def test_what_is_too_long_is_cut(statement: str, text: str) -> None:
    assert len(packaged().read(statement, text).faults) < CAPACITY
    packaged().read(statement, statement)


def test_threads_share_one_reader() -> None:
    reader = CrossReader()
    text = text_of(HEADING, PASSAGE)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda _: reader.read("The host pays travel.", text).unsupported, range(16)
        )
    assert len({round(value, 4) for value in found}) == 1


def test_threads_with_short_and_long_statements_do_not_disturb_each_other() -> None:
    reader, text = CrossReader(), text_of(HEADING, PASSAGE)
    statements = ["The host pays travel.", "The sending army pays the salary. " * 60]
    alone = [len(reader.read(statement, text).faults) for statement in statements]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda n: len(reader.read(statements[n % 2], text).faults), range(64))
        )
    assert found == alone * 32
