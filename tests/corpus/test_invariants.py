"""What holds for everything that is read, whatever it looks like."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus.clean import LINE_HYPHENS, clean, clean_with_offsets, settle_line_hyphens
from assistant.corpus.files import identify
from assistant.corpus.isolate import PdfReader
from assistant.corpus.pdf import Line, RawPage
from assistant.corpus.reader import read_document
from assistant.corpus.sentences import sentence_ranges
from assistant.index.embedder import Embedder
from tests.conftest import ROOT
from tests.corpus.checks import Read, check, check_passages

STARTER = sorted((ROOT / "corpus").glob("*.pdf"))
SHARED = [
    "crs/CRS_IF10491.14.pdf",
    "doctrine/ARN43323-ADP_3-0-000-WEB-1.pdf",
    "doctrine/JP_3-09_10April2019.pdf",
    "issuances/DoD_Manual_5200.01_Vol.1.pdf",
    "memos/DSCA_02-49.pdf",
    "odd/JS_CURRENT_DIRECTIVES_-_22_Jan_2020.pdf",
]

# --- Text --------------------------------------------------------------------------------

ODD = "\ufb01\ufb02\u2019\u201c\u201d\u00ad\ufffe\x02\uf0b7\u2022\u200b\ufeff\u2011\t\r\n \x07"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])))


@given(texts, st.integers(0, 10_000))
def test_cleaning_keeps_the_way_back(raw: str, base: int) -> None:
    cleaned = clean_with_offsets(raw, base)
    assert len(cleaned.offsets) == len(cleaned.text)
    assert list(cleaned.offsets) == sorted(cleaned.offsets)
    assert all(base <= offset < base + len(raw) for offset in cleaned.offsets)
    for start in range(len(cleaned.text)):
        low, high = cleaned.raw_range(start, start + 1)
        assert base <= low < high <= base + len(raw)


@given(texts)
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@given(texts, st.frozensets(st.text("abc", min_size=2)))
def test_settling_hyphens_moves_nothing(raw: str, words: frozenset[str]) -> None:
    settled = settle_line_hyphens(raw, words)
    assert len(settled) == len(raw)
    assert not set(settled) & set(LINE_HYPHENS)
    assert all(a == b or a in LINE_HYPHENS for a, b in zip(raw, settled, strict=True))


@given(texts)
def test_sentences_cover_the_text(raw: str) -> None:
    text = clean(raw)
    ranges = list(sentence_ranges(text))
    assert ranges == sorted(ranges)
    inside = {offset for start, end in ranges for offset in range(start, end)}
    assert sum(end - start for start, end in ranges) == len(inside)
    assert all(text[i].isspace() for i in range(len(text)) if i not in inside)


# --- Generated documents -----------------------------------------------------------------

openings = st.sampled_from(
    [
        "",
        "1-1. ",
        "2-14. ",
        "1.2. ",
        "a. ",
        "(1) ",
        "3. ",
        "• ",
        "\uf0b7 ",
        "— ",
        "1 A note ",
        "Figure 1-1. ",
        "Table 2. ",
        "GLOSSARY",
        "CHAPTER I",
        "ABBR long ",
        "SECTION II – TERMS ",
    ]
)
phrases = st.sampled_from(
    [
        "The commander decides.",
        "Planners weigh what the ally can do, and what it cannot do,",
        "secu\ufffe\r\nrity cooperation “supports” campaign plans",
        "OPERATIONS AND WAR",
        "one of the\ufb01rst.1",
        "x" * 300,
        "word " * 120,
    ]
)


@st.composite
def pages(draw: st.DrawFn) -> list[RawPage]:
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        text, lines, y = "", [], 770.0
        for _ in range(draw(st.integers(0, 12))):
            words = (draw(openings) + draw(phrases)).strip()
            left = draw(st.sampled_from([72.0, 90.0, 320.0]))
            right = left + draw(st.sampled_from([40.0, 200.0, 460.0]))
            height = draw(st.sampled_from([7.0, 10.0, 10.0, 16.0]))
            bold = draw(st.booleans())
            top = y if draw(st.integers(0, 9)) else 600.0  # now and then a jump back
            lines.append(
                Line(
                    len(text), len(text) + len(words), left, top - height, right, top, height,
                    float(bold), bold, bold,
                )
            )  # fmt: skip
            text += words + draw(st.sampled_from(["\r\n", "\r\n\r\n"]))
            y -= draw(st.sampled_from([height * 1.2, height * 2.5]))
        made.append(RawPage(number, 612.0, 792.0, text, tuple(lines)))
    return made


@settings(max_examples=150, deadline=None)
@given(pages(), st.sampled_from([60, 80, 250]))
def test_generated_documents(made: list[RawPage], capacity: int) -> None:
    read = Read(made, capacity=capacity)
    check(read)
    again = Read(made, capacity=capacity)
    assert [p.id for p in again.passages] == [p.id for p in read.passages]
    _no_passage_crosses_a_heading(read)


def _no_passage_crosses_a_heading(read: Read) -> None:
    headings = {span for block in read.blocks if block.kind == "heading" for span in block.spans}
    place = {}
    for order, block in enumerate(read.blocks):
        for span in block.spans:
            place[span] = order
    for passage in read.passages:
        if not headings & set(passage.spans):
            known = [place[span] for span in passage.spans if span in place]
            between = read.blocks[min(known) : max(known)] if known else []
            assert all(block.kind != "heading" for block in between)


@given(st.integers(0, 3))
def test_ids_change_with_the_text(which: int) -> None:
    lines = [f"1-{n}. Paragraph {n} of the text says something." for n in range(1, 5)]
    before = Read([_page(lines)]).passages
    lines[which] = lines[which].replace("something", "something else")
    after = Read([_page(lines)]).passages
    changed = [a.id != b.id for a, b in zip(before, after, strict=True)]
    assert changed == [index == which for index in range(4)]


def _page(lines: list[str]) -> RawPage:
    text, made = "", []
    for index, words in enumerate(lines):
        top = 600 - 30 * index
        made.append(Line(len(text), len(text) + len(words), 72, top - 10, 540, top, 10, 0))
        text += words + "\r\n"
    return RawPage(1, 612, 792, text, tuple(made))


# --- Real documents, with what the model really reads ------------------------------------


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def _check_file(folder: Path, name: str, embedder: Embedder) -> None:
    source = identify(folder, folder / name)
    with PdfReader() as reader:
        read = read_document(reader, source, None, embedder.measure, embedder.capacity)
        again = read_document(reader, source, None, embedder.measure, embedder.capacity)
    assert read == again
    numbers = sorted([page.number for page in read.pages] + list(read.unread))
    assert numbers == list(range(1, read.document.page_count + 1))
    furniture: dict[int, set[int]] = {page.number: set() for page in read.pages}
    for number, start, end in read.furniture:
        furniture[number].update(range(start, end))
    text = {page.number: page.text for page in read.pages}
    check_passages(text, read.passages, furniture, embedder.measure, embedder.capacity)


@pytest.mark.parametrize("path", STARTER, ids=lambda path: path.stem)
def test_starter_documents(path: Path, embedder: Embedder) -> None:
    _check_file(path.parent, path.name, embedder)


@pytest.mark.shared
@pytest.mark.parametrize("name", SHARED, ids=lambda name: Path(name).stem[:24])
def test_shared_documents(shared_corpus: Path, name: str, embedder: Embedder) -> None:
    _check_file(shared_corpus, name, embedder)
