"""What a question asks for: its words, the documents, paragraphs and pages it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.index.words import content_words
from assistant.types import Document

_PARAGRAPH = re.compile(
    r"\b(?:paragraphs?|paras?\.?|¶)\s*((?:[A-Z]?\d+|[A-Z]{1,2})(?:[-.]\w+)*(?:\.?\([\w]+\))*)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\b(?:pages?|pp?\.)\s*((?:[A-Z]{1,4}|[IVX]+|[A-Z][a-z]+)-\d+|\d+-\d+|\d+|[ivxlc]+)\b")
_PDF_PAGE = re.compile(r"\bPDF\s+(?:page|p\.)\s*(\d+)\b", re.IGNORECASE)
_BARE_PARAGRAPH = re.compile(r"(?<![\w-])(\d{1,2}-\d{1,3})(?![\w-])")
_ACRONYM = re.compile(r"(?<![\w-])([A-Z][A-Za-z&/-]*[A-Z][a-z]?)(?:'?s)?(?![\w-])")


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart.

    ``searched`` is the question with acronyms spelled out; ``words`` are its stems without
    stop words and ``expansion`` those that the spelling out added; ``aliases`` gives for an
    acronym's stem the stems of its long form, either of which meets the other. ``named`` are the ids of
    documents that it names; ``paragraph``, ``page`` (printed) and ``pdf_page`` what it asks
    to look up in them.
    """

    question: str
    searched: str
    words: tuple[str, ...]
    expansion: tuple[str, ...]
    named: tuple[str, ...]
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    paragraph: str | None = None
    page: str | None = None
    pdf_page: int | None = None

    @property
    def is_lookup(self) -> bool:
        """Whether it names a place in a named document."""
        return bool(self.named) and bool(self.paragraph or self.page or self.pdf_page)


def parse_question(
    question: str, documents: Sequence[Document], acronyms: Mapping[str, str]
) -> Query:
    """Take ``question`` apart with what the corpus knows."""
    named, rest = _named_documents(question, documents)
    paragraph = _PARAGRAPH.search(rest)
    label = paragraph.group(1) if paragraph else None
    if label is None and named and (bare := _BARE_PARAGRAPH.search(rest)):
        label = bare.group(1)
    pdf_page = _PDF_PAGE.search(rest)
    page = None if pdf_page else _PAGE.search(rest)
    expansion = _expansion(rest, acronyms)
    # The document's name has done its work by choosing the document.
    words = tuple(dict.fromkeys(content_words(rest) or content_words(question)))
    long_forms = list(dict.fromkeys(expansion.values()))
    added = [w for w in dict.fromkeys(content_words(" ".join(long_forms))) if w not in words]
    searched = question if not expansion else f"{question} ({'; '.join(long_forms)})"
    aliases = tuple(
        (short[0], tuple(content_words(long_form)))
        for acronym, long_form in expansion.items()
        if len(short := content_words(acronym)) == 1
    )
    return Query(
        question,
        searched,
        words,
        tuple(added),
        tuple(named),
        aliases,
        _label(label) if label else None,
        page.group(1) if page else None,
        int(pdf_page.group(1)) if pdf_page else None,
    )


def _label(text: str) -> str:
    """The label as passages carry it: "1.2.a.(1)" stands in paragraph "1.2.a"."""
    plain = re.sub(r"\.?\(\w+\)", "", text)
    return plain.rstrip(".")


def _named_documents(question: str, documents: Sequence[Document]) -> tuple[list[str], str]:
    """Ids of the documents whose designation the question holds, and the question without."""
    rest = question
    named: list[str] = []
    matches: list[tuple[int, Document, re.Match[str]]] = []
    for document in documents:
        for name in _names(document.designation):
            pattern = re.escape(name).replace(r"\ ", r"[ \-]?")
            match = re.search(rf"(?<![\w-]){pattern}(?![\w-]|\.\d)", question, re.IGNORECASE)
            if match and len(name) > 3:
                matches.append((len(name), document, match))
                break
    for _, document, match in sorted(matches, key=lambda item: -item[0]):
        named.append(document.id)
        rest = rest.replace(match.group(), " ")
    return named, rest


def _names(designation: str) -> list[str]:
    """The designation, and without a last word where a number still tells it apart."""
    shorter = designation.rpartition(" ")[0]
    last_is_word = designation.rpartition(" ")[2].isalpha()
    return [designation, shorter] if last_is_word and re.search(r"\d", shorter) else [designation]


def _expansion(question: str, acronyms: Mapping[str, str]) -> dict[str, str]:
    """Long forms of acronyms in the question that it does not spell out itself."""
    found = {}
    for match in _ACRONYM.finditer(question):
        long_form = acronyms.get(match.group(1))
        if long_form and long_form not in question.lower():
            found[match.group(1)] = long_form
    return found
