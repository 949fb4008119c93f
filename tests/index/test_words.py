"""Search words, word search, acronyms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.index.acronyms import find_acronyms, spelled_phrases
from assistant.index.store import Store
from assistant.index.words import content_words, search_words, stem
from assistant.types import Page, Part, Passage, Span


def test_hyphenated_words_are_found_whole_and_in_parts() -> None:
    assert search_words("Self-defense") == [stem("selfdefense"), "self", stem("defense")]


def test_possessives_give_the_word_alone() -> None:
    assert stem("commander") in search_words("the commander's intent")


def test_stop_words_are_left_out_of_questions() -> None:
    assert content_words("What does the report say about the allies?") == [
        stem("report"),
        stem("allies"),
    ]


def passage(number: int, text: str, heading: str = "") -> Passage:
    parts = (Part("text", (Span(1, 0, 1),)),)
    return Passage(f"p{number}", "d", (heading,), None, "paragraph", parts, text, order=number)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store.sqlite", create=True)
    store.put_contents(
        [Page("d", 1, "iv", "x")],
        [
            passage(0, "Bridging equipment crosses the river."),
            passage(1, "Fuel is moved at night.", "River crossing"),
            passage(2, "Nothing of the kind is said here."),
        ],
    )
    store.commit()
    return store


def test_words_are_found_in_text_and_headings(store: Store) -> None:
    assert [id_ for id_, _ in store.search_words([stem("river")], 9)] == ["p0", "p1"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=60) | st.text('"*:^(){}+-. NEAR OR AND NOT', max_size=20))
def test_anything_may_be_searched_for(store: Store, text: str) -> None:
    store.search_words(search_words(text), 5)
    store.frequencies(search_words(text))


def test_a_better_match_scores_higher(store: Store) -> None:
    scores = dict(store.search_words([stem("bridging"), stem("river")], 9))
    assert scores["p0"] > scores["p1"] > 0


def test_frequencies_count_passages(store: Store) -> None:
    assert store.frequencies([stem("river"), "absent"]) == {stem("river"): 2, "absent": 0}


def test_a_printed_page_is_found_whatever_its_case(store: Store) -> None:
    assert store.page_of_label("d", "IV") == 1
    assert store.page_of_label("d", "v") is None


def test_neighbours_are_those_of_the_same_document(store: Store) -> None:
    (middle,) = store.passages_by_id(["p1"]).values()
    assert [p.id for p in store.neighbours(middle, 1, 1)] == ["p0", "p1", "p2"]


@pytest.mark.parametrize(
    ("text", "acronym", "long_form"),
    [
        (
            "The geographic combatant commander (GCC) decides.",
            "GCC",
            "geographic combatant commander",
        ),
        ("Two area denial systems (A2ADs) were seen.", "A2AD", None),
        ("the rules of engagement (ROE) apply", "ROE", "rules of engagement"),
        ("many brigade combat teams (BCTs) train", "BCT", "brigade combat teams"),
        ("see the table (OK)", "OK", None),
    ],
)
def test_explained_acronyms(text: str, acronym: str, long_form: str | None) -> None:
    assert find_acronyms([text]).get(acronym) == long_form


def test_the_commonest_explanation_wins() -> None:
    texts = ["the area of operations (AO) is"] * 2 + ["an action officer (AO) writes"]
    assert find_acronyms(texts)["AO"] == "area of operations"


def test_phrases_that_recur_spell_acronyms() -> None:
    texts = ["they plan large-scale combat operations in depth"] * 3
    assert spelled_phrases(texts)["LSCO"] == "large scale combat operations"
