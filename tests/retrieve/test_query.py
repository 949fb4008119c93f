from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.words import content_words
from assistant.retrieve.query import Query, parse_question
from assistant.types import Document, Status


def paper(designation: str, year: int | None = None, status: Status = "current") -> Document:
    id_ = designation if year is None else f"{designation} {year}"
    edition = date(year, 5, 1) if year else None
    return Document(id_, f"{id_}.pdf", "", designation, "A title", edition=edition, status=status)


DOCUMENTS = [
    paper("ADP 3-0"),
    paper("FM 1"),
    paper("FM 1-02"),
    paper("JP 3-09"),
    paper("DoDD 5132.03"),
    paper("RR-A641-1"),
    paper("RR-A641-1 Digest"),
    paper("Ops Digest", 2026),
    paper("Ops Digest", 2019, "superseded"),
]
ACRONYMS = {"LSCO": "large-scale combat operations", "GCC": "geographic combatant commander"}


def parsed(question: str) -> Query:
    return parse_question(question, DOCUMENTS, ACRONYMS)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does ADP 3-0 say about depth?", ["ADP 3-0"]),
        ("ADP3-0 depth", ["ADP 3-0"]),
        ("adp 3-0 depth", ["ADP 3-0"]),
        ("ADP-3-0 depth", ["ADP 3-0"]),
        ("ADP 3–0 depth", ["ADP 3-0"]),  # an en dash, as word processors set it
        ("depth (ADP 3-0).", ["ADP 3-0"]),
        ("Army Doctrine Publication 3-0 on depth", ["ADP 3-0"]),
        ("Joint Publication 3-09 on depth", ["JP 3-09"]),
        ("DoD Directive 5132.03 on depth", ["DoDD 5132.03"]),
        ("dodd5132.03 on depth", ["DoDD 5132.03"]),
        ("FM 1 on depth", ["FM 1"]),
        ("FM 1-02 on depth", ["FM 1-02"]),
        ("ADP 3-07 on depth", []),
        ("ADP 3-0.1 on depth", []),
        ("BFM 1 on depth", []),
        ("RRA641-1 on depth", ["RR-A641-1 Digest", "RR-A641-1"]),
        ("the RR-A641-1 Digest on depth", ["RR-A641-1 Digest"]),
        ("ADP 3-0 against JP 3-09", ["ADP 3-0", "JP 3-09"]),
        ("ops digest on depth", ["Ops Digest 2026", "Ops Digest 2019"]),
        ("Ops Digest of 2019 on depth", ["Ops Digest 2019"]),
        ("Ops Digest (1 May 2026) on depth", ["Ops Digest 2026"]),
        ("Ops Digest of 1999 on depth", ["Ops Digest 2026", "Ops Digest 2019"]),
    ],
)
def test_documents_are_named_by_their_designation(question: str, names: list[str]) -> None:
    assert sorted(parsed(question).named) == sorted(names)


def test_a_name_is_taken_out_of_the_words_and_out_of_nothing_else() -> None:
    query = parsed("Is ADP 3-07 in ADP 3-0?")
    assert query.named == ("ADP 3-0",)
    assert set(query.words) == set(content_words("ADP 3-07"))


def test_a_designation_that_no_document_has_is_known_as_such() -> None:
    assert parsed("FM 3-24 para 2-5").unknown == "FM 3-24"
    assert parsed("Look it up in FM 3-24.").unknown == "FM 3-24"
    assert parsed("ADP 3-0 para 2-5").unknown is None


@pytest.mark.parametrize(
    ("question", "paragraph"),
    [
        ("ADP 3-0 para 2-14", "2-14"),
        ("ADP 3-0 para. 2-14?", "2-14"),
        ("ADP 3-0, paragraph 2-14.", "2-14"),
        ("Paragraph 2–14 of ADP 3-0", "2-14"),
        ("ADP 3-0 ¶ 2-14", "2-14"),
        ("ADP 3-0 2-14", "2-14"),
        ("2-14 of ADP 3-0", "2-14"),
        ("DoDD 5132.03 paragraph 1.2.a", "1.2.a"),
        ("DoDD 5132.03 para 1.2.a.(1)", "1.2.a"),
        ("DoDD 5132.03 para 1.2.a(1)", "1.2.a"),
        ("DoDD 5132.03 1.2.a.(1)", "1.2.a"),
        ("DoDD 5132.03 para G.2", "G.2"),
        ("DoDD 5132.03 para C9.7.4.1", "C9.7.4.1"),
        ("JP 3-09 para 2", "2"),
        ("JP 3-09 para 2.a", "2.a"),
        ("FM 1 para A-3", "A-3"),
        ("FM 1 para A-3 says what?", "A-3"),
        ("In ADP 3-0 the paragraph on tenets", None),
        ("ADP 3-0: which paragraph is about depth?", None),
        ("How does ADP 3-0 relate to JP 3-12?", None),  # of another document's name
        ("Does ADP 3-0 speak of soldiers aged 18-25?", None),
        ("ADP 3-0 page 2-14", None),
    ],
)
def test_paragraphs(question: str, paragraph: str | None) -> None:
    assert parsed(question).paragraph == paragraph


@pytest.mark.parametrize(
    ("question", "page", "pdf_page"),
    [
        ("ADP 3-0 p. 19", "19", None),
        ("ADP 3-0 p 19", "19", None),
        ("ADP 3-0 pg. 19", "19", None),
        ("ADP 3-0 Page 19", "19", None),
        ("JP 3-09 page IV-3", "IV-3", None),
        ("JP 3-09 Page iv-3", "iv-3", None),
        ("JP 3-09 page xii", "xii", None),
        ("JP 3-09 page GL-3", "GL-3", None),
        ("JP 3-09 page Glossary-3", "Glossary-3", None),
        ("Ops Digest page 3-1", "3-1", None),
        ("ADP 3-0 PDF page 7", None, 7),
        ("ADP 3-0 PDF p. 7", None, 7),
        ("page 7 of the PDF of ADP 3-0", None, 7),
        ("ADP 3-0 page civil affairs", None, None),
        ("ADP 3-0 PDF page 99999999999999999999", None, None),
    ],
)
def test_pages(question: str, page: str | None, pdf_page: int | None) -> None:
    query = parsed(question)
    assert (query.page, query.pdf_page) == (page, pdf_page)


def test_a_question_may_ask_for_nothing_but_a_place() -> None:
    assert parsed("ADP 3-0 para 2-14").only_place
    assert parsed("What does ADP 3-0 say in para 2-14?").only_place
    assert not parsed("What are the tenets in ADP 3-0 para 2-14?").only_place
    assert parsed("ADP 3-0 para 2-14").place == "paragraph 2-14"
    assert parsed("ADP 3-0 p. iv").place == "page iv"
    assert parsed("ADP 3-0 PDF page 4").place == "PDF page 4"
    assert parsed("tenets of ADP 3-0").place is None


def test_acronyms_are_spelled_out_and_either_form_meets_the_other() -> None:
    query = parsed("How do divisions fight in LSCO?")
    assert query.searched == "How do divisions fight in LSCO? (large-scale combat operations)"
    assert set(query.expansion) == set(content_words("large-scale combat operations"))
    assert dict(query.aliases)["lsco"] == tuple(content_words("large-scale combat operations"))


def test_an_acronym_that_the_question_explains_adds_nothing() -> None:
    query = parsed("What is a geographic combatant commander (GCC)?")
    assert query.searched == query.question
    assert query.expansion == ()


def test_plurals_of_acronyms_are_spelled_out_and_unknown_ones_are_not() -> None:
    assert "geographic combatant commander" in parsed("Which GCCs plan?").searched
    assert parsed("Which XYZs plan?").expansion == ()


ODD = [
    '"', '""', "*", "depth*", "NEAR", "NEAR(a b, 3)", "a OR", "OR", "AND NOT", "text:depth",
    "heading : depth", "^depth", "{a b}", "'; DROP TABLE passages; --", "(", "-", "a-b-", "%", "_",
    "<script>alert(1)</script>", "<b>Tenets</b> & depth", "Qu'est-ce que la profondeur ?",
    "什么是纵深？", "Что такое глубина?", "ما هو العمق", "गहराई क्या है", "ความลึกคืออะไร",
    "🪖🚁 depth?", "🪖", "²³¼", "İstanbul ß ﬁ", "a\u0301\u0302", "\ud83d half", "nul\0byte",
    "para", "page", "ADP 3-0 para", "ADP 3-0 para (((", "ADP 3-0 page -", "para " + "1." * 500,
    "ADP 3-0 " * 200,
]  # fmt: skip


@pytest.mark.parametrize("question", ODD)
def test_odd_questions_are_taken_apart(question: str) -> None:
    query = parsed(question)
    query.searched.encode("utf-8")


@given(st.text(max_size=200))
def test_any_text_is_taken_apart(question: str) -> None:
    query = parsed(question)
    query.searched.encode("utf-8")
    assert len(set(query.words)) == len(query.words)
    assert set(query.named) <= {document.id for document in DOCUMENTS}
