"""What a question asks for: its words, the documents, paragraphs and pages it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.index.words import content_words
from assistant.retrieve.mentions import NOUNS, DocumentsWith, mentioned_documents
from assistant.retrieve.names import DESIGNATION, NAMED, named_documents
from assistant.retrieve.parts import Part, question_parts
from assistant.types import Document

# "2-14", "A-3", "1.2", "1.2.a.(1)", "C9.7.4", "2.a": always with a digit, so that "the
# paragraph on tenets" names none.
_LABEL = (
    r"(?=[\w.()-]*\d)(?:[A-Z]{0,2}\d{1,3}|[A-Z])"
    r"(?:[-.](?:[A-Z]?\d{1,3}|[A-Z]{1,2})(?!\w))*(?:\.?\(\w{1,4}\))*(?!\w|-\w)"
)
_ROMAN = r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_PARAGRAPH = re.compile(rf"(?:\b(?:paragraphs?|paras?)\b\.?|¶)\s*({_LABEL})", re.IGNORECASE)
_PAGE = re.compile(
    rf"\b(?:pages?|pgs?\.?|pp?\.|p(?=\s?\d))\s*([A-Z]{{1,12}}-\d{{1,4}}|\d{{1,5}}(?:-\d{{1,4}})?|{_ROMAN})(?<=\w)\b",
    re.IGNORECASE,
)
_PDF_PAGE = re.compile(
    r"\bPDF[ -]?(?:pages?|pp?\.?|pg\.?)\s*(\d{1,5})\b|"
    r"\b(?:page|p\.?|pg\.?)\s*(\d{1,5}) of the PDF\b",
    re.IGNORECASE,
)
# Without the word "paragraph" a number names one only beside the name of its document:
# elsewhere "3-90" may be a part of another designation, or of a range.
_BARE = (
    r"(?:[A-Z]-\d{1,3}|\d{1,2}-\d{1,3}|[A-Z]{0,2}\d{1,2}(?:\.\d{1,2})+"
    r"(?:\.[a-z](?!\w))?(?:\.?\(\w{1,4}\))*)(?![\w-]|\.\d)"
)
_BARE_AFTER = re.compile(rf"{NAMED}[\s,:(]*(?:at |in )?({_BARE})")
_BARE_BEFORE = re.compile(rf"(?<![\w.-])({_BARE})\s*,?\s*(?:of |in )?(?:the )?{NAMED}")
_ACRONYM = re.compile(r"(?<![\w-])([A-Z][A-Za-z&/-]*[A-Z][a-z]?)(?:'?s)?(?![\w-])")
# Words that ask to be shown a place, and the date of an edition: beside them nothing is asked.
_REQUEST: Final = frozenset(
    content_words(
        "quote summarize summarise show read print cite text content paragraph page edition dated "
        "require state cover contain describe mention explain section "
        "january february march april may june july august september october november december"
    )
) | frozenset(str(number) for number in (*range(1, 32), *range(1900, 2100)))
_DASHES = str.maketrans("‐‑‒–—−", "------")


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart.

    ``question`` is its matter, as it is searched for; ``searched`` the same with acronyms
    spelled out; ``words`` are its stems without stop words and ``expansion`` those that the
    spelling out added; ``spelled`` has the acronyms as they are written with their long forms, and
    ``aliases`` gives for an acronym's stem the stems of its long form, either of which meets the
    other. ``named`` are the ids of documents that it names by designation,
    ``mentioned`` those that it names by what they are, ``unknown`` a designation that none has;
    ``paragraph``, ``page`` (printed) and ``pdf_page`` what it asks to look up in them, and
    ``only_place`` whether it asks nothing else. ``sources`` are the stems of names that stand for
    a document, ``naming`` those of designations and of the nouns for documents, ``parts`` what it
    asks, one by one.
    """

    question: str
    searched: str
    words: tuple[str, ...]
    expansion: tuple[str, ...]
    named: tuple[str, ...]
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: str | None = None
    paragraph: str | None = None
    page: str | None = None
    pdf_page: int | None = None
    only_place: bool = False
    mentioned: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    naming: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()

    @property
    def meant(self) -> frozenset[str]:
        """The ids of the documents that it names, in whatever way."""
        return frozenset((*self.named, *self.mentioned))

    @property
    def muted(self) -> frozenset[str]:
        """Stems that say which document is asked, and so nothing of what it is asked for."""
        return frozenset(self.sources) | self.naming

    @property
    def place(self) -> str | None:
        """The paragraph or page that it names, in words."""
        if self.paragraph is not None:
            return f"paragraph {self.paragraph}"
        if self.pdf_page is not None:
            return f"PDF page {self.pdf_page}"
        return None if self.page is None else f"page {self.page}"


@dataclass(frozen=True, slots=True)
class _Place:
    """What is looked up, and the question without it."""

    rest: str
    paragraph: str | None = None
    page: str | None = None
    pdf_page: int | None = None


def parse_question(
    question: str,
    documents: Sequence[Document],
    acronyms: Mapping[str, str],
    documents_with: DocumentsWith = lambda word: {},
) -> Query:
    """Take ``question`` apart with what the corpus knows.

    ``documents_with`` counts the passages that hold a word, by document.
    """
    # One character for one, and half a surrogate pair that no encoder takes for a blank.
    plain = re.sub(r"[\x00\ud800-\udfff]", " ", question).translate(_DASHES)
    named = named_documents(plain, documents)
    mentioned = mentioned_documents(named.rest, documents, acronyms, documents_with)
    place = _place(named.rest)
    expansion = _expansion(named.rest, acronyms)
    # The names of the document and of the place have done their work.
    left = content_words(place.rest)
    words = tuple(dict.fromkeys(left or content_words(plain)))
    long_forms = list(dict.fromkeys(expansion.values()))
    # With the acronyms in the singular: "GCCs" is no form of "GCC" to a stemmer.
    spelled = " ".join([*long_forms, *(acronym.removesuffix("s") for acronym in expansion)])
    added = [w for w in dict.fromkeys(content_words(spelled)) if w not in words]
    searched = plain if not expansion else f"{plain} ({'; '.join(long_forms)})"
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
        named.ids,
        aliases,
        named.unknown,
        place.paragraph,
        place.page,
        place.pdf_page,
        only_place=not [word for word in left if word not in _REQUEST],
        mentioned=tuple(id_ for id_ in mentioned.ids if id_ not in named.ids),
        sources=mentioned.sources,
        naming=_naming(documents, {*named.ids, *mentioned.ids}),
        parts=question_parts(question),
        spelled=tuple(expansion.items()),
    )


def _naming(documents: Sequence[Document], meant: set[str]) -> frozenset[str]:
    designations = [d.designation for d in documents if d.id in meant]
    return (
        frozenset(content_words(" ".join([*designations, *NOUNS]))) if designations else frozenset()
    )


def _place(rest: str) -> _Place:
    """The place that the question without document names asks for, if any."""
    paragraph = _PARAGRAPH.search(rest)
    pdf_page = _PDF_PAGE.search(rest)
    page = None if pdf_page else _PAGE.search(rest)
    if not (paragraph or pdf_page or page):
        masked = DESIGNATION.sub(lambda match: "#" * len(match.group()), rest)
        paragraph = _BARE_AFTER.search(masked) or _BARE_BEFORE.search(masked)
    for match in sorted(
        (match for match in (paragraph, pdf_page, page) if match),
        key=lambda match: -match.start(),
    ):
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return _Place(
        rest,
        _paragraph(paragraph.group(1)) if paragraph else None,
        page.group(1) if page else None,
        int(pdf_page.group(1) or pdf_page.group(2)) if pdf_page else None,
    )


def _paragraph(text: str) -> str:
    """The label as passages carry it: "1.2.a.(1)" stands in paragraph "1.2.a"."""
    return re.sub(r"\.?\(\w+\)", "", text).rstrip(".")


def _expansion(question: str, acronyms: Mapping[str, str]) -> dict[str, str]:
    """Long forms of acronyms, as the question writes them, that it does not spell out itself."""
    found = {}
    for match in _ACRONYM.finditer(question):
        written = match.group(1)
        long_form = acronyms.get(written) or acronyms.get(written.removesuffix("s"))
        if long_form and long_form not in question.lower():
            found[written] = long_form
    return found
