from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer.assistant import Assistant
from assistant.answer.units import Unit, UnitFinder
from assistant.index.reader import Index, open_index
from assistant.index.wording import Wording
from assistant.types import Hit, Passage
from assistant.workspace import Workspace
from tests.answer.papers import indexed

RULES = (
    """# Rules of the yard
The yard keeps these rules in force:
* No fires within ten meters of a fuel point.
* No vehicle moves without a ground guide.

# Loads
Loads are tied down by the crew. The crew checks them:
* before the first move,
* at each halt.

# Signs
Signs stand where drivers see them. No. 5 is the largest, cf. the drawing by Lt. Gen.
Miller of the U.S. Army. It costs 12.5 dollars.""",
)


@pytest.fixture(scope="module")
def index(guide_workspace: Workspace) -> Index:
    return open_index(guide_workspace)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Index:
    root = Path(tmp_path_factory.mktemp("rules")) / "workspace"
    return open_index(indexed(root, {"rules.pdf": RULES}))


def hit_of(index: Index, passage: Passage) -> Hit:
    return Hit(passage, index.documents[passage.document_id], None, 1.0, 1)


def units_of(index: Index, word: str, file: str | None = None) -> list[Unit]:
    """Units of the first passage that holds ``word``."""
    passage = next(
        passage
        for passage in index.store.passages()
        if word in passage.text
        and (file is None or index.documents[passage.document_id].file == file)
    )
    return UnitFinder(index.store).units([hit_of(index, passage)])


def test_abbreviations_and_decimals_end_no_sentence(index: Index, rules: Index) -> None:
    assert [unit.text for unit in units_of(index, "stretch of bank")] == [
        "A crossing site is a stretch of bank where a unit can bridge a river.",
        "Engineers choose it, e.g. by its current of 1.5 meters a second, with the U.S. Army "
        "survey team.",
    ]
    assert [unit.text for unit in units_of(rules, "No. 5")][1:] == [
        "No. 5 is the largest, cf. the drawing by Lt. Gen. Miller of the U.S. Army.",
        "It costs 12.5 dollars.",
    ]


def test_a_sentence_over_a_page_break_stands_in_two_places(index: Index) -> None:
    (unit,) = units_of(index, "Recovery teams")
    assert unit.text.endswith(
        "what gets stuck in the mud of the landing before the next wave arrives."
    )
    assert [span.page for span in unit.spans] == [2, 3]


def test_the_label_is_left_out_and_a_number_is_not(index: Index) -> None:
    texts = [unit.text for unit in units_of(index, "2.5 tons")]
    assert texts == [
        "2.5 tons of fog oil are stored at each site.",
        "The oil is kept behind a berm.",
    ]


@pytest.mark.parametrize(
    ("sentence", "paragraph", "rest"),
    [
        ("2-14. Depth is a tenet.", "2-14", "Depth is a tenet."),
        ("1.2. Depth is a tenet.", "1.2", "Depth is a tenet."),
        ("a. Depth is a tenet.", "1.2.a", "Depth is a tenet."),
        ("2. Depth is a tenet.", "2", "Depth is a tenet."),
        ("C9.7.4. Depth is a tenet.", "C9.7.4", "Depth is a tenet."),
        ("1.5 million soldiers serve.", "1.2", "1.5 million soldiers serve."),
        ("12 units took part.", "1-12", "12 units took part."),
        ("a. Depth is a tenet.", "1.2.b", "a. Depth is a tenet."),
        ("A company moves first.", "1.2.a", "A company moves first."),
        ("a company moves first.", "1.2.b", "a company moves first."),
    ],
)
def test_only_the_label_of_the_paragraph_is_left_out(
    sentence: str, paragraph: str, rest: str
) -> None:
    from assistant.index.wording import _label_length

    assert sentence[_label_length(sentence, paragraph) :] == rest


def test_a_list_is_whole_with_its_lead_in_over_a_page_break(index: Index) -> None:
    *items, unit = units_of(index, "bridge company does")
    assert {item.kind for item in items} == {"item"}
    assert unit.kind == "list"
    assert unit.text.splitlines() == [
        "The bridge company does the following at a crossing site before the first vehicle moves:",
        "• Surveys both banks for mines.",
        "• Marks the approach routes with lights.",
        "• Anchors the ferry cables upstream.",
    ]
    assert {span.page for span in unit.spans} == {1, 2}


def test_what_only_announces_a_list_is_not_said_without_it(rules: Index) -> None:
    units = units_of(rules, "Loads are tied")
    assert [unit.kind for unit in units] == ["sentence", "item", "item", "list"]
    assert units[0].text == "Loads are tied down by the crew."
    assert units[1].text == "The crew checks them:\n• before the first move,"
    assert units[-1].text.startswith("The crew checks them:\n• before the first move")


def test_a_list_over_several_passages_is_found_from_each_of_them(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    item = "* Item number {} of the long list says in many plain words what the crew of a ferry"
    more = "   has to do with ropes, poles, pumps and lamps before it may cast off again."
    lines = [f"{item.format(n)}\n{more}" for n in range(1, 16)]
    page = "# Duties\nThe crew has the following duties:\n" + "\n".join(lines)
    root = Path(tmp_path_factory.mktemp("long")) / "workspace"
    index = open_index(indexed(root, {"long.pdf": [page]}))
    passages = [p for p in index.store.passages() if p.kind == "list"]
    assert len(passages) > 1  # else the list is too short for this test
    finder = UnitFinder(index.store)
    whole = [
        next(unit for unit in finder.units([hit_of(index, passage)]) if unit.kind == "list")
        for passage in passages
    ]
    assert len({unit.text for unit in whole}) == 1
    assert whole[0].text.startswith("The crew has the following duties:\n• Item number 1 of")
    assert len(whole[0].text.splitlines()) == 16
    together = finder.units([hit_of(index, passage) for passage in passages])
    assert sum(unit.kind == "list" for unit in together) == 1


def test_entries_of_a_glossary_are_said_one_by_one(starter: Assistant) -> None:
    index = starter._current().index
    glossary = [p for p in index.store.passages() if p.kind == "glossary"]
    assert glossary
    for passage in glossary:
        units = UnitFinder(index.store).units([hit_of(index, passage)])
        assert len(units) == len(passage.parts)


def test_rows_of_a_table_leave_the_header_out(starter: Assistant) -> None:
    index = starter._current().index
    units = units_of(index, "The four strands of the mixed method")
    rows = [unit.text for unit in units if unit.kind == "row"]
    whole = next(unit for unit in units if unit.kind == "list")
    assert rows
    assert not any(row.startswith("Strand") for row in rows)
    assert whole.text.startswith("Table 1-1.")
    assert [line.removeprefix("• ") for line in whole.text.splitlines()[1:]] == rows


def test_a_section_gives_its_items_over_its_sub_headings(starter: Assistant) -> None:
    answer = starter.ask("What are RAND's recommendations?")
    said = "\n".join(statement.text for statement in answer.statements)
    assert [n for n in range(1, 11) if f"• {n}. " in said] == list(range(1, 11))


def test_spans_lie_where_the_text_is(index: Index) -> None:
    wording = Wording(index.store)
    for passage in index.store.passages():
        for unit in UnitFinder(index.store).units([hit_of(index, passage)]):
            if unit.kind == "sentence":
                assert wording.text(passage.document_id, unit.spans) == unit.text
