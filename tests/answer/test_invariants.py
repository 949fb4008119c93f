"""What holds for every answer, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.answer.render import answer_text, cite
from assistant.errors import QuestionError
from assistant.types import Answer, Citation, Filters, Status
from assistant.workspace import Workspace
from tests.answer.papers import write_paper
from tests.retrieve.test_query import ODD

WORDS = (
    "what who when how many are is the list of define tenets combat power research questions "
    "recommendations security cooperation geographic combatant commander SC GCC ACSA FMS report "
    "RAND Ops Digest 2019 para page PDF 3-1 3-8 6.2.a 4 ii between alliance and coalition levels "
    "warfare purposes may not be table glossary edition superseded plan country days"
).split()
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)


def packed(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def check(answer: Answer, assistant: Assistant) -> None:
    assert answer.abstained == (not answer.statements) == (answer.reason is not None)
    assert 0.0 <= answer.confidence <= 1.0
    used = {number for statement in answer.statements for number in statement.citations}
    assert used == set(range(1, len(answer.citations) + 1))
    assert [citation.number for citation in answer.citations] == sorted(used)
    by_number = {citation.number: citation for citation in answer.citations}
    for citation in answer.citations:
        page = assistant.page(citation.document.file, citation.pdf_page)
        assert 0 <= citation.start < citation.end <= len(page.text)
        assert citation.printed_page == page.label
        assert citation.quote == citation.quote.strip() != ""
        assert (citation.status == "superseded") == (citation.document.status == "superseded")
        assert cite(citation)
    for statement in answer.statements:
        assert statement.text.strip()
        assert statement.citations
        quotes = packed("".join(by_number[n].quote for n in statement.citations))
        position = 0
        for line in statement.text.splitlines():
            found = quotes.find(packed(line), position)
            assert found >= 0
            position = found + len(packed(line))
    for one, other in combinations(answer.statements, 2):
        for a in one.citations:
            for b in other.citations:
                assert not overlap(by_number[a], by_number[b])
    assert answer_text(answer)


def overlap(a: Citation, b: Citation) -> bool:
    same = (a.document.id, a.pdf_page) == (b.document.id, b.pdf_page)
    return same and a.start < b.end and b.start < a.end


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=QUESTIONS, status=st.sampled_from([(), ("current",), ("superseded",)]))
def test_of_every_answer(starter: Assistant, question: str, status: tuple[Status, ...]) -> None:
    answer = starter.ask(question, Filters(statuses=status))
    check(answer, starter)
    if status:
        assert {hit.document.status for hit in answer.hits} <= set(status)
        assert {citation.document.status for citation in answer.citations} <= set(status)


@pytest.mark.parametrize("question", ODD)
def test_of_odd_questions(guide: Assistant, question: str) -> None:
    try:
        answer = guide.ask(question)
    except QuestionError as error:
        assert len(str(error)) < 120
        return
    check(answer, guide)


@pytest.fixture
def wordy(tmp_path: Path) -> Iterator[Workspace]:
    from assistant.index.builder import build_index
    from assistant.workspace import create_workspace

    workspace = create_workspace(tmp_path / "wordy", empty=True)
    lines = [
        f"1-{n}. Rule {n} says that crew {n} cleans the deck. Nobody is exempt."
        for n in range(1, 30)
    ]
    write_paper(
        workspace.corpus / "rules.pdf",
        ["# Rules\n" + "\n\n".join(lines[:14]), "\n\n".join(lines[14:])],
    )
    build_index(workspace)
    yield workspace


def test_a_long_page_is_quoted_in_part_and_says_so(wordy: Workspace) -> None:
    assistant = Assistant.open(wordy)
    answer = assistant.ask("PDF page 2", Filters(files=("rules.pdf",)))
    check(answer, assistant)
    assert len(answer.statements) == 2 * wordy.settings.answer.max_statements
    assert answer.statements[0].text.startswith("Rule 15 says")
    assert "More stands there than is quoted here." in answer.notes
