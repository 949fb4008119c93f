"""Citations: what is known is told, what is not leaves no trace."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.styles import STYLES, Style, chicago, doctrine, edition, plain
from assistant.types import Citation, Document, Excerpt, Span

ADP = Document(
    "d",
    "adp.pdf",
    "",
    "ADP 3-0",
    "Operations",
    publisher="Department of the Army",
    edition=date(2025, 3, 1),
    url="https://armypubs.example/adp3-0.pdf",
)
CITATION = Citation(1, ADP, "2-14", "19", 31, "Depth is a tenet.", 5, 22)
EXCERPT = Excerpt("d:31.5-22", ADP, (), "2-14", "19", 31, (Span(31, 5, 22),), "Depth is a tenet.")
DOUBLED = re.compile(r"\s\s|^\s|\s$|\s[,.;:)\]]|[(\[]\s|[,;:]\s*[,;:.]|\.\.|\(\)|\[\]|[(\[],")


@pytest.mark.parametrize("cited", [CITATION, EXCERPT], ids=["citation", "excerpt"])
def test_whole_citations(cited: Citation | Excerpt) -> None:
    assert doctrine(cited) == "ADP 3-0 (1 Mar 2025), para 2-14, p. 19"
    assert chicago(cited) == (
        "Department of the Army, Operations, ADP 3-0 (March 1, 2025), p. 19, para. 2-14, "
        "https://armypubs.example/adp3-0.pdf."
    )
    assert plain(cited) == (
        "Operations (ADP 3-0, 1 March 2025), page 19 (PDF page 31), paragraph 2-14"
    )


def test_the_least_that_can_be_known() -> None:
    bare = replace(EXCERPT, document=Document("d", "x/y.pdf", "", "y", "y"))
    bare = replace(bare, paragraph=None, printed_page=None)
    assert doctrine(bare) == "y, PDF p. 31"
    assert chicago(bare) == "y (n.d.), PDF p. 31."
    assert plain(bare) == "y, PDF page 31"


def test_a_document_without_any_name_is_called_by_its_file() -> None:
    nameless = replace(EXCERPT, document=Document("d", "x/y.pdf", "", " ", ""))
    assert doctrine(nameless) == "x/y.pdf, para 2-14, p. 19"
    assert plain(nameless) == "x/y.pdf, page 19 (PDF page 31), paragraph 2-14"


def test_what_superseded_it_is_told_in_plain_words() -> None:
    old = replace(ADP, status="superseded", superseded_by="ADP 3-0, 2026")
    cited = replace(EXCERPT, document=old)
    assert doctrine(cited).endswith(", p. 19 [superseded]")
    assert "para. 2-14 [superseded], https://" in chicago(cited)
    assert plain(cited).endswith("paragraph 2-14 [superseded by ADP 3-0, 2026]")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Operations.", "Operations, ADP 3-0"),
        ("Operations,", "Operations, ADP 3-0"),
        ("Partners of the U.S.", "Partners of the U.S., ADP 3-0"),
        ("What Is War?", "What Is War?, ADP 3-0"),
        ("adp 3-0", "Army, ADP 3-0 ("),
    ],
)
def test_a_title_and_the_comma_behind_it(title: str, shown: str) -> None:
    assert shown in chicago(replace(EXCERPT, document=replace(ADP, title=title)))


CHOICES = {
    "designation": ["ADP 3-0", "Operations", ""],
    "title": ["Operations", "Operations: A  Guide;", ""],
    "publisher": ["Department of the Army", "RAND Corp.", None, " "],
    "edition": [date(2025, 3, 1), None],
    "url": ["https://x.example/a.", None],
    "status": ["current", "superseded", "rescinded", "draft"],
    "superseded_by": ["ADP 3-0 (2026)", None],
}
PLACES = list(product(["2-14", "1.2.a.", None], ["iv", None, " "]))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("paragraph,printed", PLACES)
def test_whatever_is_missing(style: Style, paragraph: str | None, printed: str | None) -> None:
    for values in product(*CHOICES.values()):
        document = replace(ADP, **dict(zip(CHOICES, values, strict=True)))
        cited = replace(EXCERPT, document=document, paragraph=paragraph, printed_page=printed)
        text = STYLES[style](cited)
        assert "None" not in text
        assert not DOUBLED.search(text), text
        assert (printed or "").strip() in text if (printed or "").strip() else " 31" in text
        assert (paragraph or "").strip(".") in text
        assert (document.status in text) == (document.status != "current")


@given(st.data(), st.sampled_from(list(STYLES)))
def test_any_text_keeps_page_and_status(data: st.DataObject, style: Style) -> None:
    text = st.text(max_size=20)
    some = st.none() | text
    document = replace(
        ADP,
        designation=data.draw(text),
        title=data.draw(text),
        publisher=data.draw(some),
        edition=data.draw(st.none() | st.dates(date(1900, 1, 1))),
        url=data.draw(some),
        status=data.draw(st.sampled_from(["current", "superseded", "rescinded", "draft"])),
        superseded_by=data.draw(some),
    )
    printed = data.draw(some)
    cited = replace(EXCERPT, document=document, paragraph=data.draw(some), printed_page=printed)
    said = STYLES[style](cited)
    page = " ".join((printed or "").split()).rstrip(",;:. ")
    assert (page or " 31") in said
    assert said == " ".join(said.split())
    if document.status != "current":
        assert f"[{document.status}" in said


def test_an_edition_has_its_date() -> None:
    assert edition(ADP) == "ADP 3-0 (1 Mar 2025)"
    assert edition(replace(ADP, edition=None)) == "ADP 3-0"
