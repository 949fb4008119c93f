"""Questions on the starter corpus: where the answer stands, and that every quote is the page's."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from assistant.answer.assistant import Assistant
from assistant.corpus.clean import clean
from assistant.types import Answer, Filters
from assistant.workspace import Workspace

RAND = "rra641-1_digest.pdf"
POLICY = "security_cooperation_policy_digest.pdf"
OPS = "operations_multinational_digest.pdf"
OPS_2019 = "operations_multinational_digest_2019.pdf"

# Question, file, PDF page, printed page.
QUESTIONS = [
    ("Who sponsored RAND report RR-A641-1, and which program carried it out?", RAND, 3, "ii"),
    ("What are the four research questions of the report?", RAND, 4, "1"),
    (
        "In which four areas does RAND find that more systematic mechanisms could improve "
        "multinational operations?",
        RAND,
        6,
        "3",
    ),
    ("What does RAND recommend about a standing planning cell with allies?", RAND, 7, "4"),
    ("List RAND's ten recommendations in order.", RAND, 7, "4"),
    ("Does a RAND recommendation state Army policy?", RAND, 3, "ii"),
    ("For what four purposes is security cooperation used?", POLICY, 3, "1"),
    ("How does security assistance differ from security cooperation?", POLICY, 3, "1"),
    ("What are the SC responsibilities of a geographic combatant commander?", POLICY, 6, "4"),
    (
        "By when must human rights training for a Section 333 unit be finished?",
        POLICY,
        8,
        "6",
    ),
    (
        "Within how many days must an implementing agency return price and availability data?",
        POLICY,
        9,
        "7",
    ),
    ("What may not be transferred under an ACSA?", POLICY, 10, "8"),
    ("What are the Congressional notification thresholds for Australia?", POLICY, 11, "9"),
    (
        "When may a U.S. document that contains foreign government information be declassified?",
        POLICY,
        12,
        "10",
    ),
    ("What are the tenets of multidomain operations?", OPS, 11, "3-1"),
    ("What are the four Army strategic roles?", OPS, 5, "1-1"),
    ("What are the five dynamics of combat power?", OPS, 10, "2-2"),
    ("What is the difference between an alliance and a coalition?", OPS, 7, "1-3"),
    (
        "What is a lead nation, and what is a role specialization nation, in multinational "
        "sustainment?",
        OPS,
        15,
        "5-1",
    ),
    (
        "How many levels of warfare did the 2019 edition have, and how many are there now?",
        OPS,
        19,
        "A-1",
    ),
    (
        "What must a plan for cyberspace operations with partners reckon with?",
        OPS,
        16,
        "5-2",
    ),
    ("Which eight elements of combat power did the superseded edition list?", OPS_2019, 6, "4"),
]
# Asked for their quotes only.
MORE = [
    "How many authors has the report?",
    "What are the key findings?",
    "Which countries did RAND study?",
    "What is security cooperation?",
    "What is an end-use monitoring visit?",
    "Who may approve a transfer to a third party?",
    "What does FGI mean?",
    "Define convergence.",
    "What are the imperatives of operations?",
    "What were the tenets of unified land operations?",
    "What is mission command?",
    "Ops Digest para 3-8",
    "Ops Digest page 3-1",
    "Ops Digest p. A-1",
    "SC Policy Digest para 6.2.a",
    "SC Policy Digest p. 4",
    "RR-A641-1 Digest PDF page 7",
    "RR-A641-1 Digest page 6",
]


@lru_cache(maxsize=64)
def page_text(path: Path, number: int) -> str:
    """The page as PDFium gives it, read anew."""
    document = pdfium.PdfDocument(path)
    try:
        return str(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def check_quotes(answer: Answer, corpus: Path) -> None:
    for citation in answer.citations:
        raw = page_text(corpus / citation.document.file, citation.pdf_page)
        assert 0 <= citation.start < citation.end <= len(raw)
        # A hyphen at a line's end is shown or not; PDFium has one character for it either way.
        assert letters(clean(raw[citation.start : citation.end])) == letters(citation.quote)
        assert letters(citation.quote)


@pytest.mark.parametrize(("question", "file", "page", "label"), QUESTIONS)
def test_the_page_with_the_answer_is_cited(
    starter: Assistant,
    starter_workspace: Workspace,
    question: str,
    file: str,
    page: int,
    label: str,
) -> None:
    answer = starter.ask(question)
    assert not answer.abstained, answer.reason
    cited = {(c.document.file, c.pdf_page, c.printed_page) for c in answer.citations}
    assert (file, page, label) in cited
    check_quotes(answer, starter_workspace.corpus)


@pytest.mark.parametrize("question", MORE)
def test_quotes_are_what_stands_on_the_page(
    starter: Assistant, starter_workspace: Workspace, question: str
) -> None:
    answer = starter.ask(question)
    assert answer.citations or answer.abstained
    check_quotes(answer, starter_workspace.corpus)


def test_a_paragraph_is_looked_up(starter: Assistant) -> None:
    answer = starter.ask("Ops Digest para 3-8")
    assert {c.paragraph for c in answer.citations} == {"3-8"}
    assert {c.document.file for c in answer.citations} == {OPS}
    assert answer.confidence > 0.9
    index = starter._current().index
    stored = [  # the paragraph, and the footnote that its mark stands for
        passage.text.removeprefix("3-8.")
        for passage in index.store.passages(answer.citations[0].document.id)
        if passage.paragraph == "3-8"
    ]
    assert len(stored) == 2
    said = letters(" ".join(statement.text for statement in answer.statements))
    assert said == letters(" ".join(stored))


def test_a_page_is_looked_up(starter: Assistant) -> None:
    answer = starter.ask("Ops Digest page 3-1")
    assert (OPS, 11) in {(c.document.file, c.pdf_page) for c in answer.citations}
    for statement in answer.statements:
        assert 11 in {answer.citations[n - 1].pdf_page for n in statement.citations}


def test_the_superseded_edition_is_cited_as_such(starter: Assistant) -> None:
    answer = starter.ask("What does the Ops Digest of 2019 say about combat power?")
    assert {c.document.file for c in answer.citations} == {OPS_2019}
    assert {c.status for c in answer.citations} == {"superseded"}
    assert any("superseded by Ops Digest, 1 November 2026" in note for note in answer.notes)


def test_only_the_superseded_edition_may_be_asked(starter: Assistant) -> None:
    answer = starter.ask("What are the tenets?", Filters(statuses=("superseded",)))
    assert {hit.document.file for hit in answer.hits} == {OPS_2019}


FAR_OFF = [
    "How do I bake sourdough bread?",
    "Who won the football world cup in 1998?",
    "What is the boiling point of mercury?",
    "Which guitar strings suit a beginner?",
]


@pytest.mark.parametrize("question", FAR_OFF)
def test_far_off_questions_are_not_answered(starter: Assistant, question: str) -> None:
    answer = starter.ask(question)
    assert answer.abstained
    assert (answer.statements, answer.citations, answer.notes) == ((), (), ())
    assert "do not say" in (answer.reason or "")
    assert answer.hits


NEAR_MISS = [
    "Ops Digest para 3-99",
    "SC Policy Digest para 9.9.z",
    "Ops Digest p. 77-1",
    "RR-A641-1 Digest PDF page 400",
    "FM 3-24 para 2-5",
]


@pytest.mark.parametrize("question", NEAR_MISS)
def test_a_place_that_is_not_there_is_not_made_up(starter: Assistant, question: str) -> None:
    answer = starter.ask(question)
    assert answer.abstained
    assert answer.confidence < 0.5
    assert "No text was found at" in (answer.reason or "") or "no document" in (answer.reason or "")
