"""What a page prints as its number, on real documents and where numbers may mislead."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from assistant.corpus.furniture import find_furniture
from assistant.corpus.isolate import PdfReader
from assistant.corpus.labels import printed_pages
from assistant.corpus.pdf import Line, RawPage

TRUTH = tomllib.loads((Path(__file__).parent / "printed_pages.toml").read_text("utf-8"))["document"]
ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()


def expand(ranges: list[str]) -> dict[int, str]:
    """ "31-52 2-1" as {31: "2-1", 32: "2-2", …}."""
    labels = {}
    for entry in ranges:
        pages, first = entry.split(" ", 1)
        begin, _, end = pages.partition("-")
        for step, page in enumerate(range(int(begin), int(end or begin) + 1)):
            labels[page] = _count_on(first, step)
    return labels


def _count_on(label: str, step: int) -> str:
    if label in ROMAN:
        return ROMAN[ROMAN.index(label) + step]
    match = re.fullmatch(r"(.*?)(\d+)", label)
    assert match is not None
    return f"{match[1]}{int(match[2]) + step}"


def labels_of(path: Path) -> dict[int, str | None]:
    with PdfReader() as reader:
        raw = reader.read(path)
    return printed_pages(raw.pages, find_furniture(raw.pages), raw.labels).labels


@pytest.mark.shared
@pytest.mark.parametrize("document", TRUTH, ids=lambda document: Path(document["file"]).stem[:24])
def test_real_documents(shared_corpus: Path, document: dict) -> None:
    truth = expand(document["printed"])
    labels = labels_of(shared_corpus / document["file"])
    assert len(labels) == document["pages"]
    right = sum(labels[page] == label for page, label in truth.items())
    wrong = {
        page: label
        for page, label in labels.items()
        if label is not None and label != truth.get(page)
    }
    print(f"{document['file']}: {right} of {len(truth)} right, {len(wrong)} wrong")
    assert right >= 0.97 * len(truth), {
        p: (labels[p], t) for p, t in truth.items() if labels[p] != t
    }
    assert len(wrong) <= 0.01 * document["pages"], wrong


@pytest.mark.shared
def test_the_label_tree_of_the_statute(shared_corpus: Path) -> None:
    labels = labels_of(shared_corpus / "law" / "NDAA_FY2017.pdf")
    assert labels == {page: str(1998 + page) for page in range(1, 971)}


# --- Pages made by hand: each line is (height from the bottom, text) ---------------------


def page(number: int, *lines: tuple[float, str]) -> RawPage:
    text, made = "", []
    for bottom, words in lines:
        made.append(Line(len(text), len(text) + len(words), 72, bottom, 540, bottom + 10, 10, 0))
        text += words + "\r\n"
    return RawPage(number, 612, 792, text, tuple(made))


def document(heads: list[str], feet: list[str]) -> list[RawPage]:
    return [
        page(
            number,
            (750, head),
            *(
                (700 - 15 * line, f"Text number {line} of this one page only.")
                for line in range(40)
            ),
            (30, foot),
        )
        for number, (head, foot) in enumerate(zip(heads, feet, strict=True), 1)
    ]


def read(heads: list[str], feet: list[str], tree: list[str] | None = None) -> list[str | None]:
    pages = document(heads, feet)
    return list(printed_pages(pages, find_furniture(pages), tree).labels.values())


def test_roman_front_matter_then_arabic() -> None:
    feet = ["21 March 2025 ADP 3-0 i", "ii ADP 3-0 21 March 2025", "21 March 2025 ADP 3-0 iii"]
    feet += [f"{n} ADP 3-0 21 March 2025" for n in range(1, 6)]
    assert read(["Contents"] * 3 + ["Chapter 1"] * 5, feet) == ["i", "ii", "iii", *"12345"]


def test_chapter_pages_beat_the_designation() -> None:
    feet = [f"31 July 2019 ADP 3-2 {chapter}-{n}" for chapter in (1, 2) for n in (1, 2, 3)]
    assert read(["Sustainment"] * 6, feet) == ["1-1", "1-2", "1-3", "2-1", "2-2", "2-3"]


def test_a_foot_whose_words_change_from_page_to_page() -> None:
    feet = ["SECTION 1: POLICY 1", "SECTION 2: DUTIES 2", "GLOSSARY 3", "REFERENCES 4"]
    assert read(["A directive"] * 4, feet) == ["1", "2", "3", "4"]


def test_numbers_restart_in_an_attachment() -> None:
    feet = [f"Page {n} of 3" for n in (1, 2, 3)] + [f"Page {n} of 2" for n in (1, 2)]
    assert read(["A memorandum"] * 5, feet) == ["1", "2", "3", "1", "2"]


@pytest.mark.parametrize(
    "foot", ["1 May 2004", "(703) 604-6612", "Attachment 2", "$5,935", "Table 3", "Washington"]
)
def test_what_is_no_page_number(foot: str) -> None:
    assert read(["A memorandum"] * 4, [foot] * 4) == [None] * 4


def test_dates_that_happen_to_count() -> None:
    feet = [f"{day} May 2004" for day in range(4, 10)]
    assert read(["A diary"] * 6, feet) == [None] * 6


def test_a_page_that_prints_none() -> None:
    feet = ["1", "2", "This page is a figure", "4", "5"]
    assert read(["A manual"] * 5, feet) == ["1", "2", None, "4", "5"]


def test_a_tree_of_plain_counting_is_not_believed() -> None:
    feet = [f"I-{n}" for n in range(1, 6)]
    assert read(["Overview"] * 5, feet, [str(n) for n in range(1, 6)]) == [
        f"I-{n}" for n in range(1, 6)
    ]


def test_a_tree_that_agrees_decides() -> None:
    tree = [str(n) for n in range(1999, 2009)]
    feet = [f"130 STAT. {label}" for label in tree]
    feet[4] = "130 STAT. 2O03"  # a letter where a digit should be
    assert read(["Public law"] * 10, feet, tree)[5:] == tree[5:]


def test_no_pages() -> None:
    assert printed_pages([], frozenset()).labels == {}
