"""A document is named by what it plainly says of itself, and by the manifest before that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.corpus.files import SourceFile
from assistant.corpus.frontmatter import first_date, read_front_matter
from assistant.corpus.identity import identify_document, settle_editions
from assistant.corpus.isolate import RawDocument
from assistant.corpus.manifest import Entry
from assistant.corpus.pdf import Line, RawPage
from assistant.types import Document

Rows = Sequence[tuple[str, float]]  # text, height


def page(number: int, rows: Rows) -> RawPage:
    text, lines = "", []
    for index, (row, height) in enumerate(rows):
        top = 760.0 - 20 * index
        lines.append(Line(len(text), len(text) + len(row), 72, top - height, 500, top, height, 0))
        text += row + "\r\n"
    return RawPage(number, 612, 792, text, tuple(lines))


def raw(*pages: Rows, title: str | None = None) -> RawDocument:
    read = tuple(page(number, rows) for number, rows in enumerate(pages, 1))
    return RawDocument(len(read), title, None, read)


def heads(document: RawDocument) -> frozenset[tuple[int, int]]:
    """The first line of each page taken as its running head."""
    return frozenset((p.number, 0) for p in document.pages)


def document(name: str, **values: object) -> Document:
    known = Document(name, f"{name}.pdf", "0" * 64, name, name)
    return replace(known, **values)  # type: ignore[arg-type]


def test_the_edition_is_the_date_that_heads_repeat_not_the_one_superseded() -> None:
    manual = raw(
        [("ADP 4-0, dated 31 July 2012", 10), ("SUSTAINMENT", 24)],
        [("1-2 ADP 4-0 31 July 2019", 9), ("text", 10)],
        [("31 July 2019 ADP 4-0 1-3", 9), ("text", 10)],
    )
    front = read_front_matter(manual, heads(manual), "scan")
    assert front.designation == "ADP 4-0"
    assert front.edition == date(2019, 7, 31)
    assert front.title == "SUSTAINMENT"


def test_a_date_that_the_text_merely_mentions_is_not_the_edition() -> None:
    memo = raw([("MEMORANDUM FOR RECORD", 12), ("As decided on 15 March 2001, units report.", 12)])
    assert read_front_matter(memo, frozenset(), "memo").edition is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Effective: December 29, 2016", date(2016, 12, 29)),
        ("Updated April 10, 2026", date(2026, 4, 10)),
        ("3 MAY 2013", date(2013, 5, 3)),
        ("Signed before December 29, 2016, and after", None),
    ],
)
def test_a_date_of_its_own(line: str, expected: date | None) -> None:
    one = raw([("DOD DIRECTIVE 5132.03", 20), (line, 12)])
    assert read_front_matter(one, frozenset(), "x").edition == expected


@pytest.mark.parametrize(
    ("lines", "stem", "expected"),
    [
        (["DOD DIRECTIVE 5132.03"], "scan", "DoDD 5132.03"),
        (["Department of Defense", "INSTRUCTION", "NUMBER 1015.13"], "scan", "DoDI 1015.13"),
        (["In DoD Directive 2140.2 we find", "text"], "DSCA_05-44", "DSCA 05-44"),
        (["text"], "CRS_IF10491.14", "CRS IF10491"),
        (["text"], "JP_3-09_10April2019", "JP 3-09"),
        (["Nothing that names it"], "holiday plans", None),
    ],
)
def test_the_designation(lines: list[str], stem: str, expected: str | None) -> None:
    one = raw([(line, 12) for line in lines])
    assert read_front_matter(one, frozenset(), stem).designation == expected


@pytest.mark.parametrize(
    ("metadata", "rows", "expected"),
    [
        ("JP 3-09, Joint Fire Support, 10 April 2019", [("x", 9)], "Joint Fire Support"),
        (
            'DoDI 5200.39, "Critical Program Information"',
            [("x", 9)],
            "Critical Program Information",
        ),
        (
            "Microsoft Word - final2.doc",
            [("SUBJECT: Case Closure Notes", 12)],
            "Case Closure Notes",
        ),
        (None, [("J2:<~ J es A. McQ", 30), ("plain words of text", 10)], "plain words of text"),
        (None, [("HEADQUARTERS, DEPARTMENT OF THE ARMY", 30), ("FIRES", 20)], "FIRES"),
    ],
)
def test_the_title(metadata: str | None, rows: Rows, expected: str) -> None:
    assert read_front_matter(raw(rows, title=metadata), frozenset(), "x").title == expected


def test_supersession_and_distribution_are_read() -> None:
    one = raw(
        [
            ("This publication supersedes ADP 3-0, dated 31 July 2019.", 10),
            ("DISTRIBUTION RESTRICTION: Approved for public release; unlimited.", 10),
        ]
    )
    front = read_front_matter(one, frozenset(), "x")
    assert front.supersedes == ("ADP 3-0, dated 31 July 2019",)
    assert front.distribution == "Approved for public release; unlimited"


def test_the_manifest_comes_before_the_document() -> None:
    one = raw([("DOD DIRECTIVE 5132.03", 20)])
    source = SourceFile("a/b.pdf", Path("a/b.pdf"), "0" * 64)
    entry = Entry(file="a/b.pdf", designation="Mine", title="My title", edition=date(2020, 1, 2))
    found = identify_document(source, one, frozenset(), entry)
    assert (found.designation, found.title, found.edition) == ("Mine", "My title", date(2020, 1, 2))
    plain = identify_document(source, one, frozenset(), None)
    assert plain.designation == "DoDD 5132.03"
    assert plain.id == found.id


class TestSettling:
    old = document("ADP 3-0", edition=date(2019, 7, 31))
    new = replace(
        document("ADP 3-0", edition=date(2025, 3, 21)),
        id="new",
        file="new.pdf",
        supersedes=("ADP 3-0, dated 31 July 2019",),
    )

    def test_the_edition_that_is_named_with_its_date_is_superseded(self) -> None:
        old, new = settle_editions([self.old, self.new])
        assert (old.status, old.superseded_by) == ("superseded", "ADP 3-0")
        assert new.status == "current"

    def test_another_edition_of_the_same_name_is_not(self) -> None:
        other = replace(self.old, edition=date(2017, 10, 6))
        assert settle_editions([other, self.new])[0].status == "current"

    def test_another_designation_that_begins_alike_is_not(self) -> None:
        other = document("ADP 3-07", edition=date(2019, 7, 31))
        assert settle_editions([other, self.new])[0].status == "current"

    def test_what_the_manifest_states_is_not_overruled(self) -> None:
        stated = frozenset({self.old.file})
        assert settle_editions([self.old, self.new], stated)[0].status == "current"


def test_impossible_dates_are_no_dates() -> None:
    assert first_date("on 31 February 2020") is None
    assert first_date("31 February 2020, then 1 March 2020") == date(2020, 3, 1)
