"""How values look in a notebook and on a terminal: short, with their places, and escaped.

``attach`` gives them these looks; their fields, equality and ``dataclasses.replace`` stay as they
are. What a document says is shown as text in each of them, never as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Generic, TypeVar

from assistant.answer.render import BULLETS, answer_text, cite, edition, hit_name
from assistant.excerpts.query import Found
from assistant.export.blocks import Block
from assistant.export.markdown import markdown
from assistant.export.text import lines, one_line
from assistant.types import Answer, Citation, Document, Excerpt, Hit, Page
from assistant.web.markup import Markup, element, join

T = TypeVar("T")

_SHORT: Final = 60  # characters of a text that a repr shows
_NEAREST: Final = 3  # passages shown where nothing is answered


@dataclass(frozen=True, slots=True)
class Looks(Generic[T]):
    """How values of one type are shown: in brief, as plain text, and block by block."""

    brief: Callable[[T], str]
    text: Callable[[T], str] | None = None
    blocks: Callable[[T], Iterable[Block]] | None = None


def attach() -> None:
    """Give the values their ``repr``, ``str`` and what a notebook shows of them."""
    for kind, looks in _LOOKS.items():
        _attach(kind, looks)


def _attach(kind: type[T], looks: Looks[T]) -> None:
    methods: dict[str, Callable[[T], str]] = {
        "__repr__": lambda value: f"<{kind.__name__} {one_line(looks.brief(value))}>"
    }
    if looks.text:
        methods["__str__"] = looks.text
    if blocks := looks.blocks:
        methods["_repr_html_"] = lambda value: html(list(blocks(value)))
        methods["_repr_markdown_"] = lambda value: markdown(list(blocks(value)))
    for name, method in methods.items():
        setattr(kind, name, method)


def html(blocks: Sequence[Block]) -> str:
    """The blocks as a piece of HTML, every text escaped."""
    parts: list[Markup] = []
    for listed, run in groupby(blocks, key=lambda block: block.kind == "item"):
        shown = [_element(block) for block in run]
        parts += [element("ul", *shown)] if listed else shown
    return str(element("div", *parts, class_="doctrine-assistant"))


def _element(block: Block) -> Markup:
    name = {"item": "li", "quote": "blockquote"}.get(block.kind, "p")
    label = element("b", block.label) if block.label else None
    return element(name, join(label, " " if label else None, block.text))


# --- What each value shows --------------------------------------------------------------


def _answer(answer: Answer) -> Iterator[Block]:
    yield Block("text", one_line(answer.question), "Question:")
    if answer.standalone:
        yield Block("text", one_line(answer.standalone), "Searched for:")
    if answer.fallback:
        yield Block("text", one_line(answer.fallback))
    if answer.abstained:
        yield Block("text", one_line(answer.reason or "The documents do not say."), "No answer:")
        for hit in answer.hits[:_NEAREST]:
            yield Block("item", one_line(hit_name(hit)), "Nearest:")
    for statement in answer.supported:
        yield from _said(statement.text, "".join(f"[{number}]" for number in statement.citations))
    for citation in answer.citations:
        yield from _citation(citation)
    for note in answer.notes:
        yield Block("text", one_line(note), "Note:")


def _said(text: str, marks: str) -> Iterator[Block]:
    """The lines of a statement; ``marks`` stand after the last."""
    said = lines(text)
    for line, end in zip(said, [*[""] * (len(said) - 1), f" {marks}"], strict=False):
        if line.startswith(BULLETS):
            yield Block("item", f"{line[1:].strip()}{end}".rstrip())
        else:
            yield Block("text", f"{line}{end}".rstrip())


def _citation(citation: Citation) -> Iterator[Block]:
    yield Block("text", one_line(cite(citation)), f"[{citation.number}]")
    yield Block("quote", one_line(citation.quote))


def _hit(hit: Hit) -> Iterator[Block]:
    yield Block("text", one_line(hit_name(hit)), f"{hit.rank}.")
    yield Block("quote", one_line(hit.passage.text))


def _excerpt(excerpt: Excerpt) -> Iterator[Block]:
    yield Block("quote", one_line(excerpt.quote))
    yield Block("text", one_line(cite(excerpt)))
    for repeat in excerpt.repeats:
        yield Block("item", one_line(cite(repeat)), "Also:")


def _found(found: Found) -> Iterator[Block]:
    yield Block("text", f"{_count(found).capitalize()}:")
    for excerpt in found.excerpts:
        yield from _excerpt(excerpt)


def _brief_answer(answer: Answer) -> str:
    said = len(answer.supported)
    outcome = "no answer" if answer.abstained else f"{said} statement{'s' * (said != 1)}"
    return f"{_short(answer.question)}: {outcome}, confidence {answer.confidence:.2f}"


def _brief_document(document: Document) -> str:
    return f"{edition(document)}, {document.status}, {document.page_count} pages: {document.file}"


def _brief_page(page: Page) -> str:
    printed = f"p. {page.label}, " if page.label else ""
    return f"{printed}PDF p. {page.number}: {_short(page.text)}"


def _count(found: Found) -> str:
    many = len(found.excerpts)
    if not many:
        return f"no excerpts of {found.total} by {found.mode}"
    first, last = found.offset + 1, found.offset + many
    return f"excerpts {first} to {last} of {found.total} by {found.mode}"


def _short(text: str) -> str:
    line = one_line(text)
    return f"'{line}'" if len(line) <= _SHORT else f"'{line[:_SHORT].rstrip()}\u2026'"


def _excerpt_text(excerpt: Excerpt) -> str:
    return f"\u201c{excerpt.quote}\u201d ({cite(excerpt)})"


def _found_text(found: Found) -> str:
    numbered = enumerate(found.excerpts, found.offset + 1)
    return "\n".join(
        [f"{_count(found).capitalize()}:", *(f"{n}. {_excerpt_text(e)}" for n, e in numbered)]
    )


_LOOKS: Final[dict[type[Any], Looks[Any]]] = {
    Answer: Looks(_brief_answer, answer_text, _answer),
    Citation: Looks(lambda c: f"[{c.number}] {cite(c)}", cite, _citation),
    Document: Looks(_brief_document),
    Excerpt: Looks(lambda e: f"{_short(e.quote)} {cite(e)}", _excerpt_text, _excerpt),
    Found: Looks(_count, _found_text, _found),
    Hit: Looks(
        lambda hit: f"{hit.rank}. {hit_name(hit)}",
        lambda hit: f"{hit_name(hit)}: {hit.passage.text}",
        _hit,
    ),
    Page: Looks(_brief_page, lambda page: page.text),
}
