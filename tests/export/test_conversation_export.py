"""An exported conversation says all that was relied on, nothing else, and none of it as markup."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answer.render import cite
from assistant.conversation.turns import Conversation, Turn
from assistant.export.content import content
from assistant.export.conversation_markdown import conversation_markdown
from assistant.export.conversation_word import conversation_word
from assistant.export.markdown import escaped
from assistant.export.markings import highest_marking
from assistant.export.text import lines
from assistant.types import Progress, Statement
from tests.web.fakes import answer, citation, document

BEGUN = datetime(2025, 3, 1, 8, 5, tzinfo=UTC)
MADE = datetime(2025, 3, 2, 11, 30, tzinfo=timezone(timedelta(hours=2)))
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

ADP = document("adp/3-0.pdf", designation="ADP 3-0", title="Operations", marking="UNCLASSIFIED")
OLD = document(
    "jp/5-0.pdf",
    designation="JP 5-0",
    title="Joint Planning",
    status="superseded",
    superseded_by="JP 5-0 (2025)",
    marking="CUI//FEDCON",
    distribution="Distribution C",
)
FIRST = answer(
    "What is depth?",
    [
        Statement("Depth is a tenet.", (1,)),
        Statement("Two things are named:\n\u2022 the first\n\u2022 the second", (1, 2)),
        Statement("Depth wins every war.", (), 0.1, False, "No passage says that it wins."),
    ],
    [
        citation(1, ADP, quote="Depth is a tenet of operations."),
        citation(
            *(2, OLD),
            quote="Named are:\n1. the first; and\n2. the second.",
            paragraph="1.2.a",
            printed_page=None,
            pdf_page=47,
        ),
    ],
    notes=("The same stands in JP 3-0.",),
    standalone="What is depth in operations?",
)
SECOND = answer(
    "And breadth?",
    [Statement("Breadth is another.", (1,))],
    [citation(1, ADP, quote="Breadth is another tenet.", paragraph=None, printed_page="xii")],
    model="small-model",
    fallback="The model did not answer in time.",
)
REFUSAL = answer("Who won?", abstained=True, reason="The documents do not say who won.")
TALK = Conversation(
    "id",
    "Depth and breadth",
    BEGUN,
    BEGUN + timedelta(hours=26),
    (
        Turn(1, "What is depth?", "ADP 3-0 only", FIRST),
        Turn(2, "And breadth?", answer=SECOND),
        Turn(4, "Who won?", answer=REFUSAL),
        Turn(5, "x" * 3000, error="A question may be 2,000 characters long."),
        Turn(6, "Still waiting?", progress=Progress(draft="Nobody checked this.")),
    ),
)

HOSTILE = [
    "# Heading #\n## Another\nUnderlined\n=====\nAgain\n---",
    "- item\n* item\n+ item\n1. item\n2) item\na. item\n(b) item\n\u2022 item",
    "> quoted\n>> twice",
    "    indented code\n\tcode",
    "```\nfenced\n```\n~~~\nfenced\n~~~ `code` ``code``",
    "*em* **strong** _em_ __strong__ ~~struck~~ ==marked== x^2^ H~2~O $x$ $$y$$",
    "[link](http://evil.example) ![image](x.png) [ref]: http://x <http://auto.example>",
    "http://bare.example www.bare.example a@bare.example mailto:a@b.example",
    "[1]: /reference\n[^1]: note\n[ref][1] [^1] \\[x\\] \\",
    '<script>alert(1)</script> <b onclick="x">bold</b> <!-- comment --> <?php ?> <![CDATA[x]]>',
    "<div>\nblock\n</div>",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a | b\n--|--\n1 | 2",
    "&lt;b&gt; &amp; &#35; &nbsp;",
    "Term\n: definition\n%title\n{#id .class} {{ x }} {% y %}",
    "***\n___\n- - -\n* * *",
    "- [ ] task\n- [x] done",
    "\x00\x01\x0b\x0c\x1b[31m\ufffe\uffff\ud800\udfff \u202eabc\u2066 \u2028 \x85 end  \nhard",
    "As in [1][2] and [99].",
]


def hostile(text: str) -> Conversation:
    """A conversation with ``text`` in every place that a value fills."""
    source = replace(
        ADP,
        id=text,
        file=text,
        designation=text,
        title=text,
        publisher=text,
        marking=text,
        distribution=text,
        status="superseded",
        superseded_by=text,
    )
    where = {"paragraph": text, "printed_page": text, "quote": text}
    reply = answer(
        text,
        [Statement(text, (1,)), Statement(f"Named are:\n\u2022 {text}\n\u2022 {text}", (1, 2))],
        [citation(1, source, **where), citation(2, source, **where)],
        notes=(text, text),
        standalone=text,
        model=text,
        fallback=text,
    )
    other = replace(reply, index=text)
    return Conversation(
        text,
        text,
        BEGUN,
        BEGUN,
        (
            Turn(1, text, text, reply),
            Turn(2, text, answer=other),
            Turn(3, text, answer=answer(text, abstained=True, reason=text)),
            Turn(4, text, error=text),
        ),
    )


def plain(token: Token) -> str:
    """The text of a paragraph, which may hold nothing but text and strong text."""
    assert token.children is not None
    assert {child.type for child in token.children} <= {"text", "strong_open", "strong_close"}
    return "".join(child.content for child in token.children)


def markdown_blocks(text: str) -> list[tuple[str, str]]:
    """Kind and text of every block that a reader of Markdown finds."""
    inside: list[str] = []
    found = []
    for token in READER.parse(text):
        if token.type == "inline":
            found.append((" ".join(inside), plain(token)))
        elif token.nesting == 1:
            inside.append(token.tag)
        elif token.nesting == -1:
            assert inside.pop() == token.tag
        else:
            raise AssertionError(f"unexpected {token.type}")
    return found


PLACES = {
    "banner": "p",
    "title": "h1",
    "heading": "h2",
    "subheading": "h3",
    "text": "p",
    "detail": "p",
    "item": "ul li p",
    "quote": "blockquote p",
}


def expected(conversation: Conversation) -> list[tuple[str, str]]:
    return [
        (PLACES[block.kind], f"{block.label} {block.text}" if block.label else block.text)
        for block in content(conversation, MADE)
    ]


def opened(conversation: Conversation) -> WordDocument:
    return docx.Document(io.BytesIO(conversation_word(conversation, MADE)))


def word_text(conversation: Conversation) -> str:
    return "\n".join(paragraph.text for paragraph in opened(conversation).paragraphs)


def markdown_text(conversation: Conversation) -> str:
    found = markdown_blocks(conversation_markdown(conversation, MADE))
    return "\n".join(text for _, text in found)


EXPORTS = pytest.mark.parametrize("export", [markdown_text, word_text])


# --- What both say -----------------------------------------------------------------------


@EXPORTS
def test_every_citation_is_there_in_full(export: Any) -> None:
    text = export(TALK)
    cited = [*FIRST.citations, *SECOND.citations]
    for number, one in enumerate(cited, 1):
        assert f"[{number}] {cite(one)}" in text
        assert one.quote in text
        assert f"File: {one.document.file}" in text
        assert f"PDF page: {one.pdf_page}" in text
        assert one.printed_page is None or f"Printed page: {one.printed_page}" in text
        assert one.paragraph is None or f"Paragraph: {one.paragraph}" in text
        assert f"Title: {one.document.title}" in text
        assert f"Marking: {one.document.marking}" in text
    assert "Superseded by: JP 5-0 (2025) \u00b7 Marking: CUI//FEDCON" in text
    assert "Distribution: Distribution C" in text


@EXPORTS
def test_marks_are_numbered_through_the_paper(export: Any) -> None:
    said = export(TALK).split("\n")
    assert "Depth is a tenet. [1]" in said
    assert said[said.index("Two things are named:") :][1:3] == ["the first", "the second [1][2]"]
    assert "Breadth is another. [3]" in said
    definitions = [line for line in said if re.match(r"\[\d+\] ", line)]
    assert [line[:3] for line in definitions] == ["[1]", "[2]", "[3]"]


@EXPORTS
def test_what_the_passages_do_not_carry_is_left_out(export: Any) -> None:
    text = export(TALK)
    assert "wins every war" not in text
    assert "it wins" not in text
    assert "Left out: 1 statement, because the cited passages do not support it." in text
    assert text.count("Left out:") == 1
    unsupported = Statement("Zinc.", (), 0.0, False, "Tin.")
    two = answer("?", [unsupported, replace(unsupported, text="Iron.")])
    text = export(replace(TALK, turns=(Turn(1, "?", answer=two),)))
    assert "Left out: 2 statements, because the cited passages do not support them." in text
    assert not re.search("Zinc|Iron|Tin", text)


def test_nor_is_it_anywhere_in_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(conversation_word(TALK, MADE))) as file:
        whole = b"".join(file.read(name) for name in file.namelist())
    for text in (b"wins", b"Nobody checked", b"python-docx"):
        assert text not in whole
        assert text not in conversation_markdown(TALK, MADE).encode()


@EXPORTS
def test_the_rest_of_it(export: Any) -> None:
    said = export(TALK).split("\n")
    for line in (
        "CUI//FEDCON",
        "Depth and breadth",
        "Held: 1 Mar 2025 08:05 UTC to 2 Mar 2025 10:05 UTC",
        "Exported: 2 Mar 2025 09:30 UTC",
        "Index: f00dfeed00112233",
        "Question 1: What is depth?",
        "Searched for: What is depth in operations?",
        "Searched only: ADP 3-0 only",
        "Note: The same stands in JP 3-0.",
        "Question 2: And breadth?",
        "Mode: extractive \u00b7 Model: small-model \u00b7 "
        "Fallback: The model did not answer in time.",
        "Question 4: Who won?",
        "No answer",
        "The documents do not say who won.",
        f"Question 5: {'x' * 100}\u2026",
        "x" * 3000,
        "Failed: A question may be 2,000 characters long.",
    ):
        assert said.count(line) == 1, line
    assert "Still waiting?" not in "\n".join(said)


@EXPORTS
def test_the_index_stands_with_each_answer_where_they_differ(export: Any) -> None:
    first, second, *rest = TALK.turns
    changed = replace(second, answer=replace(SECOND, index="another"))
    text = export(replace(TALK, turns=(first, changed, *rest)))
    assert text.count("Mode: extractive \u00b7 Index: f00dfeed00112233") == 2
    assert text.count("Index: another") == 1
    assert "\nIndex: " not in text


@EXPORTS
def test_an_empty_conversation_is_a_paper_too(export: Any) -> None:
    text = export(Conversation("id", " ", BEGUN, BEGUN))
    assert text.split("\n") == [
        "Conversation",
        "Held: 1 Mar 2025 08:05 UTC",
        "Exported: 2 Mar 2025 09:30 UTC",
    ]


# --- Markings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markings", "banner"),
    [
        ([], None),
        ([None, " "], None),
        (["UNCLASSIFIED", None], "UNCLASSIFIED"),
        (["UNCLASSIFIED", "CUI"], "CUI"),
        (["CONFIDENTIAL", "TOP SECRET", "SECRET"], "TOP SECRET"),
        (["SECRET", "secret", "SECRET"], "SECRET; secret"),
        (["SECRET//NOFORN", "UNCLASSIFIED"], "SECRET//NOFORN"),
        (["SECRET", "SECRET//NOFORN"], "SECRET; SECRET//NOFORN"),
        (["CUI//FEDCON", "SECRET"], "SECRET; CUI//FEDCON"),
        (["NATO RESTRICTED", "CUI"], "NATO RESTRICTED"),
        (["HOUSE RULES", "UNCLASSIFIED"], "HOUSE RULES; UNCLASSIFIED"),
        (["HOUSE RULES", "OTHER"], "HOUSE RULES; OTHER"),
        (["UNCLASSIFIED//FOUO", "UNCLASSIFIED"], "UNCLASSIFIED; UNCLASSIFIED//FOUO"),
    ],
)
def test_the_highest_marking(markings: list[str | None], banner: str | None) -> None:
    assert highest_marking(markings) == banner
    assert highest_marking(reversed(markings)) == banner


def test_the_marking_is_first_and_on_every_page() -> None:
    assert conversation_markdown(TALK, MADE).startswith("**CUI//FEDCON**\n\n# Depth")
    word = opened(TALK)
    section = word.sections[0]
    assert word.paragraphs[0].text == "CUI//FEDCON"
    assert section.header.paragraphs[0].text == "CUI//FEDCON"
    assert section.footer.paragraphs[0].text == "CUI//FEDCON"
    assert not section.different_first_page_header_footer


def test_without_a_marking_there_is_no_banner() -> None:
    plain_talk = replace(TALK, turns=TALK.turns[2:])
    assert conversation_markdown(plain_talk, MADE).startswith("# Depth")
    word = opened(plain_talk)
    assert word.paragraphs[0].style.name == "Title"
    assert word.sections[0].header.paragraphs[0].text == ""


# --- Markdown ----------------------------------------------------------------------------


def test_markdown_has_its_structure() -> None:
    assert markdown_blocks(conversation_markdown(TALK, MADE)) == expected(TALK)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    talk = hostile(text)
    assert markdown_blocks(conversation_markdown(talk, MADE)) == expected(talk)


MARKUP = st.text(
    st.sampled_from("#*_-+=~`|<>[](){}!\\&;:.$^%@/\"' \t\n\r\x0b\u2028\u00a01a\u2022"), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(MARKUP, st.text(max_size=60)))
def test_nor_does_any_other(text: str) -> None:
    talk = hostile(text)
    assert markdown_blocks(conversation_markdown(talk, MADE)) == expected(talk)


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_a_line_shows_as_it_is(text: str) -> None:
    for line in lines(text):
        assert markdown_blocks(escaped(line)) == [("p", line)]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("See the U.S. Army's FM 3-0, para 2-14.", "See the U.S. Army's FM 3-0, para 2-14."),
        ("a. Provides guidance", r"a\. Provides guidance"),
        ("http://x.example", r"http\://x\.example"),
        ("ask a@b.example", r"ask a\@b\.example"),
    ],
)
def test_prose_stays_readable_and_addresses_do_not_link(text: str, markdown: str) -> None:
    assert escaped(text) == markdown


def test_a_list_is_tight_and_a_quotation_whole() -> None:
    text = conversation_markdown(TALK, MADE)
    assert "Two things are named:\n\n- the first\n- the second \\[1\\]\\[2\\]\n" in text
    assert "> Named are:\n>\n> 1\\. the first; and\n>\n> 2\\. the second.\n\n" in text


# --- Word --------------------------------------------------------------------------------

STYLES = {
    "p": "Normal",
    "h1": "Title",
    "h2": "Heading 1",
    "h3": "Heading 2",
    "ul li p": "List Bullet",
    "blockquote p": "Quote",
}


@pytest.mark.parametrize("talk", [TALK, *map(hostile, HOSTILE)], ids=range(len(HOSTILE) + 1))
def test_word_has_the_same_with_real_styles(talk: Conversation) -> None:
    found = [(paragraph.style.name, paragraph.text) for paragraph in opened(talk).paragraphs]
    assert found == [(STYLES[kind], text) for kind, text in expected(talk)]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_word_opens_whatever_was_said(text: str) -> None:
    talk = hostile(text)
    assert [p.text for p in opened(talk).paragraphs] == [said for _, said in expected(talk)]


def test_word_names_its_title_time_and_pages() -> None:
    word = opened(replace(TALK, name="x" * 300))
    assert word.core_properties.title == "x" * 255
    assert word.core_properties.created == datetime(2025, 3, 2, 9, 30, tzinfo=UTC)
    assert (word.core_properties.author, word.core_properties.comments) == ("", "")
    footer = word.sections[0].footer._element.xml
    fields = re.findall(r'w:instr="(\w+)"', footer)
    assert fields == ["PAGE", "NUMPAGES"]


def test_half_a_character_and_controls_are_no_obstacle() -> None:
    assert lines("a\ud800\x00b\x1bc\u202ed\ufffee\r\n\n f\u2028g ") == [
        "a\ufffdbcd\ufffde",
        "f",
        "g",
    ]


def test_numbers_never_collide() -> None:
    text = markdown_text(replace(TALK, turns=TALK.turns[:2] * 5))
    found = [int(number) for number in re.findall(r"^\[(\d+)\] ", text, re.MULTILINE)]
    assert found == list(range(1, 16))
    assert all(after == before + 1 for before, after in pairwise(found))
