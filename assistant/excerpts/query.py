"""What excerpts are looked for, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from assistant.types import Excerpt, Filters

Mode = Literal["auto", "question", "words", "phrase", "place"]
Order = Literal["relevance", "document", "date"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
ORDERS: Final[tuple[Order, ...]] = get_args(Order)


@dataclass(frozen=True, slots=True)
class ExcerptQuery:
    """A search for excerpts.

    ``mode``: ``question`` by meaning and words; ``words`` where all of them stand in a sentence,
    whatever their endings; ``phrase`` letter for letter, but for case, white space and
    hyphens at line ends; ``place`` what stands at a paragraph or page of a named document
    ("JP 3-09 para 2.a"); ``auto``: a phrase where the text stands in quotation marks, a place
    where it names one and asks nothing else, else a question.

    ``pages`` are the first and last PDF page, ``paragraphs`` the first and last label of numbered
    paragraphs, both included. ``before`` and ``after`` widen each excerpt by so many sentences.
    ``order`` "date" has the newest edition first. ``grouped``: what stands in several documents
    in the same words is one excerpt with ``repeats``.
    """

    text: str
    mode: Mode = "auto"
    filters: Filters = field(default_factory=Filters)
    pages: tuple[int, int] | None = None
    paragraphs: tuple[str, str] | None = None
    order: Order = "relevance"
    before: int = 0
    after: int = 0
    grouped: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the excerpts found: those from ``offset`` of ``total``.

    ``mode`` is what ``auto`` came to. ``index`` is the fingerprint of the index that was searched.
    """

    excerpts: tuple[Excerpt, ...]
    total: int
    offset: int
    mode: Mode
    index: str
