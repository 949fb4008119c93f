"""What a system answered to one gold question, read from a line of ``answers.jsonl``.

Any system can be judged that writes such lines: the ``id`` of the question and the fields of
``ask --json``, beside ``error`` (why there is no answer) and ``read_anew``: for each citation
the text that stands in the PDF itself at its page and offsets, cleaned, null where the
citation names no offsets.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError

from assistant.errors import UsageError
from assistant.eval.gold import PageId


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SpanRecord(_Part):
    """A range of characters of a page."""

    pdf_page: int


class HitRecord(_Part):
    """A passage found."""

    file: str
    pdf_page: int
    spans: tuple[SpanRecord, ...] = ()

    @property
    def pages(self) -> tuple[PageId, ...]:
        """The pages it stands on, in reading order."""
        numbers = dict.fromkeys([self.pdf_page, *(span.pdf_page for span in self.spans)])
        return tuple((self.file, number) for number in numbers)


class CitationRecord(_Part):
    """A citation shown."""

    n: int
    file: str
    pdf_page: int
    printed_page: str | None = None
    paragraph: str | None = None
    quote: str = ""
    designation: str = ""
    status: Literal["verified", "superseded", "unverified"] = "verified"
    start: int | None = None
    end: int | None = None

    @property
    def page(self) -> PageId:
        """The page it names."""
        return self.file, self.pdf_page


class StatementRecord(_Part):
    """A statement shown, with the numbers of its citations.

    One that is not ``supported`` is shown as nothing to rely on.
    """

    text: str
    citations: tuple[int, ...] = ()
    supported: bool = True


class AnswerRecord(_Part):
    """The answer to the question ``id``; with ``error`` nothing else says anything."""

    id: str
    question: str = ""
    searched: str = ""
    abstained: bool = False
    reason: str | None = None
    confidence: FiniteFloat | None = None
    statements: tuple[StatementRecord, ...] = ()
    citations: tuple[CitationRecord, ...] = ()
    hits: tuple[HitRecord, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: dict[str, FiniteFloat] = Field(default_factory=dict)
    mode: str = "extractive"
    model: str | None = None
    fallback: str | None = None
    error: str | None = None
    read_anew: tuple[str | None, ...] = ()

    @property
    def ranked_pages(self) -> tuple[PageId, ...]:
        """The distinct pages of the passages found, best first."""
        return tuple(dict.fromkeys(page for hit in self.hits for page in hit.pages))

    @property
    def cited_pages(self) -> frozenset[PageId]:
        """The distinct pages cited."""
        return frozenset(citation.page for citation in self.citations)

    @property
    def offered(self) -> tuple[StatementRecord, ...]:
        """The statements that are shown as supported."""
        return tuple(statement for statement in self.statements if statement.supported)

    def cited_statements(self, *, verified: bool = False) -> tuple[StatementRecord, ...]:
        """The statements with a citation that is there, or with one that is ``verified``."""
        numbers = {c.n for c in self.citations if not verified or c.status != "unverified"}
        return tuple(s for s in self.offered if not numbers.isdisjoint(s.citations))


_RECORD: Final = TypeAdapter(AnswerRecord)


def read_records(path: Path) -> dict[str, AnswerRecord]:
    """The answers in ``path`` by id, the last one where an id is there twice.

    Raises UsageError where a line is no answer.
    """
    return {record.id: record for record in _records(path)}


def duplicates(path: Path) -> list[str]:
    """The ids that ``path`` has more than once."""
    counts = Counter(record.id for record in _records(path))
    return sorted(id_ for id_, count in counts.items() if count > 1)


def read_raw(path: Path) -> dict[str, dict[str, object]]:
    """The same as plain JSON; a last line that was cut short is left out."""
    found = {}
    for line in _lines(path):
        try:
            value = json.loads(line)
        except ValueError:  # the cut may go through a character, too
            continue
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            found[value["id"]] = value
    return found


def _records(path: Path) -> Iterator[AnswerRecord]:
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            yield _RECORD.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise UsageError(f"{path}, line {number}: {place}: {first['msg']}.") from error


def _lines(path: Path) -> list[bytes]:
    """Split at line feeds alone: text out of PDFs may hold other characters that end a line."""
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from error
