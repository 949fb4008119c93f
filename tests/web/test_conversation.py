"""What a reader sees of an answer, an abstention and an error."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.conversation.turns import Turn
from assistant.types import Filters, Progress, Statement
from assistant.web import labels
from assistant.web.cards import evidence, evidence_so_far
from assistant.web.conversation import REFUSED, conversation, unchecked, under_way
from assistant.web.panels import index_line
from tests.web.fakes import FakeSummary, answer, citation, document, hit
from tests.web.test_markup import Reader

SOURCE = document("adp.pdf", designation="ADP 3-0", title="Operations")
OLD = document(
    "old.pdf", designation="ADP 3-0", status="superseded", superseded_by="ADP 3-0 (2025)"
)


def read(*turns: Turn) -> Reader:
    return Reader(conversation(turns))


def test_each_statement_ends_with_buttons_for_its_citations() -> None:
    given = answer(
        "q",
        [Statement("First.", (1,)), Statement("Second.", (2, 1))],
        [citation(1, SOURCE), citation(2, SOURCE, printed_page=None)],
    )
    page = read(Turn(1, "q", answer=given))
    cites = [a for _, a in page.elements if a.get("class") == "cite"]
    assert [a["data-card"] for a in cites] == ["card-1-1", "card-1-2", "card-1-1"]
    assert "p. 19" in str(cites[0]["aria-label"]) and str(cites[0]["aria-label"]).startswith(
        "Citation 1: ADP 3-0"
    )
    assert "PDF p. 31" in str(cites[1]["aria-label"])
    assert "First. [1]" in page.text


def test_a_list_statement_becomes_a_list_with_its_lead_in() -> None:
    given = answer(
        "q", [Statement("It asks for:\n\u2022 one\n\u2022 two", (1,))], [citation(1, SOURCE)]
    )
    html = conversation([Turn(1, "q", answer=given)])
    assert "<p>It asks for:</p><ul><li>one</li><li>" in html
    assert "\u2022" not in Reader(html).text


def test_an_abstention_gives_its_reason_and_opens_the_nearest_passages() -> None:
    refused = answer("q", hits=[hit(1, SOURCE), hit(2, OLD)], abstained=True, reason="Not there.")
    turn = Turn(1, "q", answer=refused)
    page = read(turn)
    assert "No answer" in page.text and "Not there." in page.text
    assert "cite" not in conversation([turn]).split("data-copy")[0].split('class="foot"')[0]
    cards = Reader(evidence([turn]))
    assert "Nearest passages" in cards.text and "Superseded by ADP 3-0 (2025)" in cards.text
    assert cards.having("data-spans") == ["[[4, 0, 40]]"] * 2


def test_superseded_documents_are_flagged_wherever_they_are_cited() -> None:
    given = answer(
        "q",
        [Statement("S.", (1,))],
        [citation(1, OLD, status="superseded")],
        notes=("ADP 3-0 is superseded.",),
    )
    turn = Turn(1, "q", answer=given)
    page = read(turn)
    assert "ADP 3-0 is superseded." in page.text
    assert [a["class"] for _, a in page.elements if a.get("data-card")] == ["cite flagged"]
    assert "superseded" in str(next(x for x in page.having("aria-label") if x and "Cit" in x))
    assert 'class="card flagged"' in evidence([turn])


def test_only_the_last_answer_shows_its_evidence() -> None:
    given = answer("q", [Statement("S.", (1,))], [citation(1, SOURCE)])
    sets = Reader(evidence([Turn(1, "q", answer=given), Turn(2, "q", answer=given)]))
    shown = [a for _, a in sets.elements if a.get("class") == "set"]
    assert [(a["data-turn"], "hidden" in a) for a in shown] == [("1", True), ("2", False)]


def test_a_pasted_file_does_not_fill_the_chat() -> None:
    page = read(Turn(1, "x" * 100_000, error="Too long."))
    assert len(page.text) < REFUSED + 100 and "(100,000 characters)" in page.text


def test_a_question_that_waits_says_so() -> None:
    page = read(Turn(1, "q"))
    assert "Searching" in page.text and page.having("aria-busy") == ["true"]
    assert page.having("data-done") == ["0"] and page.having("data-count") == ["1"]


def test_the_index_line_says_what_is_indexed_and_from_when() -> None:
    summary = FakeSummary(built=datetime(2025, 3, 2, 8, 5, tzinfo=UTC), pages=3167, documents=1)
    line = Reader(index_line(summary)).text
    assert line == (
        "1 document \u00b7 3,167 pages \u00b7 321 passages \u00b7 indexed 2 Mar 2025 08:05"
        " \u00b7 index f00dfeed0011"
    )


@pytest.mark.parametrize(
    ("printed", "number", "name"),
    [("19", 31, "p. 19"), ("iv", 4, "p. iv"), (None, 31, "PDF p. 31")],
)
def test_pages_are_named_as_printed(printed: str | None, number: int, name: str) -> None:
    assert labels.page_name(printed, number) == name


def test_a_restricted_search_says_what_it_was_restricted_to() -> None:
    filters = Filters(files=("adp.pdf", "gone.pdf"), statuses=("current", "draft"))
    assert labels.scope(filters, (SOURCE,)) == (
        "ADP 3-0 (21 Mar 2025), gone.pdf; current or draft documents only"
    )
    assert labels.scope(Filters(), (SOURCE,)) is None
    assert labels.day(date(2025, 3, 1)) == "1 Mar 2025" and labels.day(None) == "no date"


def test_what_is_not_supported_cites_nothing_and_is_counted() -> None:
    flagged = Statement("They must.", (), supported=False, problem="no passage says so")
    given = answer(
        "q",
        [Statement("They may.", (1,)), flagged],
        [citation(1, SOURCE)],
        mode="generative",
        model="small-model",
        fallback="Read this first.",
        standalone="q, in full?",
    )
    page = read(Turn(1, "q", answer=given))
    assert "Not supported by the cited passages: no passage says so" in page.text
    assert "generative answer \u00b7 small-model \u00b7 1 unsupported statement" in page.text
    assert page.text.index("Read this first.") < page.text.index("They may.")
    assert "Searched for: q, in full?" in page.text
    assert "They must." not in str(page.having("data-copy"))
    assert [a["data-card"] for _, a in page.elements if "data-card" in a] == ["card-1-1"]


def test_only_the_last_turn_can_be_asked_again() -> None:
    given = answer("q", [Statement("S.", (1,))], [citation(1, SOURCE)], standalone="q, in full?")
    first, second = Turn(1, "q", answer=given), Turn(2, "q", answer=given)
    assert read(first).having("data-event") == ["input", "retry", "edit"]
    assert len(read(first, second).having("data-event")) == 3
    assert read(first, Turn(2, "q")).having("data-event") == []
    waiting = Reader(conversation([first], waiting=True))
    assert waiting.having("data-event") == [] and waiting.having("data-count") == ["2"]
    failed = read(Turn(1, "q", error="Stopped."))
    assert failed.having("data-event") == ["retry", "edit"]


def test_a_draft_is_plain_text_that_says_what_it_is() -> None:
    progress = Progress("q?", (Statement("S.", (1,)),), (citation(1, SOURCE),), "<b>and</b> [1]")
    turn = Turn(1, "q", progress=progress)
    written = Reader(unchecked(turn))
    assert written.text == "Being checked<b>and</b> [1]"
    assert {name for name, _ in written.elements} == {"div", "span", "p"}
    assert "S. [1]" in Reader(under_way(turn)).text
    assert unchecked(Turn(1, "q")) == "" == evidence_so_far(Turn(1, "q"))
    cards = Reader(evidence_so_far(turn))
    assert [("hidden" in a) for _, a in cards.elements if a.get("class") == "set"] == [True]
