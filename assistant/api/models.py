"""Questions, answers and what they cite, as the API describes them.

The values are those of ``assistant.answer.record``, which ``assistant ask --json`` prints, too.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.api.examples import ASK, FILTERS
from assistant.types import Filters, Status

Name = Annotated[str, StringConstraints(max_length=2000)]
Text = Annotated[str, StringConstraints(max_length=1_000_000)]  # the setting has the real limit


class FiltersBody(BaseModel):
    """What is searched; a list that is empty, or left out, restricts nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [FILTERS]})

    files: list[Name] = Field([], max_length=1000, description="paths of documents below corpus/")
    statuses: list[Status] = Field([], max_length=10, description="status of a document")
    publishers: list[Name] = Field([], max_length=1000, description="who published it")
    markings: list[Name] = Field(
        [], max_length=1000, description="what it is marked with; the empty text finds the unmarked"
    )
    since: date | None = Field(None, description="first date of an edition")
    until: date | None = Field(None, description="last date of an edition")

    def value(self) -> Filters:
        """The same for the assistant."""
        return Filters(
            tuple(self.files),
            tuple(self.statuses),
            tuple(self.publishers),
            tuple(self.markings),
            self.since,
            self.until,
        )


class AskBody(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ASK]})

    question: Text = Field(description="the question, in words")
    filters: FiltersBody = Field(FiltersBody(), description="what it is asked of")
    context: list[Text] = Field(
        [],
        max_length=20,
        description="the questions before it, oldest first, to which it may refer",
    )
    extractive: bool = Field(
        False, description="in the documents' own words, also where a language model is configured"
    )
    stream: bool = Field(
        False, description="as server-sent events; the same as `Accept: text/event-stream`"
    )


class SpanBody(BaseModel):
    """A half-open range of characters of a page, as PDFium numbers them."""

    pdf_page: int = Field(description="the physical page, from 1")
    start: int = Field(description="the first character")
    end: int = Field(description="the character after the last")


class StatementBody(BaseModel):
    """One sentence, or one list with its lead-in."""

    text: str
    citations: list[int] = Field(description="numbers of the citations that carry it")
    support: float = Field(description="how well they carry it, 0 to 1")
    supported: bool = Field(description="false: shown, but nothing to rely on")
    problem: str | None = Field(description="why it is not supported")


class PlaceBody(BaseModel):
    """Where something stands."""

    file: str = Field(description="path of the document below corpus/")
    document: str = Field(description="id of the document")
    pdf_page: int = Field(description="the physical page, from 1")
    printed_page: str | None = Field(description="what is printed on it")
    paragraph: str | None = Field(description="label of the numbered paragraph")


class CitationBody(PlaceBody):
    """What carries a statement: the words of a page and their place."""

    n: int = Field(description="its number")
    designation: str = Field(description="such as `ADP 3-0`")
    title: str
    edition: date | None = Field(description="date of the edition")
    quote: str = Field(description="the words, cleaned of line breaks and hyphens at line ends")
    start: int = Field(description="where they begin in the page's text")
    end: int = Field(description="where they end")
    status: Literal["verified", "superseded"] = Field(
        description="`superseded` where a newer edition is in the corpus"
    )


class HitBody(PlaceBody):
    """A passage that was found."""

    rank: int = Field(description="1 is the best")
    score: float
    text: str
    spans: list[SpanBody]


class AnswerBody(BaseModel):
    """An answer, or why there is none: the fields of `assistant ask --json`."""

    question: str = Field(description="the question as asked")
    standalone: str | None = Field(description="a follow-up as a question that stands alone")
    searched: str = Field(description="as searched, with acronyms spelled out")
    mode: Literal["extractive", "generative"]
    model: str | None = Field(description="the language model that was asked")
    prompt: str | None = Field(description="hash of its templates")
    fallback: str | None = Field(description="why an extractive answer stands in its place")
    abstained: bool = Field(description="true: the documents do not say")
    reason: str | None = Field(description="why nothing is said")
    confidence: float = Field(description="0 to 1")
    evidence: dict[str, float] = Field(description="what the confidence was made of")
    statements: list[StatementBody]
    citations: list[CitationBody]
    hits: list[HitBody] = Field(description="the passages found, best first")
    notes: list[str] = Field(description="what must be known beside the statements")
    seconds: dict[str, float] = Field(description="what each stage took")
    index: str = Field(description="fingerprint of the index that answered")


class ProgressBody(BaseModel):
    """How far a model has come; each replaces the one before."""

    standalone: str | None
    statements: list[StatementBody] = Field(description="checked already")
    citations: list[CitationBody]
    draft: str = Field(description="what was not checked yet: nothing to rely on")


class SearchBody(BaseModel):
    """The passages that bear on a question: the fields of `assistant search --json`, in pages."""

    question: str
    hits: list[HitBody]
    offset: int
    limit: int
    next: str | None = Field(description="address of the next page")


class ExcerptBody(PlaceBody):
    """Whole sentences of one section."""

    id: str = Field(description="names its place; stays as long as the document does")
    designation: str
    title: str
    edition: date | None
    status: Status = Field(description="of the document")
    marking: str | None = Field(description="of the document")
    heading: list[str] = Field(description="the headings above it")
    spans: list[SpanBody]
    quote: str
    score: float
    matches: list[tuple[int, int]] = Field(
        description="half-open ranges of characters of the quote that were searched for"
    )
    repeats: list[ExcerptBody] = Field(
        description="places of other documents that say the same in the same words"
    )


class FoundBody(BaseModel):
    """A page of the excerpts found."""

    excerpts: list[ExcerptBody]
    total: int = Field(description="how many there are in all")
    offset: int
    limit: int
    mode: Literal["auto", "question", "words", "phrase", "place"] = Field(
        description="what `auto` came to"
    )
    index: str = Field(description="fingerprint of the index that was searched")
    next: str | None = Field(description="address of the next page")


class DocumentBody(BaseModel):
    """A document of the index."""

    id: str
    file: str = Field(description="path below corpus/")
    sha256: str
    designation: str
    title: str
    publisher: str | None
    edition: date | None
    status: Status
    supersedes: list[str]
    superseded_by: str | None
    marking: str | None
    distribution: str | None
    url: str | None
    pages: int = Field(description="physical pages")


class DocumentsBody(BaseModel):
    """A page of the documents of the index, by file."""

    documents: list[DocumentBody]
    total: int
    offset: int
    limit: int
    index: str = Field(description="fingerprint of the index")
    next: str | None = Field(description="address of the next page")


class PageBody(BaseModel):
    """One page as text."""

    document: str = Field(description="id of the document")
    file: str
    pdf_page: int = Field(description="the physical page, from 1")
    printed_page: str | None = Field(description="what is printed on it")
    text: str = Field(description="as PDFium numbers its characters")


class ReadyBody(BaseModel):
    """That questions can be answered."""

    ready: Literal[True] = True
    index: str = Field(description="fingerprint of the index")
