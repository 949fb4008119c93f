"""The parts of the support check: numbers, dates, words, actors, the choice of sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.claims.actors import actors
from assistant.answer.claims.align import Alignment, Reader, align
from assistant.answer.claims.contrast import turned_round
from assistant.answer.claims.dates import dates
from assistant.answer.claims.facts import missing_numbers
from assistant.answer.claims.model import packaged
from assistant.answer.claims.numbers import intervals, months, quantities
from assistant.answer.claims.text import alike, read, stem_of, stems
from assistant.answer.claims.words import are_opposite
from assistant.corpus.sentences import sentence_ranges
from assistant.index.embedder import Embedder


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It takes twenty-two days.", [22.0]),
        ("$1.3 billion and 1,140 officers", [1.3e9, 1140.0]),
        ("four fifths of the funds", [80.0]),
        ("half a year", [0.5]),
        ("a quarter of an hour", [0.25]),
        ("DoDD 5132-03, JP 3-0 and the G-3", []),
        ("It is due (ADP 3-0, para 1-21, p. 3) in 45 days.", [45.0]),
        ("AU$50.3 billion", [50.3e9]),
        ("one of them", []),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in quantities(text)] == pytest.approx(values)


@pytest.mark.parametrize(
    ("one", "other"),
    [("half a year", "6 months"), ("a fortnight", "two weeks"), ("two years", "24 months")],
)
def test_durations_are_the_same_in_any_unit(one: str, other: str) -> None:
    lengths = [q.days for q in quantities(f"a {other}")] or [None]
    if one == "a fortnight":
        assert lengths == [14.0]
    else:
        assert [q.days for q in quantities(one)] == lengths


def test_what_recurs_has_an_interval() -> None:
    assert intervals("A monthly report, and one every year.") == {30.0, 360.0}


def test_months_are_told_from_the_verb() -> None:
    assert months("It may end in March 2020.") == {"March"}


def test_dates_are_compared_as_far_as_they_are_given() -> None:
    (short,) = dates("October 2017")
    (full,) = dates("on 6 October 2017")
    (american,) = dates("October 6, 2017")
    (other,) = dates("6 November 2017")
    assert short.is_met_by(full)
    assert american.is_met_by(full)
    assert not short.is_met_by(other)


@pytest.mark.parametrize("pair", [("approve", "approval"), ("notify", "notification")])
def test_words_of_one_family_are_alike(pair: tuple[str, str]) -> None:
    assert alike(stem_of(pair[0]), stem_of(pair[1]))


def test_opposites_are_known_by_list_and_by_prefix() -> None:
    assert are_opposite(stem_of("before"), stem_of("after"))
    assert are_opposite(stem_of("classified"), stem_of("unclassified"))
    assert not are_opposite(stem_of("before"), stem_of("report"))


def test_actors_are_offices_units_and_names() -> None:
    text = "The battery commander reports to the Director of Strategy and to NATO."
    words = read(text, [(0, len(text))])
    found = [text[words[a.first].start : words[a.last].end] for a in actors(words, text)]
    assert found == ["battery commander", "Director of Strategy", "NATO"]


def test_sources_in_parentheses_are_no_words() -> None:
    text = "It is due in May. (DoDD 5132.03, para 2.1, p. 5)"
    assert [word.text for word in read(text, [(0, len(text))])] == ["It", "is", "due", "in", "May"]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    words = read(text, [(0, len(text))])
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    actors(words, text)
    quantities(text)
    dates(text)


def test_the_fewest_sentences_are_chosen() -> None:
    reader = Reader(Embedder())
    sentences = (
        "Rafts carry armored vehicles.",
        "Meals are served at noon.",
        "The ferry crosses at night.",
    )
    text = " ".join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    ranges = [(a, a + len(s)) for a, s in zip(starts, sentences, strict=True)]
    asked = "Armored vehicles go by raft."
    statement = reader.read(asked, [(0, len(asked))])
    assert align(statement, [reader.read(text, ranges)], [], {}).choose() == [0]


DIFFICULTIES = (
    "Five difficulties come with a coalition (DP 3-0, para 1-41, p. 1-7): language, law, caveats,"
    " releases, and rules. The liaison team of 12 reports to 3 headquarters, as DP 4.205 requires."
)


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("Five difficulties come with a coalition.", []),
        ("Two of the difficulties are language and law.", []),
        ("Seven difficulties come with a coalition.", ["Seven"]),  # the page is 1-7
        ("The liaison team has 15 members.", ["15"]),  # nobody adds up 12 and 3 here
        ("Nine of the 12 members do not report to 3 headquarters.", []),  # but may be told the rest
        ("Chapter 6 has the difficulties.", []),
        ("DP 4.205 sets whom it reports to.", []),
    ],
)
def test_a_number_must_be_in_the_text_and_not_in_its_source(
    statement: str, missing: list[str]
) -> None:
    above = "Chapter 6 . DP 3-0 . (DP 3-0, para 1-41, p. 1-7)"
    assert missing_numbers(aligned(statement, DIFFICULTIES, above)) == missing


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("Three quarters of the wells gave water.", []),  # 43 of 58 are 74 percent
        ("Roughly one in four was dry.", []),
        ("Nine in ten had a committee.", []),
        ("Four-fifths of the cost was met.", []),
        ("Three fifths of the wells gave water.", ["Three fifths"]),
        ("Of the wells 44 gave water.", ["44"]),
    ],
)
def test_a_share_in_words_may_be_worked_out(statement: str, missing: list[str]) -> None:
    told = "Of 58 wells 43 gave water. Of the cost 80 percent was met. 10 percent had no committee."
    assert missing_numbers(aligned(statement, told)) == missing


def aligned(statement: str, told: str, above: str = "") -> Alignment:
    reader = Reader(Embedder())
    return align(
        reader.read(statement, [(0, len(statement))]),
        [reader.read(told, tuple(sentence_ranges(told)))],
        [reader.read(above, [(0, len(above))])] if above else [],
        {},
        above.partition(" . (")[0],
    )


CLOCK = "The clock starts at the first obligation, not when DSCA receives the funds. (DSCA, p. 12)"


@pytest.mark.parametrize(
    ("text", "statement", "is_turned"),
    [
        (
            CLOCK,
            "The clock starts when DSCA receives the funds, not at the first obligation.",
            True,
        ),
        (CLOCK, "It starts at the first obligation rather than when DSCA receives funds.", False),
        (CLOCK, "The clock starts at the first obligation.", False),
        ("It is no mission but a role.", "It is a mission rather than a role.", True),
        ("It is no mission but a role.", "It is a role and not a mission.", False),
        ("Quote the original, not the digest.", "Quote the digest instead of the original.", True),
        ("It trains not only officers but sergeants.", "It trains sergeants, not officers.", False),
    ],
)
def test_contrasts_may_not_be_turned_round(text: str, statement: str, is_turned: bool) -> None:
    assert turned_round(statement, [text]) is is_turned


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_may_be_contrasted(statement: str, text: str) -> None:
    turned_round(statement, [text])


NAMES = st.text(st.characters(categories=["Lu"]), min_size=1, max_size=8)


@given(NAMES, NAMES)
def test_a_contrast_of_two_names_is_turned_only_by_the_other(one: str, other: str) -> None:
    said = f"It is {one}, not {other}."
    assert not turned_round(said, [said])
    different = frozenset(stems(one)) != frozenset(stems(other))
    if different and stems(one) and stems(other):
        assert turned_round(said, [f"It is {other} rather than {one}."])


def test_the_packaged_model_is_whole() -> None:
    model = packaged()
    assert len(model.names) == len(model.weights)
    assert 0 < model.threshold < 1
    for tree in model.trees:
        assert max(tree.feature) < len(model.names)
        assert max(*tree.left, *tree.right) < len(tree.feature)
