"""A table is labelled with the numbered paragraph that refers to it."""

from __future__ import annotations

from assistant.corpus.block import Block
from assistant.corpus.references import label_by_reference, label_footnotes
from assistant.types import Span

TEXTS: dict[int, str] = {}


def block(kind: str, text: str, label: str | None = None, *, table: bool = False) -> Block:
    number = len(TEXTS) + 1
    TEXTS[number] = text
    return Block(kind, [Span(number, 0, len(text))], label, (0, 0, 0, 0), False, table)  # type: ignore[arg-type]


def labels(*blocks: Block) -> list[str | None]:
    label_by_reference(blocks, TEXTS)
    return [found.label for found in blocks]


def test_the_paragraph_that_names_the_table_gives_its_label_to_caption_and_rows() -> None:
    assert labels(
        block("text", "Classes are in table 1-1.", "1-28"),
        block("text", "Another paragraph stands between.", "1-29"),
        block("caption", "Table 1-1. Classes of supply", table=True),
        block("item", "Class I Subsistence", table=True),
        block("text", "The next paragraph.", "1-30"),
    ) == ["1-28", "1-29", "1-28", "1-28", "1-30"]


def test_a_table_that_nothing_names_has_no_label() -> None:
    found = labels(
        block("text", "See table 1-10 and table 1-1.2.", "1-28"),
        block("caption", "Table 1-1. Classes of supply", table=True),
        block("item", "Class I Subsistence", table=True),
    )
    assert found == ["1-28", None, None]


def test_a_reference_behind_the_table_counts_where_none_stands_before() -> None:
    found = labels(
        block("caption", "Figure 2-1. The framework", table=True),
        block("text", "Figure 2-1 shows the framework.", "2-3"),
    )
    assert found == ["2-3", "2-3"]


def test_a_continued_table_keeps_the_label_of_its_beginning() -> None:
    found = labels(
        block("text", "See table 3-1.", "3-1"),
        block("caption", "Table 3-1. Duties", table=True),
        block("caption", "Table 3-1. Duties (continued)", table=True),
        block("item", "Row", table=True),
    )
    assert found == ["3-1"] * 4


def test_a_footnote_belongs_to_the_paragraph_that_carries_its_mark() -> None:
    told = [
        ("text", "Speed counts.2 It does.", "1-1"),
        ("text", "See phase 2 and 3.", "1-2"),
        ("text", "There are four:3 a, b, c and d.", "1-3"),
        ("footnote", "2 Of the 1.3 kinds.", None),
        ("footnote", "3 An older count.", None),
        ("footnote", "4 Without a mark.", None),
    ]
    blocks, start = [], 0
    for kind, text, label in told:
        blocks.append(Block(kind, [Span(900, start, start + len(text))], label))  # type: ignore[arg-type]
        start += len(text) + 1
    TEXTS[900] = " ".join(text for _, text, _ in told)
    label_footnotes(blocks, TEXTS)
    assert [block.label for block in blocks[3:]] == ["1-1", "1-3", None]
