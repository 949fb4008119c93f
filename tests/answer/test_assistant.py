from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.answer.confidence import SHIPPED_THRESHOLD, UNREAD
from assistant.config import override
from assistant.errors import DocumentError, IndexMissingError, QuestionError
from assistant.index.builder import build_index
from assistant.types import Answer, Filters
from assistant.workspace import Workspace, create_workspace
from tests.answer.papers import indexed, write_paper

ANSWERS = {
    "Who controls movement to the river?": "The crossing area commander controls movement",
    "What does the bridge company do at a crossing site?": "The bridge company does the following",
    "When does the training hall open?": "The training hall opens at seven",
    "Who approves requests for the hall?": "The camp warden approves every request",
    "FM 9-77 para 1-4": "A ferry carries one tank at a time.",
    "FM 9-77 para 1-5": "Recovery teams stand by",
    "FM 9-77 (2015) para 1-3": "Pontoon trains are held at corps",
    "What does smoke do to the bridge?": "Smoke hides the bridge from aircraft.",
}


def essence(answer: Answer) -> tuple[object, ...]:
    """All but the seconds."""
    return (answer.statements, answer.citations, answer.hits, answer.confidence, answer.notes)


@pytest.mark.parametrize(("question", "beginning"), ANSWERS.items())
def test_questions_are_answered(guide: Assistant, question: str, beginning: str) -> None:
    answer = guide.ask(question)
    assert not answer.abstained
    assert answer.statements[0].text.startswith(beginning)


def test_the_same_question_has_the_same_answer(guide: Assistant) -> None:
    for question in ANSWERS:
        assert essence(guide.ask(question)) == essence(guide.ask(question))


def test_two_builds_give_the_same_answers(guide_workspace: Workspace, tmp_path: Path) -> None:
    copy = Workspace.find(shutil.copytree(guide_workspace.root, tmp_path / "copy"))
    shutil.rmtree(copy.index)
    build_index(copy)
    first, second = Assistant.open(guide_workspace), Assistant.open(copy)
    for question in ANSWERS:
        assert essence(first.ask(question)) == essence(second.ask(question))


def test_threads_get_their_own_answers(guide: Assistant) -> None:
    expected = {question: essence(guide.ask(question)) for question in ANSWERS}
    together = threading.Barrier(8)

    def ask(question: str) -> bool:
        together.wait(timeout=60)
        return all(essence(guide.ask(question)) == expected[question] for _ in range(5))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, ANSWERS))


def test_a_list_is_said_whole_with_both_pages(guide: Assistant) -> None:
    answer = guide.ask("What does the bridge company do at a crossing site?")
    assert answer.statements[0].text.count("•") == 3
    assert [c.pdf_page for c in answer.citations] == [1, 2]
    assert {c.paragraph for c in answer.citations} == {"1-3"}


def test_a_missing_paragraph_is_never_answered_with_another(guide: Assistant) -> None:
    answer = guide.ask("FM 9-77 para 1-8")
    assert answer.abstained
    assert answer.reason == "No text was found at paragraph 1-8 of FM 9-77 (1 May 2024)."
    answer = guide.ask("What does FM 9-77 para 1-8 say of who controls movement to the river?")
    assert answer.abstained or answer.notes[0] == (
        "No text was found at paragraph 1-8 of FM 9-77 (1 May 2024). What follows stands elsewhere."
    )


def test_a_named_document_that_was_not_chosen(guide: Assistant) -> None:
    answer = guide.ask("FM 9-77 para 1-4", Filters(files=("memo.pdf",)))
    assert answer.abstained
    assert answer.reason == "The document that the question names is not among those chosen."


def test_filters_that_leave_nothing(guide: Assistant) -> None:
    answer = guide.ask("Who controls movement to the river?", Filters(statuses=("draft",)))
    assert answer.abstained
    assert answer.reason == "No passage of the chosen documents bears on this question."
    assert answer.hits == ()


def test_a_page_without_text_is_not_a_sure_answer(tmp_path: Path) -> None:
    papers = {"a.pdf": ["# Purpose\nThis memorandum explains how staffs reserve the hall.", ""]}
    assistant = Assistant.open(indexed(tmp_path / "workspace", papers))
    answer = assistant.ask("PDF page 2", Filters(files=("a.pdf",)))
    assert answer.abstained
    assert answer.confidence < SHIPPED_THRESHOLD
    with pytest.raises(DocumentError, match="no text on PDF page 2"):
        assistant.page("a.pdf", 2)
    with pytest.raises(DocumentError):
        assistant.page("../a.pdf", 1)


@pytest.mark.parametrize("question", ["", "   ", "\0", "?!", "…", "🪖🚁"])
def test_a_question_without_words_is_refused(guide: Assistant, question: str) -> None:
    for ask in (guide.ask, guide.search):
        with pytest.raises(QuestionError, match="is empty"):
            ask(question)


def test_a_question_of_100_000_characters_is_refused(guide: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"has 99,999 characters; ask it in at most 2,000\."):
        guide.ask("word " * 20_000)


def test_the_question_is_kept_as_it_was_asked(guide: Assistant) -> None:
    answer = guide.ask("  Who controls\nmovement to\tthe \ud83d river? ")
    assert answer.question == "Who controls movement to the ? river?"


def test_without_an_index_there_is_no_assistant(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        Assistant.open(create_workspace(tmp_path / "new", empty=True))


def test_a_rebuilt_index_is_used_while_serving(guide_workspace: Workspace, tmp_path: Path) -> None:
    workspace = Workspace.find(shutil.copytree(guide_workspace.root, tmp_path / "copy"))
    assistant = Assistant.open(workspace)
    before = assistant.ask("When does the training hall open?")
    stop = threading.Event()

    def keep_asking() -> list[Answer]:
        answers = []
        while not stop.is_set():
            answers.append(assistant.ask("When does the training hall open?"))
            time.sleep(0.01)
        return answers

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(keep_asking) for _ in range(4)]
        try:
            memo = "# Hours\nThe training hall opens at five and closes at noon on working days."
            write_paper(workspace.corpus / "memo.pdf", [memo])
            build_index(workspace)
        finally:
            time.sleep(0.5)
            stop.set()
        answers = [answer for future in asked for answer in future.result()]
    after = assistant.ask("When does the training hall open?")
    assert after.statements[0].text.startswith("The training hall opens at five")
    assert after.index != before.index
    for answer in answers:  # each is wholly of one index
        opens = "seven" if answer.index == before.index else "five"
        assert f"opens at {opens}" in answer.statements[0].text
        assert f"opens at {opens}" in answer.citations[0].quote


def test_without_reading_again_questions_are_still_answered(guide: Assistant) -> None:
    settings = override(guide.workspace.settings, {"retrieve.read_again": 0})
    answer = guide.with_settings(settings).ask("What does the bridge company do at a crossing?")
    assert answer.evidence["weakest"] == UNREAD
    assert answer.statements and answer.citations
