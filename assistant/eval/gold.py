"""Gold questions: what should be answered, from where, and what should not be.

A gold file holds one JSON object a line; docs/evaluation.md has the fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from assistant.corpus.clean import clean
from assistant.errors import UsageError

Kind = Literal[
    "fact",
    "definition",
    "list",
    "procedure",
    "who-is-responsible",
    "number-or-date",
    "comparison",
    "multi-document",
    "yes-no",
    "unanswerable",
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
PageId = tuple[str, int]  # file below corpus/, 1-based physical page


def _not_blank(text: str) -> str:
    if not clean(text):
        raise ValueError("this is blank")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]


class GoldError(UsageError):
    """A gold file cannot be used as it is."""


class Evidence(BaseModel):
    """One place that answers; entries of the same ``group`` are interchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    file: Text
    pdf_page: int = Field(ge=1)
    printed_page: Text | None
    paragraph: Text | None
    quote: Text
    group: int

    @property
    def page(self) -> PageId:
        """The physical page it stands on."""
        return self.file, self.pdf_page


class Must(BaseModel):
    """What any correct system gives to an adversarial question.

    ``tell``: texts that must be shown in statements, reason or notes, of a list one; ``never``:
    texts that may not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    outcome: Literal["answer", "refuse", "either"]
    tell: tuple[Text | tuple[Text, ...], ...] = ()
    never: tuple[Text, ...] = ()


class GoldQuestion(BaseModel):
    """One question; ``history`` holds the questions asked before it in the same conversation.

    ``sort`` and ``must`` are of adversarial questions: how they try to mislead, and what must
    come of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Text
    question: Text
    kind: Kind
    answerable: bool
    evidence: tuple[Evidence, ...] = ()
    nuggets: tuple[Text, ...] = ()
    answer: str = ""
    history: tuple[Text, ...] = ()
    sort: str = ""
    must: Must | None = None

    @model_validator(mode="after")
    def _agrees(self) -> GoldQuestion:
        if self.answerable == (self.kind == "unanswerable"):
            raise ValueError("answerable and kind contradict each other")
        if self.answerable and not self.evidence:
            raise ValueError("an answerable question needs evidence")
        if not self.answerable and (self.evidence or self.nuggets):
            raise ValueError("an unanswerable question has neither evidence nor nuggets")
        return self

    @property
    def pages(self) -> frozenset[PageId]:
        """All pages that hold evidence."""
        return frozenset(evidence.page for evidence in self.evidence)

    @property
    def groups(self) -> dict[int, frozenset[PageId]]:
        """The pages of each group of interchangeable evidence."""
        found: dict[int, set[PageId]] = {}
        for evidence in self.evidence:
            found.setdefault(evidence.group, set()).add(evidence.page)
        return {group: frozenset(pages) for group, pages in found.items()}


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The questions of one file; ``sha256`` is of its bytes."""

    path: Path
    sha256: str
    questions: tuple[GoldQuestion, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The documents that hold evidence, sorted."""
        return tuple(sorted({e.file for q in self.questions for e in q.evidence}))


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line of a gold file; ``id`` is "" where it has none."""

    line: int
    id: str
    problem: str

    def __str__(self) -> str:
        named = f" ({self.id})" if self.id else ""
        return f"line {self.line}{named}: {self.problem}"


_QUESTION: Final = TypeAdapter(GoldQuestion)


def load_gold(path: Path) -> GoldSet:
    """The gold set in ``path``; raises GoldError naming the first line that is wrong."""
    content = _content(path)
    questions, problems = parse_gold(content)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise GoldError(f"{path}, {problems[0]}{more}; assistant eval check lists all.")
    if not questions:
        raise GoldError(f"{path} holds no questions.")
    return GoldSet(path, hashlib.sha256(content).hexdigest(), tuple(questions.values()))


def read_lines(path: Path) -> tuple[dict[int, GoldQuestion], list[LineProblem]]:
    """Every good question by its line, and what is wrong with the other lines."""
    return parse_gold(_content(path))


def parse_gold(content: bytes) -> tuple[dict[int, GoldQuestion], list[LineProblem]]:
    """The same of a file's bytes."""
    questions: dict[int, GoldQuestion] = {}
    problems: list[LineProblem] = []
    seen: dict[str, int] = {}
    for number, line in _lines(content):
        try:
            question = _QUESTION.validate_json(line)
        except ValidationError as error:
            problems.append(LineProblem(number, "", _first(error)))
            continue
        if question.id in seen:
            problems.append(
                LineProblem(number, question.id, f"this id is that of line {seen[question.id]} too")
            )
            continue
        seen[question.id] = number
        questions[number] = question
    return questions, problems


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise GoldError(f"{path} cannot be read ({error.strerror}).") from error


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
