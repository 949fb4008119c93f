from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.answer.quantity import Quantity, asked_quantity


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many levels of warfare are there?", Quantity("count", ("level",))),
        ("How many days ahead must it be announced?", Quantity("count", ("day",))),
        ("What percentage of the budget goes to training?", Quantity("share")),
        ("What share of the force is that?", Quantity("share")),
        ("How much does one aircraft cost?", Quantity("money")),
        ("What is the dollar ceiling for a program?", Quantity("money")),
        ("How often is the register brought up to date?", Quantity("duration")),
        ("How long may the loan last?", Quantity("duration")),
        ("When was the directive issued?", Quantity("date")),
        ("By when must the report be in?", Quantity("date")),
        ("What's the maximum range of the missile?", Quantity("distance")),
        ("What force ratio is required?", Quantity("number")),
        ("Why was the study made?", Quantity("reason")),
        ("On what grounds may a request be refused?", Quantity("reason")),
        ("Which article covers claims?", Quantity("mark", ("article",))),
        ("Under which STANAG is it?", Quantity("mark", ("stanag",))),
        ("STANAG number for the target system?", Quantity("mark", ("stanag",))),
        ("Where is the command headquartered?", Quantity("place")),
        ("In which country was the exercise held?", Quantity("country")),
        ("Which other country than Japan joined?", Quantity("country", ("japan",))),
        ("Which brigade rotates through it?", Quantity("body", ("brigade",))),
        ("How many people may it keep?", Quantity("count", ("peopl",))),
        ("What is the total number of teams in the force?", Quantity("count", ("team",))),
        ("What is the standard tour length?", Quantity("duration")),
        ("What makes a country eligible?", None),
        ("Which NATO members are no party to it?", Quantity("country")),
        ("Which brigade of the U.S. Army rotates?", Quantity("body", ("brigade",))),
        ("What penalty is set for that?", Quantity("penalty")),
        ("What legal penalties does it name?", Quantity("penalty")),
        ("What was the name of the model that was used?", Quantity("name", ("model",))),
        ("What were the names of the models?", Quantity("name", ("model",))),
        # A chapter known by its matter, not by its number; a condition, not a town.
        ("Which chapter of the guide is the longest?", None),
        ("Where do we use smoke?", None),
        # A condition, not a date; a manner, not a distance.
        ("When do we draw a zone and when a sector?", None),
        ("When should a commander use it?", None),
        ("How far down do we compare units?", None),
        ("What are the tenets of operations?", None),
        ("Who approves the plan?", None),
    ],
)
def test_what_figure_a_question_asks_for(question: str, expected: Quantity | None) -> None:
    assert asked_quantity(question) == expected
    assert asked_quantity(question.upper()) == expected


@pytest.mark.parametrize(
    ("quantity", "given_", "lacking"),
    [
        (Quantity("count", ("level",)), "Warfare has four levels.", "The four corps; a level."),
        (Quantity("count", ("day",)), "within 30 working days", "within 30 hours, some day"),
        (Quantity("share"), "about a quarter of the Army", "25 brigades of the Army"),
        (Quantity("share"), "72 percent of it", "it is 72 of them"),
        (Quantity("money"), "up to $14 million", "up to 14 aircraft"),
        (Quantity("duration"), "It is reviewed annually.", "It is reviewed by 3 boards."),
        (Quantity("duration"), "for two years at most", "for two ministers at most"),
        (Quantity("date"), "on 10 April 2019", "in chapter 10"),
        (Quantity("distance"), "out to 40 km", "out to the deep area"),
        (Quantity("number"), "a ratio of 3:1", "a favourable ratio"),
        (Quantity("number"), "a staff of 4,500", "a staff of the kind of 2019"),
        (Quantity("number"), "2 boards in 2019", "on 5 May, under section 4.2 and p. 7"),
        (Quantity("number"), "12 boards, see § 4", "10 U.S.C. § 333, DoD Manual 5105.38"),
        (Quantity("reason"), "It failed because fuel ran out.", "It failed; fuel ran out."),
        (Quantity("reason"), "It moves to avoid fires.", "It moves to the bank."),
        (Quantity("mark", ("article",)), "under Article VIII", "under an article of law"),
        (Quantity("mark", ("annex",)), "in Annex B of it", "in annex by annex"),
        (Quantity("mark", ("form",)), "on Form No. 7", "in the form of 7 pages"),
        (Quantity("place"), "It is based in Hawaii.", "It was based there in March."),
        (Quantity("place"), "held near the Rhine", "paid in FY2023, held at night"),
        (Quantity("count", ("peopl",)), "a staff of 30 civilian positions", "30 aircraft; a staff"),
        (Quantity("count", ("team",)), "It has 12 teams.", "(1) teams of it"),
        (Quantity("number"), "a ratio of 3 (see p. 4)", "a ratio (FM 9-77, para 3, p. 4)"),
        (Quantity("duration"), "at 60 km per hour", "at the full hour"),
        (Quantity("country"), "held with Japan and Peru", "held with allies in the United States"),
        (Quantity("country", ("japan",)), "Japan and Peru", "Japan alone"),
        (Quantity("penalty"), "Access is revoked.", "Access is given without guarantee."),
        (Quantity("body", ("brigade",)), "the 3rd Infantry Brigade", "a brigade of Infantry"),
        (Quantity("body", ("institute",)), "the Institute of Law", "an institute for Soldiers"),
        (Quantity("body", ("command",)), "USTRANSCOM runs it", "the US runs it"),
        (Quantity("name", ("model",)), "The model is the Army Matrix.", "The model is a matrix."),
        (Quantity("name", ("model",)), "It used the model Delphi.", "The model; it met Delphi."),
    ],
)
def test_whether_a_text_gives_it(quantity: Quantity, given_: str, lacking: str) -> None:
    assert quantity.stands_in(given_)
    assert not quantity.stands_in(lacking)


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    asked = asked_quantity(text)
    assert asked is None or asked.stands_in(text) in (True, False)


def test_a_near_miss_without_the_figure_is_refused_and_says_so(starter: Assistant) -> None:
    answer = starter.ask("How many people should staff the permanent land-force planning cell?")
    assert answer.abstained and answer.evidence["quantity"] == 0
    assert answer.reason is not None and "the figure or date that is asked for" in answer.reason


def test_a_refusal_says_what_sort_of_thing_is_missing(starter: Assistant) -> None:
    answer = starter.ask("Which brigade of the U.S. Army rotates through Darwin?")
    assert answer.abstained and answer.reason is not None
    assert "the brigade that is asked for" in answer.reason
    penalty = starter.ask("What penalty is set for a guarantee of assistance before delivery?")
    assert penalty.abstained and "the penalty that is asked for" in str(penalty.reason)


def test_a_figure_that_is_given_is_said(starter: Assistant) -> None:
    answer = starter.ask("How many levels of warfare are there?")
    assert not answer.abstained and answer.evidence["quantity"] == 1
    assert "four levels" in answer.statements[0].text
