"""Headings, numbered paragraphs, lists, notes, tables and columns of small drawn PDFs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.checks import Read, check
from tests.corpus.drawing import BOLD, FONT, Pages, read_pdf


@pytest.fixture
def drawn() -> Pages:
    return Pages()


def labels(read: Read) -> list[str | None]:
    return [p.paragraph for p in read.passages if p.paragraph is not None]


# --- Numbered paragraphs -----------------------------------------------------------------


def test_army_paragraphs(drawn: Pages, tmp_path: Path) -> None:
    drawn.line("Chapter 2", BOLD, 20, centered=True).line("Plans", BOLD, 20, centered=True)
    drawn.text("This chapter tells how plans are made.")
    drawn.heading("COMBINED PLANNING")
    for number in range(1, 6):
        drawn.text(f"2-{number}. Paragraph number {number} of the chapter. " + "It goes on. " * 14)
    read = drawn.page().read(tmp_path)
    check(read)
    assert labels(read) == ["2-1", "2-2", "2-3", "2-4", "2-5"]
    assert read.passage_with("number 3").heading == ("Chapter 2 Plans", "COMBINED PLANNING")
    assert read.passage_with("This chapter tells").paragraph is None


def test_issuance_paragraphs(drawn: Pages, tmp_path: Path) -> None:
    drawn.line("SECTION 1: GENERAL", BOLD, 16, centered=True)
    drawn.text("1.1. APPLICABILITY. This issuance applies to every component of the department.")
    drawn.text("1.2. POLICY. It is policy that:")
    for letter in "abcd":
        drawn.text(f"{letter}. The components plan with partners, item {letter}. " + "More. " * 20)
        drawn.text("(1) They say what they want to reach.", indent=36)
        drawn.text("(2) They say how it is measured.", indent=36)
    drawn.line("SECTION 2: DUTIES", BOLD, 16, centered=True, gap=12)
    drawn.text("2.1. DIRECTOR. The Director writes guidance and keeps the register of cases.")
    drawn.text("2.2. OTHERS. All others read it.")
    drawn.filler()
    read = drawn.page().read(tmp_path)
    check(read)
    assert set(labels(read)) == {"1.1", "1.2", "1.2.a", "1.2.b", "1.2.c", "1.2.d", "2.1", "2.2"}
    passage = read.passage_with("item b")
    assert passage.kind == "list"
    assert [part.kind for part in passage.parts] == ["text", "item", "item"]
    assert read.passage_with("The Director writes").heading == ("SECTION 2: DUTIES",)


def test_older_issuances_number_in_capitals(drawn: Pages, tmp_path: Path) -> None:
    for number, title in enumerate(["PURPOSE", "APPLICABILITY", "POLICY", "DUTIES"], 1):
        drawn.text(f"{number}. {title}. This directive says so in its part {number}:")
        drawn.text(f"a. The first rule of part {number}. " + "It holds. " * 16)
        drawn.text(f"b. The second rule of part {number}. " + "It holds. " * 16)
    read = drawn.page().read(tmp_path)
    check(read)
    assert read.passage_with("second rule of part 3").paragraph == "3.b"
    assert read.passage_with("in its part 4").paragraph == "4"


def test_joint_paragraphs(drawn: Pages, tmp_path: Path) -> None:
    for number, title in enumerate(["Introduction", "Fires", "Space", "Support", "Review"], 1):
        drawn.line(f"{number}. {title}", BOLD, 11, gap=14)
        drawn.text(f"a. First of {title}. " + "Joint forces act together. " * 5, indent=18)
        drawn.text(f"b. Second of {title}. " + "Joint forces act together. " * 5, indent=18)
        drawn.text("(1) A step of the list.", indent=54)
    read = drawn.page().read(tmp_path)
    check(read)
    assert read.passage_with("Second of Space").paragraph == "3.b"
    assert read.passage_with("First of Support").heading == ("4. Support",)


def test_a_number_amid_a_sentence_opens_nothing(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(3)
    drawn.line(
        "The rule is found in the manual of security assistance and in its change on p.", gap=7
    )
    drawn.line(
        "17) and it was issued together with the list of the North Atlantic Treaty Organization"
    )
    drawn.line("(NATO) and of the countries that take part in it, which are named in the appendix.")
    read = drawn.page().read(tmp_path)
    check(read)
    assert not read.of_kind("item")
    assert "on p. 17) and it" in read.passage_with("found in the manual").text


# --- Headings ----------------------------------------------------------------------------


def test_a_heading_of_two_lines_is_one(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler()
    drawn.line("Training that partners receive before they", BOLD, 14, gap=12)
    drawn.line("deploy with the multinational force", BOLD, 14)
    drawn.text("Training comes first.").filler()
    read = drawn.page().read(tmp_path)
    assert read.passage_with("Training comes first").heading == (
        "Training that partners receive before they deploy with the multinational force",
    )


def test_bold_sentences_and_attributions_are_no_headings(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler()
    drawn.line("Use the lowest echelon that can furnish effective support.", BOLD, 11, gap=20)
    drawn.line("“Fire without movement is indecisive.”", FONT, 11, gap=20)
    drawn.line("General of the Army", BOLD, 11, gap=8)
    drawn.filler()
    read = drawn.page().read(tmp_path)
    check(read)
    assert read.of_kind("heading") == []


def test_a_heading_ends_a_passage(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler().text("Short text.").heading("Access").text("Other short text.").filler()
    read = drawn.page().read(tmp_path)
    passage = read.passage_with("Other short text")
    assert passage.heading == ("Access",)
    assert "Short text." not in passage.text.replace("Other short text.", "")
    assert [read.texts[s.page][s.start : s.end] for s in passage.heading_spans] == ["Access"]


# --- Lists -------------------------------------------------------------------------------


def test_a_list_runs_over_the_page_with_its_lead_in(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(6).text("Planners who work with allies do the following:")
    for number in range(1, 4):
        drawn.text(f"• item {number} of the list, which every planner does;", indent=18)
    drawn.page()
    for number in range(4, 9):
        drawn.text(f"• item {number} of the list, which every planner does;", indent=18)
    drawn.filler(4)
    read = drawn.page().read(tmp_path)
    check(read)
    holding = [p for p in read.passages if "of the list" in p.text]
    assert all(p.kind == "list" for p in holding)
    first, *others = holding
    assert "the following:" in first.text and not first.lead_in
    for passage in others:
        lead_in = " ".join(read.texts[s.page][s.start : s.end] for s in passage.lead_in)
        assert lead_in == "Planners who work with allies do the following:"
    items = [part for p in holding for part in p.parts if part.kind == "item"]
    assert len(items) == 8


def test_an_item_of_several_lines_is_one_part(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(2).text("The tasks are these:")
    drawn.text(
        "• to plan with the ally " + "and with all others who take part " * 5, indent=18, hang=9
    )
    drawn.text("• to train.", indent=18)
    read = drawn.page().read(tmp_path)
    check(read)
    assert len(read.of_kind("item")) == 2


# --- Footnotes ---------------------------------------------------------------------------


def test_footnotes_stand_apart(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(5).line(
        "The planner reads the plan of the partner and of the other forces that", gap=7
    )
    drawn.y = 90
    drawn.line("1 This is the first note, in small type.", size=8)
    drawn.line("2 This is the second note, in small type.", size=8)
    drawn.page()
    drawn.line("take part in it, and compares both.").filler(3)
    read = drawn.page().read(tmp_path)
    check(read)
    assert read.of_kind("footnote") == [
        "1 This is the first note, in small type.",
        "2 This is the second note, in small type.",
    ]
    assert "forces that take part in it" in read.passage_with("compares both").text


# --- Tables ------------------------------------------------------------------------------


def test_rows_of_a_table(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(2).line("Table 1-1. Who does what", BOLD, 10, gap=10)
    rows = [
        ("Office", ["Duty"]),
        ("Director", ["Writes guidance and", "keeps the register"]),
        ("Command", ["Plans with partners in", "its area"]),
    ]
    for first, others in rows:
        top = drawn.y = drawn.y - 8
        drawn.line(first, size=9, x=80)
        for line, words in enumerate(others):
            drawn.y = top - 11 * line
            drawn.line(words, size=9, x=220)
    drawn.y -= 12
    drawn.filler(2)
    read = drawn.page().read(tmp_path)
    check(read)
    passage = read.passage_with("Who does what")
    assert passage.kind == "table"
    assert "The staff prepares" not in passage.text
    rows_read = read.parts(passage)[1:]
    assert len(rows_read) == 3
    assert all("keeps the register" in row for row in rows_read if "Writes guidance" in row)


def test_text_drawn_in_a_figure_stays_out_of_the_paragraph(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(2)
    drawn.line("Inputs", size=8, x=200, gap=30).line("Outputs", size=8, x=330, gap=20)
    drawn.line("Figure 1-1. The process", BOLD, 10, gap=20, centered=True)
    drawn.filler(2)
    read = drawn.page().read(tmp_path)
    check(read)
    passage = read.passage_with("The process")
    assert passage.kind == "table"
    assert all("Outputs" not in p.text for p in read.passages if "The staff" in p.text)


# --- Columns -----------------------------------------------------------------------------


@pytest.mark.parametrize("alternating", [False, True], ids=["by column", "row by row"])
def test_two_columns(drawn: Pages, tmp_path: Path, alternating: bool) -> None:
    left = [f"left line {n} of the first column" for n in range(14)]
    right = [f"right line {n} of the second column" for n in range(14)]
    drawn.line("A Paper on Two Columns", BOLD, 16)
    top = drawn.y
    order = [(n, side) for n in range(14) for side in (0, 1)]
    if not alternating:
        order.sort(key=lambda place: place[1])
    for number, side in order:
        drawn.y = top - 13 * number
        drawn.line((left, right)[side][number], x=(72, 320)[side])
    drawn.y = top - 13 * 15
    read = drawn.page().read(tmp_path)
    check(read)
    text = " ".join(" ".join(passage.text for passage in read.passages).split())
    places = [text.index(words) for words in left + right]
    assert places == sorted(places)


# --- Glossaries --------------------------------------------------------------------------


def test_a_glossary_has_one_entry_a_part(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(2).line("GLOSSARY", BOLD, 18, centered=True, gap=20)
    drawn.line("SECTION I - ACRONYMS", BOLD, 12, gap=10)
    for short, long in [("SC", "security cooperation"), ("GCC", "geographic command")]:
        drawn.line(short).y += 13
        drawn.line(long, x=200)
    drawn.line("SECTION II - TERMS", BOLD, 12, gap=10)
    for term in ("alliance", "coalition"):
        drawn.line(f"{term}.", BOLD, 11, gap=6).y += 13
        drawn.line("An arrangement between two or more nations for common action that is", x=140)
        drawn.line("described in a document.", indent=18)
    read = drawn.page().read(tmp_path)
    check(read)
    entries = [part for p in read.passages if p.kind == "glossary" for part in read.parts(p)]
    assert entries[:2] == ["SC security cooperation", "GCC geographic command"]
    assert [entry.split(".")[0] for entry in entries[2:]] == ["alliance", "coalition"]
    assert all(entry.endswith("described in a document.") for entry in entries[2:])


def test_acronyms_whose_meanings_stand_in_a_second_box(drawn: Pages, tmp_path: Path) -> None:
    keys = ["ADP", "AOI", "ATP", "C2", "DOD", "FM", "JP", "SC"]
    drawn.filler(1).line("Glossary", BOLD, 20, centered=True, gap=20)
    drawn.line("SECTION I - ACRONYMS AND ABBREVIATIONS", BOLD, 13)
    top = drawn.y
    for key in keys:
        drawn.line(key, BOLD, 11, x=170 - 4 * len(key))
    drawn.y = top
    for key in keys:
        drawn.line(f"long form of {key.lower()}", x=240)
    read = drawn.page().read(tmp_path)
    check(read)
    entries = [part for p in read.passages if p.kind == "glossary" for part in read.parts(p)]
    assert entries == [f"{key} long form of {key.lower()}" for key in keys]


# --- Characters --------------------------------------------------------------------------


def test_odd_characters_are_cleaned_and_offsets_kept(tmp_path: Path) -> None:
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    from assistant.corpus.clean import clean_with_offsets

    pdfmetrics.registerFont(TTFont("Vera", Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
    drawn = Pages()
    drawn.line("The “ﬁrst” planner’s task is to coop\u00ad", "Vera")
    drawn.line("erate with allies.", "Vera")
    path = drawn.page().write(tmp_path / "odd.pdf")
    read = read_pdf(path)
    check(read)
    text = read.passages[0].text
    assert text == 'The "first" planner\'s task is to cooperate with allies.'
    raw = read.texts[1]
    cleaned = clean_with_offsets(raw)
    start = cleaned.text.index("planner's")
    low, high = cleaned.raw_range(start, start + len("planner's"))
    assert raw[low:high].replace("’", "'") == "planner's"


# --- Running heads -----------------------------------------------------------------------


def test_running_heads_stay_out(tmp_path: Path) -> None:
    drawn = Pages(head="Example Publication, 1 May 2026", foot="SC Digest {n}")
    for _ in range(5):
        drawn.filler(3).page()
    read = drawn.read(tmp_path)
    check(read)
    assert len(read.heads) == 10
    assert list(read.labels.values()) == ["1", "2", "3", "4", "5"]
    assert all("1 May 2026" not in passage.text for passage in read.passages)


def test_a_page_left_blank_gives_no_passage(drawn: Pages, tmp_path: Path) -> None:
    drawn.filler(3).page().line("This page intentionally left blank.", centered=True).page()
    read = drawn.filler(3).page().read(tmp_path)
    check(read)
    assert all("intentionally" not in passage.text for passage in read.passages)
