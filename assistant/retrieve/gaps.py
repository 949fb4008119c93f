"""What a question takes for granted and the documents do not hold.

A near miss is on the right topic, so passages match it well. What gives it away is a name that
stands nowhere, one that only other documents than the one asked have, or a matter that only the
superseded edition treats. Each such gap is a reason not to answer, and is said to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from assistant.index.reader import Index
from assistant.index.words import (
    NUMBERS,
    ORDINALS,
    STOP_WORDS,
    content_words,
    search_words,
    stem,
)
from assistant.retrieve.query import Query
from assistant.types import Document

Sort = Literal["nowhere", "elsewhere", "superseded"]

# Capitalised words inside a sentence. Not all capitals: an acronym may be written otherwise in
# the documents ("UK", "U.K.").
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z][\w'’]*(?![\w-])(?: [A-Z][a-z][\w'’]*(?![\w-]))*")
# "Section nine", "chapter 12": a part that a document has or has not.
_NUMBERED = re.compile(
    r"\b(section|chapter|article|annex|appendix|phase|table|volume|title|attachment) "
    rf"(\d{{1,3}}|{'|'.join(NUMBERS)})\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(rf"\b(?:{'|'.join(ORDINALS[3:])})\b", re.IGNORECASE)  # from "sixth"
_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-Z0-9&/]+s?(?![\w-])")
_RUN = re.compile(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)+")
_SENTENCES = re.compile(r"[.?!] +\w")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST: Final = 0.75  # share of capitalised words from which a question is a title, and none counts
_USES: Final = 2  # passages that hold two words side by side, from which they are a term
_PAIR: Final = 2
_CHAIN: Final = 3  # words of a term that is telling: "security force assistance"


@dataclass(frozen=True, slots=True)
class Gap:
    """``term`` of the question stands nowhere, or only in the documents ``elsewhere``.

    ``asked`` are the documents that the question asks. Of what only a superseded edition
    treats, ``term`` is empty.
    """

    sort: Sort
    term: str
    asked: tuple[Document, ...] = ()
    elsewhere: tuple[Document, ...] = ()


def find_gaps(query: Query, index: Index, asked: Sequence[Document]) -> tuple[Gap, ...]:
    """What stands nowhere, else what the documents ``asked`` lack and others have.

    ``asked`` is empty where the question asks all documents.
    """
    if missing := (*_nowhere(query.question, index), *_not_counted(query.question, index)):
        return missing
    asks_one_thing = len(query.parts) == 1 and not _SENTENCES.search(query.question)
    return tuple(_elsewhere(query, index, asked)) if asked and asks_one_thing else ()


def _nowhere(question: str, index: Index) -> Iterator[Gap]:
    """Proper names of which no passage has a word, or none all words close together."""
    words = _WORD.findall(question)
    if sum(word[0].isupper() for word in words) > _MOST * len(words):
        return
    for name in dict.fromkeys(match.group() for match in _NAME.finditer(question)):
        name = re.sub(r"['’]s?$", "", name)
        if content_words(name) and not _is_known(name.split(), index):
            yield Gap("nowhere", name)


def _not_counted(question: str, index: Index) -> Iterator[Gap]:
    """Numbered parts and ordinals that no passage has."""
    for match in _NUMBERED.finditer(question):
        noun, number = match.group(1).lower(), match.group(2).lower()
        digits = str(NUMBERS.index(number) + 1) if number in NUMBERS else number
        spelled = NUMBERS[int(digits) - 1] if 0 < int(digits) <= len(NUMBERS) else digits
        forms = [[stem(noun), stem(form)] for form in (digits, spelled)]
        if not index.store.documents_near(forms):
            yield Gap("nowhere", match.group())
    for match in _ORDINAL.finditer(question):
        if not any(index.frequencies(search_words(match.group())).values()):
            yield Gap("nowhere", f"a {match.group().lower()}")


def _is_known(name: Sequence[str], index: Index) -> bool:
    """Whether a passage has the word, or two neighbouring words of several close together."""
    stems = [first for word in name for first in search_words(word)[:1]]
    if len(stems) > _PAIR:
        return any(index.store.passages_with(pair) for pair in pairwise(stems))
    if len(stems) == _PAIR:
        return bool(index.store.passages_near(stems))
    word = name[0].lower()
    singular = [word.removesuffix("men") + "man", word.removesuffix("smen")]
    return any(index.frequencies([*stems, *map(stem, singular)]).values())


def _elsewhere(query: Query, index: Index, asked: Sequence[Document]) -> Iterator[Gap]:
    ids = {document.id for document in asked}
    own = {w for d in asked for w in content_words(f"{d.title} {d.designation}")}
    for term in _terms(query.question, index):
        stems = [first for word in term.split() for first in search_words(word)[:1]]
        if not stems or set(stems) <= own:
            continue
        holding = index.store.documents_near(_forms(term, stems, index))
        # A name of the document itself, which its own pages need not repeat, is no gap.
        if holding and not ids & holding.keys():
            others = tuple(index.documents[id_] for id_ in holding if id_ in index.documents)
            yield Gap("elsewhere", term, tuple(asked), others)


def _forms(term: str, stems: Sequence[str], index: Index) -> list[list[str]]:
    """The term in stems, and spelled out where it is an acronym."""
    long_forms = (index.acronyms.get(written) for written in (term, term.removesuffix("s")))
    spelled = [content_words(long_form) for long_form in long_forms if long_form]
    singular = [search_words(term.removesuffix("s"))[:1]] if len(stems) == 1 else []
    return [list(stems), *singular, *spelled]


def _terms(question: str, index: Index) -> list[str]:
    """Acronyms, proper names, and three and more words that the corpus uses side by side."""
    found = [*_ACRONYM.findall(question)]
    found += [re.sub(r"['’]s?$", "", m.group()) for m in _NAME.finditer(question)]
    for run in _RUN.findall(question):
        chain: list[str] = []
        for a, b in pairwise(run.split()):
            if _is_term(a, b, index):
                chain = chain or [a]
                chain.append(b)
                continue
            found += [" ".join(chain)] if len(chain) >= _CHAIN else []
            chain = []
        found += [" ".join(chain)] if len(chain) >= _CHAIN else []
    return list(dict.fromkeys(found))


def _is_term(a: str, b: str, index: Index) -> bool:
    if a.lower() in STOP_WORDS or b.lower() in STOP_WORDS:
        return False
    stems = [first for word in (a, b) for first in search_words(word)[:1]]
    return len(stems) == _PAIR and index.store.passages_with(stems) >= _USES
