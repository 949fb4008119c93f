"""The invariants of reading, checked on whatever was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from assistant.corpus.block import Block
from assistant.corpus.blocks import find_blocks
from assistant.corpus.clean import clean, settle_line_hyphens, vocabulary
from assistant.corpus.furniture import Key, find_furniture
from assistant.corpus.labels import printed_pages
from assistant.corpus.passages import PassageMaker, embedded_text
from assistant.corpus.pdf import Line, RawPage
from assistant.types import Passage

Measure = Callable[[str], int]


def words(text: str) -> int:
    """A measure for tests: words and a constant, as a tokenizer adds special tokens."""
    return len(text.split()) + 2


class Read:
    """What reading makes of ``pages``, without a worker and without a document's identity."""

    def __init__(
        self, pages: Sequence[RawPage], measure: Measure = words, capacity: int = 80
    ) -> None:
        known = vocabulary(page.text for page in pages)
        self.pages = [
            RawPage(p.number, p.width, p.height, settle_line_hyphens(p.text, known), p.lines)
            for p in pages
        ]
        furniture = find_furniture(self.pages)
        printed = printed_pages(self.pages, furniture)
        self.labels = printed.labels
        self.furniture: frozenset[Key] = furniture | printed.lines
        self.texts = {page.number: page.text for page in self.pages}
        self.blocks: list[Block] = find_blocks(self.pages, self.furniture)
        self.measure, self.capacity = measure, capacity
        self.passages: list[Passage] = PassageMaker("d", self.texts, measure, capacity).make(
            self.blocks
        )

    @property
    def heads(self) -> list[str]:
        """The running heads and feet."""
        return [
            page.text[page.lines[i].start : page.lines[i].end]
            for page in self.pages
            for number, i in sorted(self.furniture)
            if number == page.number
        ]

    def block_text(self, block: Block) -> str:
        return " ".join(clean(self.texts[s.page][s.start : s.end]) for s in block.spans)

    def of_kind(self, kind: str) -> list[str]:
        """Texts of the blocks of a kind."""
        return [self.block_text(block) for block in self.blocks if block.kind == kind]

    def passage_with(self, words: str) -> Passage:
        """The one passage whose text holds ``words``."""
        found = [passage for passage in self.passages if words in passage.text]
        assert len(found) == 1, [passage.text for passage in self.passages]
        return found[0]

    def parts(self, passage: Passage) -> list[str]:
        return [
            " ".join(clean(self.texts[s.page][s.start : s.end]) for s in part.spans)
            for part in passage.parts
        ]


def furniture_ranges(read: Read) -> dict[int, set[int]]:
    ranges: dict[int, set[int]] = {page.number: set() for page in read.pages}
    for page in read.pages:
        for number, index in read.furniture:
            if number == page.number:
                line: Line = page.lines[index]
                ranges[number].update(range(line.start, line.end))
    return ranges


def check_passages(
    texts: dict[int, str],
    passages: Sequence[Passage],
    furniture: dict[int, set[int]],
    measure: Measure,
    capacity: int,
) -> None:
    """Spans inside pages, every character once, unique ids, nothing longer than is read."""
    covered = {number: Counter[int]() for number in texts}
    for passage in passages:
        assert passage.parts and passage.text.strip()
        for span in (*passage.spans, *passage.heading_spans, *passage.lead_in):
            assert 0 <= span.start < span.end <= len(texts[span.page])
        for span in (*passage.spans, *passage.heading_spans):
            covered[span.page].update(range(span.start, span.end))
        lead_in = " ".join(clean(texts[s.page][s.start : s.end]) for s in passage.lead_in)
        assert measure(embedded_text(passage, lead_in)) <= capacity, passage
    for number, text in texts.items():
        for offset, character in enumerate(text):
            if not character.isspace():
                expected = 0 if offset in furniture[number] else 1
                assert covered[number][offset] == expected, (
                    number,
                    text[max(0, offset - 30) : offset + 30],
                )
    assert len({passage.id for passage in passages}) == len(passages)
    assert [passage.order for passage in passages] == list(range(len(passages)))


def check(read: Read) -> None:
    check_passages(read.texts, read.passages, furniture_ranges(read), read.measure, read.capacity)
