"""An exported selection says where everything stands, and no text in it is anything but text."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import rispy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answer.styles import STYLES
from assistant.errors import UsageError
from assistant.excerpts.selection import Selected, Selection
from assistant.export.markdown import markdown
from assistant.export.paper import CHANGED, make_paper
from assistant.export.selection import (
    FORMATS,
    Format,
    export_selection,
    file_name,
    format_of,
)
from assistant.export.selection_content import selection_content
from assistant.export.selection_table import COLUMNS
from assistant.types import Document, Excerpt, Span
from tests.export.readers import (
    READERS,
    csv_rows,
    docx_footnotes,
    markdown_blocks,
    read_csv,
    read_docx,
    sheet_rows,
)
from tests.export.samples import ADP, EXCERPT, MADE, hostile, selection
from tests.export.test_conversation_export import HOSTILE, MARKUP, PLACES

NOWHERE = Path("nowhere")  # only the PDF reads the corpus
TEXTS = pytest.mark.parametrize("format", [name for name in FORMATS if name != "pdf"])

OLD = replace(
    ADP,
    file="jp/5-0.pdf",
    designation="JP 5-0",
    title="Joint Planning",
    status="superseded",
    superseded_by="JP 5-0 (2026)",
    marking="CUI//FEDCON",
)
SECOND = replace(
    EXCERPT,
    id="other:7.0-9",
    document=OLD,
    paragraph=None,
    printed_page=None,
    pdf_page=7,
    spans=(Span(7, 0, 9), Span(8, 0, 4)),
    quote="Planning & more: 100% of #1_items {a} ~ ^ \\ -- ``x''.",
    repeats=(replace(EXCERPT, repeats=()),),
)
PAIR = selection(
    Selected(EXCERPT, "Use in paragraph 3.\nAsk the J5."), Selected(SECOND, changed=True)
)


def exported(what: Selection, format: str, style: str = "doctrine") -> bytes:
    return export_selection(what, format, style=style, corpus=NOWHERE)


def said(text: str) -> str:
    """``text`` without white space and what cannot be printed, which formats keep differently."""
    kept = re.sub("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]", "", text)
    kept = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", kept)
    return "".join(kept.split())


def paired(text: str) -> str:
    """``text`` with two halves of a character, one behind the other, as the character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def everything(content: bytes, format: str) -> str:
    """All text of a file."""
    match format:
        case "docx":
            word = docx.Document(io.BytesIO(content))
            texts = [*(p.text for p in word.paragraphs), *docx_footnotes(content).values()]
            return "\n".join(texts)
        case "md":
            return "\n".join(text for _, text in markdown_blocks(content))
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content))
            return "\n".join(
                str(cell) for sheet in book for row in sheet.values for cell in row if cell
            )
        case "json":
            return json.dumps(json.loads(content), ensure_ascii=False)
        case "bib":
            return content.decode().replace("\\", "")
        case _:
            return content.decode("utf-8-sig")


# --- What every format says -----------------------------------------------------------------


@TEXTS
def test_marking_date_and_index(format: str) -> None:
    text = everything(exported(PAIR, format), format)
    assert "CUI//FEDCON" in text
    assert re.search(r"2 Mar 2025 09:30 UTC|2025-03-02T09:30:00\+00:00", text)
    assert "f00dfeed00112233" in text
    assert "Depth and breadth" in text


@TEXTS
def test_place_note_repeats_and_change(format: str) -> None:
    first, second = READERS[format](exported(PAIR, format))
    line = "Use in paragraph 3. Ask the J5."
    assert " ".join(first.note.split()) == line
    assert (first.paragraph, first.printed_page, first.pdf_page) == ("2-14", "19", "31")
    assert (second.paragraph, second.printed_page, second.pdf_page) == ("", "", "7")
    assert second.spans == "7:0-9; 8:0-4"
    assert second.citation == "JP 5-0 (21 Mar 2025), PDF p. 7 [superseded]"
    assert (first.repeats, second.repeats) == (0, 1)
    assert second.quote == SECOND.quote
    text = everything(exported(PAIR, format), format)
    assert CHANGED in text or re.search(r'"changed": true|\nyes\n|,yes,', text)
    if format != "json":  # which has the place itself
        assert "ADP 3-0 (21 Mar 2025), para 2-14, p. 19 (adp/3-0.pdf, 31:5-22)" in text


@TEXTS
@pytest.mark.parametrize("style", ["doctrine", "chicago", "plain"])
def test_every_style(format: str, style: str) -> None:
    first = READERS[format](exported(PAIR, format, style))[0]
    assert (
        first.citation
        == {
            "doctrine": "ADP 3-0 (21 Mar 2025), para 2-14, p. 19",
            "chicago": "Department of the Army, Operations, ADP 3-0 (March 21, 2025), p. 19, "
            "para. 2-14, https://armypubs.example/adp3-0?a=1;b=2.",
            "plain": "Operations (ADP 3-0, 21 March 2025), page 19 (PDF page 31), paragraph 2-14",
        }[style]
    )


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_selection_is_told_in_one_sentence(format: str) -> None:
    with pytest.raises(UsageError, match=r"^The selection holds no excerpts; .*export\.$"):
        exported(selection(), format)


def test_no_such_format_or_style() -> None:
    with pytest.raises(UsageError, match="no format odt; choose one of docx, md, csv"):
        exported(PAIR, "odt")
    with pytest.raises(UsageError, match="style MLA; choose one of doctrine, chicago, plain"):
        exported(PAIR, "md", "MLA")


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_is_known_by_its_ending(format: Format) -> None:
    assert format_of(Path(f"folder/paper.{format.upper()}")) == format
    assert file_name(PAIR, format) == f"Depth-and-breadth.{format}"


def test_no_other_ending() -> None:
    with pytest.raises(UsageError, match=r"^paper.odt does not end .*: \.docx, \.md, "):
        format_of(Path("paper.odt"))


def test_the_guide_names_every_format_style_and_column() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    value = json.loads(exported(PAIR, "json"))
    inner = value["excerpts"][0]
    for name in (*FORMATS, *STYLES, *COLUMNS, *value, *inner, *inner["document"]):
        assert f"`{name}`" in guide, name


# --- File names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Annex C: SC / Oman", "Annex-C-SC-Oman.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ("CON", "excerpts-CON.csv"),
        ("lpt\u00b9", "excerpts-lpt1.csv"),
        ("\u00dcbung", "\u00dcbung.csv"),
        (" . ", "excerpts.csv"),
        ("\ud800\x00", "excerpts.csv"),
        ("x" * 500, "x" * 60 + ".csv"),
    ],
)
def test_a_file_name_that_every_system_takes(name: str, expected: str) -> None:
    assert file_name(replace(PAIR, name=name), "csv") == expected


@given(st.text(st.characters(), max_size=100))
def test_nor_does_any_other_name_break_one(name: str) -> None:
    made = file_name(replace(PAIR, name=name), "docx")
    assert re.fullmatch(r"[\w-]{1,69}\.docx", made)
    assert len(made.encode("utf-8")) <= 255


# --- Tables ---------------------------------------------------------------------------------

FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "'=1", "''", "'tis"),
    *("=cmd|'/c calc'!A1", "\uff1d1", "\ufeff=1", "\x00=1", "\u200b=1", "\u00a0=1"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    content = exported(hostile(text), "csv")
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell)
            assert not cell[:1].isspace()
    rows = sheet_rows(exported(hostile(text), "xlsx"))  # fails on a formula
    assert [said(row["quote"]) for row in csv_rows(content)[:2]] == [said(text)] * 2
    assert [said(row["quote"]) for row in rows[:2]] == [said(text)] * 2


def test_the_columns_of_both_tables() -> None:
    assert tuple(csv_rows(exported(PAIR, "csv"))[0]) == COLUMNS
    assert tuple(sheet_rows(exported(PAIR, "xlsx"))[0]) == COLUMNS
    one = csv_rows(exported(PAIR, "csv"))[1]
    assert one == sheet_rows(exported(PAIR, "xlsx"))[1]
    assert one["edition"] == "2025-03-21"
    assert one["selection_marking"] == "CUI//FEDCON"


def test_the_workbook_is_made_for_reading() -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(PAIR, "xlsx")))
    assert book.sheetnames == ["Excerpts", "Sources", "About"]
    sheet = book["Excerpts"]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref.startswith("A2:") and sheet.auto_filter.ref.endswith("4")
    assert sheet["B3"].alignment.wrap_text
    assert sheet["A1"].value.startswith("CUI//FEDCON - Depth and breadth; made 2 Mar 2025")
    assert "CUI//FEDCON" in sheet.oddHeader.center.text
    assert sheet["F3"].value == 31
    assert [row["file"] for row in sheet_rows(exported(PAIR, "xlsx"), "Sources")] == [
        "adp/3-0.pdf",
        "jp/5-0.pdf",
    ]
    about = {r["field"]: r["value"] for r in sheet_rows(exported(PAIR, "xlsx"), "About")}
    assert about["excerpts"] == "2"
    assert about["style"] == "doctrine"


def test_what_a_cell_cannot_hold_is_cut_and_said_to_be() -> None:
    long = selection(Selected(replace(EXCERPT, quote="\U0001f600" * 20_000)))
    cell = sheet_rows(exported(long, "xlsx"))[0]["quote"]
    assert len(cell.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert cell.endswith("\U0001f600 [cut: an Excel cell holds no more]")
    assert read_csv(exported(long, "csv"))[0].quote == "\U0001f600" * 20_000


# --- JSON -----------------------------------------------------------------------------------


def excerpt_of(value: dict[str, Any]) -> Excerpt:
    kept = {field.name: value[field.name] for field in fields(Excerpt)}
    kept["document"] = document_of(value["document"])
    kept["heading"] = tuple(value["heading"])
    kept["spans"] = tuple(Span(**span) for span in value["spans"])
    kept["matches"] = tuple((start, end) for start, end in value["matches"])
    kept["repeats"] = tuple(map(excerpt_of, value["repeats"]))
    return Excerpt(**kept)


def document_of(value: dict[str, Any]) -> Document:
    edition = value["edition"] and date.fromisoformat(value["edition"])
    return Document(**{**value, "edition": edition, "supersedes": tuple(value["supersedes"])})


def selection_of(content: bytes) -> Selection:
    value = json.loads(content)
    items = [Selected(excerpt_of(v), v["note"], v["changed"]) for v in value["excerpts"]]
    made = datetime.fromisoformat(value["made"])
    return Selection(value["name"], tuple(items), value["index"], made)


@given(st.text(st.characters(), max_size=40), st.booleans())
def test_json_loses_nothing(text: str, zoned: bool) -> None:
    text = paired(text)
    made = MADE if zoned else MADE.replace(tzinfo=None)
    one = replace(hostile(text), made=made)
    matched = replace(one.items[0].excerpt, matches=((0, 1), (2, 3)), score=0.1)
    one = replace(one, items=(*one.items, Selected(matched)))
    assert selection_of(exported(one, "json")) == one


# --- Any text -------------------------------------------------------------------------------


def check(text: str, format: str) -> None:
    """``text`` in every place comes back out of ``format`` as text."""
    text = paired(text)
    what = hostile(text, places=False)
    first, second, third = READERS[format](exported(what, format))
    for read in (first, second):
        assert said(read.quote).removeprefix("[notext]") == said(text)
        assert said(read.file) == said(text)
    assert third == replace(third, quote=EXCERPT.quote, paragraph="2-14", printed_page="19")
    assert {said(read.note) for read in (first, second, third)} == {said(text)}


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("text", HOSTILE)
def test_tables_hold_any_text(text: str, format: str) -> None:
    check(text, format)


@settings(max_examples=60, deadline=None)
@given(st.one_of(MARKUP, st.text(st.characters(), max_size=60)))
@example("=\x00\ud800")
def test_and_any_other(text: str) -> None:
    for format in ("csv", "xlsx", "json"):
        if "x005F_" not in text:  # which openpyxl itself loses
            check(text, format)


def check_references(text: str) -> None:
    """The same for BibTeX and RIS, where all fields must be there and quotes whole."""
    text = text.replace("\u02c6", "^")  # readers.py does not tell them apart
    what = hostile(text, places=False)
    for format in ("bib", "ris"):
        found = READERS[format](exported(what, format)) if said(text) else []
        for read in found[:2]:
            assert said(read.quote) == said(text), format
            assert said(read.note) == said(text), format
            assert read.pdf_page == "31"
        if found:
            assert found[2].quote == EXCERPT.quote
            assert (found[2].paragraph, found[2].printed_page) == ("2-14", "19")


@pytest.mark.parametrize("text", HOSTILE)
def test_references_hold_any_text(text: str) -> None:
    check_references(text)


@settings(max_examples=100, deadline=None)
@given(st.one_of(MARKUP, st.text(st.characters(), max_size=60)))
@example('a @article{x, y = "z"} %')
@example("ER  - \nTY  - JOUR")
def test_references_hold_any_other(text: str) -> None:
    check_references(text)


def test_each_reference_is_one_record() -> None:
    records = rispy.loads(exported(hostile("ER  - \nTY  - JOUR\nAB  - x"), "ris").decode())
    assert [one["type_of_reference"] for one in records] == ["RPRT", "RPRT", "CHAP", "CHAP", "CHAP"]
    assert len({one["id"] for one in records}) == 5
    assert records[1]["urls"] == ["https://armypubs.example/adp3-0?a=1%3Bb=2"]


def expected_blocks(what: Selection) -> list[tuple[str, str]]:
    places = {**PLACES, "citation": "p"}
    return [
        (places[block.kind], f"{block.label} {block.text}" if block.label else block.text)
        for block in selection_content(make_paper(what, "doctrine"))
    ]


@pytest.mark.parametrize("text", ["# a | <script>x</script> `b` [x](y)", *HOSTILE])
def test_no_text_becomes_markdown(text: str) -> None:
    assert markdown_blocks(exported(hostile(text), "md")) == expected_blocks(hostile(text))


@settings(max_examples=60, deadline=None)
@given(st.one_of(MARKUP, st.text(st.characters(), max_size=60)))
def test_nor_does_any_other(text: str) -> None:
    blocks = markdown_blocks(exported(hostile(text), "md"))
    assert blocks == expected_blocks(hostile(text))
    if said(text):
        assert said(text) in {said(block) for tags, block in blocks if tags == "blockquote p"} or (
            len(text.splitlines()) > 1
        )


# --- Word -----------------------------------------------------------------------------------


def check_word(text: str) -> None:
    what = hostile(text)
    content = exported(what, "docx")
    word = docx.Document(io.BytesIO(content))
    shown = [paragraph.text for paragraph in word.paragraphs]
    blocks = selection_content(make_paper(what, "doctrine"))
    assert shown == [
        f"{block.label} {block.text}" if block.label else block.text
        for block in blocks
        if block.kind != "citation"
    ]
    notes = [block.text for block in blocks if block.kind == "citation"]
    assert list(docx_footnotes(content).values()) == [note.strip() for note in notes]


@pytest.mark.parametrize("text", HOSTILE)
def test_word_shows_any_text(text: str) -> None:
    check_word(text)


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_word_shows_any_other(text: str) -> None:
    check_word(text)


def test_word_has_real_footnotes() -> None:
    content = exported(PAIR, "docx")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        types = file.read("[Content_Types].xml").decode()
        body = file.read("word/document.xml").decode()
        styles = file.read("word/styles.xml").decode()
        related = file.read("word/_rels/document.xml.rels").decode()
    assert '/word/footnotes.xml" ContentType="application/vnd.openxmlformats' in types
    assert "relationships/footnotes" in related
    assert re.findall(r'<w:footnoteReference w:id="(\d)"', body) == ["1", "2"]
    assert re.search(r'w:val="footnote reference".{0,120}superscript', styles, re.DOTALL)
    assert docx_footnotes(content) == {
        "1": "ADP 3-0 (21 Mar 2025), para 2-14, p. 19",
        "2": "JP 5-0 (21 Mar 2025), PDF p. 7 [superseded]",
    }


def test_word_has_marking_headings_and_sources() -> None:
    word = docx.Document(io.BytesIO(exported(PAIR, "docx")))
    assert word.paragraphs[0].text == "CUI//FEDCON"
    assert word.sections[0].header.paragraphs[0].text == "CUI//FEDCON"
    heads = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert heads == [
        "ADP 3-0 (21 Mar 2025), Operations",
        "JP 5-0 (21 Mar 2025), Joint Planning",
        "Sources",
    ]
    assert word.core_properties.title == "Depth and breadth"


def test_the_analysts_order_is_kept() -> None:
    three = selection(
        Selected(EXCERPT), Selected(SECOND), Selected(replace(EXCERPT, quote="Third"))
    )
    assert [read.quote for read in read_docx(exported(three, "docx"))] == [
        EXCERPT.quote,
        SECOND.quote,
        "Third",
    ]
    blocks = selection_content(make_paper(three, "plain"))
    heads = [block.text[:6] for block in blocks if block.kind == "heading"]
    assert heads == ["ADP 3-", "JP 5-0", "ADP 3-", "Source"]


def test_a_zone_is_told_as_utc() -> None:
    east = MADE.astimezone(timezone(timedelta(hours=3)))
    assert exported(replace(PAIR, made=east), "md") == exported(PAIR, "md")
    assert markdown(selection_content(make_paper(PAIR, "doctrine"))).encode() == exported(
        PAIR, "md"
    )
