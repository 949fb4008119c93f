"""Excerpts of the starter corpus, found in every way."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.errors import DocumentError, QuestionError
from assistant.excerpts.query import MODES, ORDERS, ExcerptQuery
from assistant.index.folding import folded
from assistant.index.reader import Index, open_index
from assistant.index.words import search_words
from assistant.types import Excerpt, Filters
from assistant.workspace import Workspace

EVERYTHING = 100_000


@pytest.fixture(scope="module")
def index(starter_workspace: Workspace) -> Index:
    return open_index(starter_workspace)


def find(starter: Assistant, text: str, **how: object) -> tuple[Excerpt, ...]:
    return starter.excerpts(ExcerptQuery(text, **how), EVERYTHING).excerpts  # type: ignore[arg-type]


def pages_of(excerpts: tuple[Excerpt, ...]) -> set[tuple[str, int]]:
    return {(e.document.id, span.page) for e in excerpts for span in e.spans}


@pytest.mark.parametrize(
    "phrase", ["security cooperation", "highly capable allies", "the", "Army", "U.S.", "1", "is"]
)
def test_a_phrase_is_found_on_every_page_that_holds_it(
    starter: Assistant, index: Index, phrase: str
) -> None:
    found = pages_of(find(starter, phrase, mode="phrase", grouped=False))
    held = {
        (document, page.number)
        for document in index.documents
        for page in index.store.pages(document)
        if folded(phrase) in folded(page.text)
    }
    assert held and held <= found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_words_of_a_page_are_found_there(
    starter: Assistant, index: Index, data: st.DataObject
) -> None:
    document = data.draw(st.sampled_from(sorted(index.documents)))
    page = data.draw(st.sampled_from(index.store.pages(document)))
    words = page.text.split()
    start = data.draw(st.integers(0, max(0, len(words) - 2)))
    phrase = " ".join(words[start : start + data.draw(st.integers(1, 9))])
    if not any(map(str.isalnum, phrase)):
        return
    excerpts = find(starter, phrase, mode="phrase", grouped=False)
    here = [e for e in excerpts if (document, page.number) in pages_of((e,))]
    assert here
    quotes = [folded(e.quote) for e in here]
    assert any(folded(phrase) in quote for quote in quotes) or len(words) > 1


def test_quotation_marks_make_a_phrase_and_its_words_are_marked(starter: Assistant) -> None:
    found = starter.excerpts(ExcerptQuery("“Security  Cooperation”"))
    assert found.mode == "phrase"
    assert found.total >= len(found.excerpts) > 5
    for excerpt in found.excerpts:
        assert excerpt.matches
        for start, end in excerpt.matches:
            assert folded(excerpt.quote[start:end]) == "security cooperation"


def test_all_words_stand_in_each_sentence(starter: Assistant) -> None:
    excerpts = find(starter, "allies exercises", mode="words")
    assert excerpts
    for excerpt in excerpts:
        assert set(search_words("allies exercises")) <= set(search_words(excerpt.quote))
        assert excerpt.matches


def test_a_question_finds_what_answers_it(starter: Assistant) -> None:
    question = "What does the report recommend about classification requirements?"
    found = starter.excerpts(ExcerptQuery(question), 5)
    assert found.mode == "question"
    assert any("classification" in excerpt.quote.lower() for excerpt in found.excerpts)


def test_a_place_is_looked_up(starter: Assistant) -> None:
    found = starter.excerpts(ExcerptQuery("DoDD 5132.03 digest, paragraph 2.7"))
    assert found.mode in ("place", "question")
    exact = starter.excerpts(ExcerptQuery("RR-A641-1 PDF page 7", mode="place"))
    assert exact.mode == "place" and all(7 in {s.page for s in e.spans} for e in exact.excerpts)


def test_an_excerpt_is_the_text_at_its_place_and_is_found_by_its_id(
    starter: Assistant, index: Index
) -> None:
    for excerpt in find(starter, "Army", mode="words")[:40]:
        again = starter.excerpt(excerpt.id)
        assert (again.quote, again.spans) == (excerpt.quote, excerpt.spans)
        text = "".join(
            index.store.page(excerpt.document.id, s.page).text[s.start : s.end]  # type: ignore[union-attr]
            for s in excerpt.spans
        )
        assert folded(text).replace(" ", "") == folded(excerpt.quote).replace(" ", "")


@pytest.mark.parametrize(
    "name",
    ["", "x", "0123456789abcdef:1.0-9", "../../etc/passwd:1.0-9", "0:0.0-0", ":", "a" * 9999],
)
def test_a_place_that_is_not_there_is_said_so(starter: Assistant, name: str) -> None:
    with pytest.raises(DocumentError, match="no such place"):
        starter.excerpt(name)


def test_ranges_beyond_the_page_are_refused(starter: Assistant) -> None:
    document = starter.documents()[0].id
    for place in ("1.0-99999999", "999.0-5", "1.5-5", "1.9-2"):
        with pytest.raises(DocumentError):
            starter.excerpt(f"{document}:{place}")


def test_widening_and_narrowing_stay_within_the_heading(starter: Assistant) -> None:
    for excerpt in find(starter, "Army", mode="words")[:40]:
        wide = starter.widened(excerpt, 1, 1)
        assert folded(excerpt.quote) in folded(wide.quote)
        assert wide.heading == excerpt.heading
        assert starter.widened(excerpt, 0, 0).id == excerpt.id
        small = starter.widened(wide, -50, -50)
        assert small.quote and folded(small.quote) in folded(wide.quote)


def test_wider_excerpts_are_asked_for_at_once(starter: Assistant) -> None:
    narrow = find(starter, '"highly capable allies"', grouped=False)
    wide = find(starter, '"highly capable allies"', grouped=False, before=1, after=1)
    assert sum(len(e.quote) for e in wide) > sum(len(e.quote) for e in narrow)


def test_filters_and_ranges_leave_out_everything_else(starter: Assistant) -> None:
    file = next(d.file for d in starter.documents() if d.status == "superseded")
    for how, holds in (
        ({"filters": Filters(files=(file,))}, lambda e: e.document.file == file),
        ({"filters": Filters(statuses=("superseded",))}, lambda e: e.document.file == file),
        (
            {"filters": Filters(until=date(2020, 1, 1))},
            lambda e: e.document.edition < date(2020, 1, 1),
        ),
        (
            {"filters": Filters(since=date(2025, 1, 1))},
            lambda e: e.document.edition >= date(2025, 1, 1),
        ),
        ({"pages": (3, 4)}, lambda e: e.pdf_page in (3, 4)),
    ):
        excerpts = find(starter, "Army", mode="words", grouped=False, **how)
        assert excerpts and all(map(holds, excerpts)), how


def test_paragraphs_are_counted_and_not_spelled(starter: Assistant) -> None:
    files = Filters(files=("security_cooperation_policy_digest.pdf",))
    chosen = find(starter, '"SC"', grouped=False, paragraphs=("1.3", "2.7"), filters=files)
    labels = {e.paragraph for e in chosen}
    assert "2.7" in labels and any(label and label.startswith("1.3.") for label in labels)
    for label in labels:
        assert label and (1, 3) <= tuple(map(int, label.split(".")[:2])) <= (2, 7)


@pytest.mark.parametrize("order", ORDERS)
def test_orders(starter: Assistant, order: str) -> None:
    excerpts = find(starter, "Army", mode="words", grouped=False, order=order)
    if order == "document":
        places = [(e.document.file, e.pdf_page) for e in excerpts]
        assert places == sorted(places)
    elif order == "date":
        days = [e.document.edition or date.min for e in excerpts]
        assert days == sorted(days, reverse=True)
    else:
        scores = [e.score for e in excerpts]
        assert scores == sorted(scores, reverse=True)


def test_what_two_editions_say_alike_is_one_excerpt_of_the_one_in_force(starter: Assistant) -> None:
    text = '"the other sources"'
    grouped, each = find(starter, text), find(starter, text, grouped=False)
    repeated = [e for e in grouped if e.repeats]
    assert repeated and len(grouped) < len(each)
    for excerpt in repeated:
        assert excerpt.document.status == "current"
        for repeat in excerpt.repeats:
            assert repeat.document.id != excerpt.document.id
            assert folded(repeat.quote) == folded(excerpt.quote)
    kept = Counter(e.id for e in grouped) + Counter(r.id for e in grouped for r in e.repeats)
    assert kept == Counter(e.id for e in each)


def test_pages_of_results_fit_together(starter: Assistant) -> None:
    query = ExcerptQuery('"the"')
    whole = starter.excerpts(query, EVERYTHING)
    parts = [starter.excerpts(query, 50, offset) for offset in range(0, whole.total, 50)]
    assert [e.id for part in parts for e in part.excerpts] == [e.id for e in whole.excerpts]
    assert {part.total for part in parts} == {whole.total}
    assert starter.excerpts(query, 50, whole.total).excerpts == ()


@pytest.mark.parametrize("text", ["", "   ", "—", '""', "\0"])
@pytest.mark.parametrize("mode", MODES)
def test_nothing_to_search_for_is_said_so(starter: Assistant, text: str, mode: str) -> None:
    with pytest.raises(QuestionError):
        find(starter, text, mode=mode)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(text=st.text(max_size=40) | st.text('"*:^(){}+-. NEAR OR AND NOT\ud800', max_size=20))
@pytest.mark.parametrize("mode", ["words", "phrase", "auto"])
def test_anything_may_be_searched_for(starter: Assistant, mode: str, text: str) -> None:
    try:
        found = starter.excerpts(ExcerptQuery(text, mode=mode))  # type: ignore[arg-type]
    except QuestionError:
        return
    assert found.total >= len(found.excerpts)
