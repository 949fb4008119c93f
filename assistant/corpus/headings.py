"""Which rows are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.corpus.numbering import Numbering
from assistant.corpus.rows import Measures, Row

HEADING_LENGTH = 130
LARGER = 1.16  # times the body height from which a line alone reads as a heading
MUCH_LARGER = 1.3
MOST_LINES = 4
CAPITALS = 0.85  # share of capitals among the letters of what is set in capitals
APART = 1.15  # line pitches from which a line stands apart from the next one
Style = tuple[int, float, int, int]
_DIVISION = re.compile(
    r"(?:chapter|appendix|annex|enclosure|title|attachment|tab)\s*#?\s*[\dIVXLC]{1,5}\b"
    r"|(?:appendix|annex|enclosure)\b|(?:glossary|references|index|source notes)$",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:section|subtitle|part)\s+[\dIVXLCA-Z]{1,5}\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:[\dA-Z]{1,3}[.)]|\((?:\d{1,3}|[a-z]{1,3}|[A-Z])\))(?:\d+\.?)*\s+|\d(?:\.\d+)*\s+"
)
_SENTENCE = re.compile(r"[a-z)\]][.?!]\s+[A-Z]")
_OPEN = re.compile(r"\b(?:the|an?|of|and|or|to|for|in|with|by|is|are|that|on|at|from|as)$", re.I)
_WORD = re.compile(r"[a-z]+[ ,]")
_QUOTED = re.compile(r"[\"”]\s*\d*$")
_GLOSSARY_PART = re.compile(r"(?:section|part|[A-Z]{1,2}\.\d|terms|acronyms|abbrev)", re.IGNORECASE)


def style(row: Row, text: str) -> Style:
    """Orders headings: what ranks higher stands above what ranks lower."""
    if level := rank(text):
        return level, 0, 0, 0
    return 0, round(row.line.height), int(_upper_share(text) >= CAPITALS), int(row.line.bold > 0.5)


def rank(text: str) -> int:
    """2 for what divides a document (chapter, appendix, glossary), 1 for a section, else 0."""
    stripped = text.strip()
    return 2 if _DIVISION.match(stripped) else 1 if _SECTION.match(stripped) else 0


def opens_glossary(text: str) -> bool:
    """Whether a heading begins a glossary."""
    return "glossary" in text.lower()


def within_glossary(text: str) -> bool:
    """Whether a heading divides a glossary and does not end it."""
    return bool(_GLOSSARY_PART.match(text.strip())) and rank(text) < 2


def distance(above: Row | None, row: Row, pitch: float) -> float:
    """From the row above in usual line pitches; 9 where it is unknown."""
    if above is None or above.page.number != row.page.number:
        return 9.0
    # A row may hold several printed lines joined at line-end hyphens, so the distance is
    # taken from its lowest point.
    low = min(line.bottom for line in above.lines)
    return (low - row.line.top + row.line.height) / pitch


def _upper_share(text: str) -> float:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) / max(1, len(letters))


class HeadingFinder:
    """Tells headings from text by type size, weight, capitals and what stands around."""

    def __init__(self, rows: Sequence[Row], measures: Measures, numbering: Numbering) -> None:
        self._rows = rows
        self._measures = measures
        self._numbering = numbering

    def lines_at(self, index: int, above: Row | None, glossary: bool) -> int:
        """How many rows from ``index`` on make up a heading; 0 where there is none.

        ``above`` is the row of running text read before it.
        """
        row = self._rows[index]
        if not self._could_be(row):
            return 0
        count = 1
        while count < MOST_LINES and self._goes_on(index + count):
            count += 1
        run = self._rows[index : index + count]
        text = " ".join(r.text.strip() for r in run)
        following = self._row(index + count)
        if len(text) > 2 * HEADING_LENGTH or not self._stands(run, text, above, following):
            return 0
        if glossary and not self._divides_glossary(row, text):
            return 0
        return count

    def _row(self, index: int) -> Row | None:
        return self._rows[index] if index < len(self._rows) else None

    def _larger(self, row: Row) -> bool:
        return row.line.height >= LARGER * self._measures.body

    def _could_be(self, row: Row) -> bool:
        text = row.text.strip()
        letters = [c for c in text if c.isalpha()]
        if len(text) > HEADING_LENGTH or len(letters) < 3 or row.contents or row.footnote:
            return False
        if text[0].islower():
            return False
        if self._bold(row):
            return True
        return self._capitals(row) or (self._larger(row) and self._measures.steady)

    def _bold(self, row: Row) -> bool:
        line = row.line
        return line.bold >= 0.6 and line.bold_start and row.lines[-1].bold_end

    def _capitals(self, row: Row) -> bool:
        enough = sum(c.isupper() for c in row.text) >= 5
        return enough and _upper_share(row.text) >= CAPITALS and not self._measures.shouting

    def _goes_on(self, index: int) -> bool:
        """Whether the row is a further line of the heading above it."""
        above, row = self._rows[index - 1], self._row(index)
        if row is None or row.page.number != above.page.number or row.footnote:
            return False
        close = distance(above, row, above.line.height) < 1.55
        return (
            close
            and row.line.bottom < above.line.bottom - 2
            and abs(above.line.height - row.line.height) < 0.6
            and self._bold(above) == self._bold(row)
            and above.text.isupper() == row.text.isupper()
            and (self._bold(row) or self._capitals(row) or self._larger(row))
            and not _NUMBERED.match(row.text)
            and rank(row.text) == 0
            and not self._numbering.starts(row.text)
        )

    def _stands(
        self, run: Sequence[Row], text: str, above: Row | None, following: Row | None
    ) -> bool:
        """Whether what looks like a heading is not a sentence, a term or an attribution."""
        row, last = run[0], run[-1]
        large = row.line.height >= MUCH_LARGER * self._measures.body
        bold, capitals = self._bold(row), self._capitals(row)
        body = _NUMBERED.sub("", text, count=1)
        after = 9.0 if following is None else distance(last, following, self._measures.pitch)
        if self._numbering.starts(text):
            # "1.2. POLICY." is a heading where nothing follows it in its line.
            light = following is not None and not following.line.bold_start
            title = _upper_share(body) >= CAPITALS or (
                bold and light and body[-1] not in ".:;," and not row.wraps
            )
            return (bold or capitals) and title and not _SENTENCE.search(body) and after > APART
        if not large and (text[-1] in ".,;" or _SENTENCE.search(body)):
            return text[-1] == "." and bold and body.isupper() and after > APART
        if text[-1] in ",;" or (_OPEN.search(text) and after < 1.4):
            return False
        if following is not None and _WORD.match(following.text) and after < 1.3:
            return False  # the sentence goes on
        gap = distance(above, row, self._measures.pitch)
        if above is not None and not large:
            if above.wraps and gap < 1.3:
                return False
            if _QUOTED.search(above.text) and not (capitals or self._larger(row)):
                return False  # who is quoted
        if capitals and not bold and not self._larger(row):
            apart = after > APART or rank(text) == 2
            return gap > APART and apart and not (above is not None and above.wraps)
        if bold and not self._larger(row) and not capitals:
            return not text.endswith(":") and (gap > 1.2 or row.first_on_page)
        return True

    def _divides_glossary(self, row: Row, text: str) -> bool:
        return (
            within_glossary(text)
            or rank(text) == 2
            or (self._larger(row) and not text[0].islower() and text[0] != "*")
        )
