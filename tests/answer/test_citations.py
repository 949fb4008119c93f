from __future__ import annotations

import logging
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.answer.citations import Citer, Place, merged
from assistant.answer.units import UnitFinder
from assistant.corpus.clean import clean
from assistant.types import Hit, Span
from assistant.workspace import Workspace


@pytest.fixture
def damaged(guide_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy whose stored pages a test may change."""
    return Workspace.find(shutil.copytree(guide_workspace.root, tmp_path / "copy"))


def corrupt(workspace: Workspace, change: str, like: str) -> None:
    (store,) = workspace.index.glob("generation-*/store.sqlite")
    with sqlite3.connect(store) as database:
        changed = database.execute(
            f"UPDATE pages SET text = {change} WHERE text LIKE ?", (f"%{like}%",)
        )
        assert changed.rowcount > 0
    database.close()


@pytest.mark.parametrize(
    "change",
    [
        "replace(text, 'area commander', 'army commander')",  # other words, same length
        "'x' || text",  # everything one place further
        "substr(text, 1, 250)",  # the end is lost
    ],
)
def test_what_the_page_does_not_hold_is_dropped_and_logged(
    damaged: Workspace, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    corrupt(damaged, change, "area commander controls")
    assistant = Assistant.open(damaged)
    with caplog.at_level(logging.WARNING):
        answer = assistant.ask("FM 9-77 para 1-2")
    assert "does not verify" in caplog.text
    assert answer.abstained
    assert (answer.statements, answer.citations) == ((), ())


def test_a_page_that_lost_its_text_is_not_quoted(damaged: Workspace) -> None:
    corrupt(damaged, "''", "area commander controls")
    answer = Assistant.open(damaged).ask("FM 9-77 para 1-2")
    assert answer.abstained
    assert answer.reason == (
        "Nothing that can be quoted stands at paragraph 1-2 of FM 9-77 (1 May 2024)."
    )


def test_when_nothing_verifies_the_answer_says_so(damaged: Workspace) -> None:
    corrupt(damaged, "'x' || text", "a")
    answer = Assistant.open(damaged).ask("Who controls movement to the river?")
    assert answer.abstained
    assert answer.confidence == 0.0
    assert "does not agree with the stored pages" in (answer.reason or "")
    assert (answer.statements, answer.citations) == ((), ())


def test_a_statement_that_says_more_than_its_quote_is_dropped(guide: Assistant) -> None:
    index = guide._current().index
    passage = next(p for p in index.store.passages() if p.paragraph == "1-2")
    hit = Hit(passage, index.documents[passage.document_id], None, 1.0, 1)
    unit = UnitFinder(index.store).units([hit])[0]
    assert Citer(index.store).cite(unit) is not None
    assert Citer(index.store).cite(replace(unit, text=f"{unit.text} Or not.")) is None
    assert Citer(index.store).cite(replace(unit, spans=())) is None


def test_the_same_place_has_the_same_number(guide: Assistant) -> None:
    index = guide._current().index
    passage = next(p for p in index.store.passages() if p.paragraph == "1-2")
    hit = Hit(passage, index.documents[passage.document_id], None, 1.0, 1)
    first, second = UnitFinder(index.store).units([hit])
    citer = Citer(index.store)
    numbers = [citer.cite(unit) for unit in (first, second, first)]
    assert [s and s.citations for s in numbers] == [(1,), (2,), (1,)]
    assert [citation.number for citation in citer.citations] == [1, 2]


def test_a_sentence_over_a_page_break_has_two_citations(guide: Assistant) -> None:
    answer = guide.ask("FM 9-77 para 1-5")
    (statement,) = answer.statements
    assert statement.citations == (1, 2)
    assert [citation.pdf_page for citation in answer.citations] == [2, 3]
    said = " ".join(citation.quote for citation in answer.citations)
    assert said == statement.text


# --- Joining ----------------------------------------------------------------------------

PAGE = "First item.\n• Second item. [note] Third item.   Fourth"


def is_blank(page: int, start: int, end: int) -> bool:
    return not clean(PAGE[start:end]).strip(" •")


def places(*spans: tuple[int, int, int], paragraph: str | None = "1-1") -> list[Place]:
    return [Place(Span(*span), paragraph) for span in spans]


def test_neighbours_are_joined_over_blanks_and_bullets() -> None:
    assert merged(places((1, 0, 11), (1, 14, 26)), is_blank) == places((1, 0, 26))


def test_neighbours_are_not_joined_over_words_pages_or_paragraphs() -> None:
    over_words = places((1, 14, 26), (1, 34, 45))
    assert merged(over_words, is_blank) == over_words
    over_pages = places((1, 0, 11), (2, 14, 26))
    assert merged(over_pages, is_blank) == over_pages
    over_paragraphs = [*places((1, 0, 11)), *places((1, 14, 26), paragraph="1-2")]
    assert merged(over_paragraphs, is_blank) == over_paragraphs


def test_what_stands_earlier_is_not_joined() -> None:
    backwards = places((1, 14, 26), (1, 0, 11))
    assert merged(backwards, is_blank) == backwards


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, len(PAGE) - 2)), max_size=8))
def test_joining_neither_loses_nor_adds_words(starts: list[tuple[int, int]]) -> None:
    spans = places(*((1, start, min(len(PAGE), start + 1 + size)) for size, start in starts))
    joined = merged(spans, is_blank)

    def shown(places_: list[Place]) -> str:
        texts = (clean(PAGE[p.span.start : p.span.end]) for p in places_)
        return "".join(c for text in texts for c in text if c.isalnum())

    assert shown(joined) == shown(spans)
