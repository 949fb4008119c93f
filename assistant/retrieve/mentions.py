"""Documents that a question names by what they are: "the SC directive", "RAND's report".

``names.py`` finds designations; here a noun for a sort of document is read together with the
words beside it, and a name is a source where the question says that it reports something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.corpus.series import SERIES
from assistant.index.words import STOP_WORDS, content_words
from assistant.types import Document

NOUNS: Final = frozenset(noun for series in SERIES.values() for noun in series.nouns) | {
    "digest", "guide", "guidance", "handbook", "law", "policy", "primer", "statute", "strategy",
}  # fmt: skip
# Words of one meaning with a sort, that titles use.
_ALIKE: Final[Mapping[str, str]] = {"pub": "publication", "memo": "memorandum"}
_WORD = re.compile(r"[^\W_]+(?:[-.'’/][^\W_]+)*|\0")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Says which edition, not which document.
_FILLERS: Final = frozenset("current new newest latest old older earlier superseded army".split())
_REACH: Final = 5  # words beside the noun that may belong to it
_MOST: Final = 3  # documents that one mention may mean
_REPORTS: Final = (
    r"says?|said|saying|recommend\w*|suggest\w*|propos\w+|wants?|asks?|find(?:s|ings?)?|found|"
    r"advises?|advice|argues?|calls? for|would have|pushing|urg\w+|report\w*|stud(?:y|ies)|"
    r"research\w*|digest|work|team|authors?|sees?|looked|concentrated|focus\w*|come up with"
)
_NAME: Final = r"[A-Z][\w.-]*[\w]"
_SOURCE = re.compile(
    rf"\b({_NAME})(?:['’]s?)?(?: \w+)? (?:{_REPORTS})\b|"
    rf"\b(?:[Aa]ccording to|[Pp]er) ({_NAME})\b"
)
_SHARE: Final = 0.8  # share of a name's passages that one document or its companions must hold

DocumentsWith = Callable[[str], Mapping[str, int]]  # passages with a word, by document id


@dataclass(frozen=True, slots=True)
class Mentions:
    """``ids`` of the documents meant; ``sources`` are the stems of names such as "RAND"."""

    ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def mentioned_documents(
    rest: str,
    documents: Sequence[Document],
    acronyms: Mapping[str, str],
    documents_with: DocumentsWith,
) -> Mentions:
    """The documents that the question, without designations, names by what they are.

    A mention that fits more than a few documents names none.
    """
    dated = _by_edition(rest, documents)
    sources = list(_by_source(rest, documents, documents_with))
    by_sort = _by_sort(rest, documents, acronyms)
    ids = dict.fromkeys(
        id_ for mention in (*by_sort, *dated, *(m for m, _ in sources)) for id_ in mention
    )
    return Mentions(tuple(ids), tuple(dict.fromkeys(stem for _, stem in sources)))


def _by_sort(
    rest: str, documents: Sequence[Document], acronyms: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    words = [match.group() for match in _WORD.finditer(rest)]
    for place, word in enumerate(words):
        noun = word.lower().removesuffix("'s").removesuffix("’s")
        noun = noun if noun in NOUNS else noun.removesuffix("s")
        if noun not in NOUNS:
            continue
        before = list(reversed(words[max(0, place - _REACH) : place]))
        after = words[place + 1 : place + 1 + _REACH]
        met = {
            document: _met(before, after, document, acronyms)
            for document in documents
            if noun in _sorts(document)
        }
        best = max(met.values(), default=0)
        fitting = [document for document, words_met in met.items() if words_met == best]
        fitting = _of_the_year(fitting, [*before, *after])
        alone = bool(before) and before[0].lower() in ("the", "this", "our", "that")
        if (best or alone) and _are_one(fitting):
            yield tuple(document.id for document in fitting)


def _by_edition(rest: str, documents: Sequence[Document]) -> Iterator[tuple[str, ...]]:
    """Documents that the question knows by the year of an edition alone."""
    if not re.search(r"\bedition\b", rest, re.IGNORECASE):
        return
    years = {int(year) for year in _YEAR.findall(rest)}
    fitting = [d for d in documents if d.edition and d.edition.year in years]
    # Where one document has editions; of any others the year says nothing.
    editions = [d for d in fitting if sum(o.designation == d.designation for o in documents) > 1]
    if editions and _are_one(editions):
        yield tuple(document.id for document in editions)


def _met(
    before: Sequence[str], after: Sequence[str], document: Document, acronyms: Mapping[str, str]
) -> int:
    """How many words beside the noun, without a gap, are words of the document's name."""
    name = _name(document)
    found = 0
    for word in before:
        if word.lower() in _FILLERS or _YEAR.fullmatch(word):
            continue
        stems = content_words(acronyms.get(word, word))
        if not stems or not name >= set(stems):
            break
        found += 1
    if after and after[0].lower() in ("on", "about", "for", "of"):
        for word in after[1:]:
            stems = content_words(acronyms.get(word, word))
            if word.lower() in STOP_WORDS or not name >= set(stems):
                break
            found += 1
    return found


def _by_source(
    rest: str, documents: Sequence[Document], documents_with: DocumentsWith
) -> Iterator[tuple[tuple[str, ...], str]]:
    by_id = {document.id: document for document in documents}
    for match in _SOURCE.finditer(rest):
        name = next(group for group in match.groups() if group)
        stems = content_words(name)
        if name.lower() in STOP_WORDS or len(stems) != 1:
            continue
        published = [d for d in documents if stems[0] in content_words(d.publisher or "")]
        if published and _are_one(published):
            yield tuple(document.id for document in published), stems[0]
            continue
        counts = documents_with(stems[0])
        total = sum(counts.values())
        if not total:
            continue
        most = by_id.get(max(counts, key=lambda id_: counts[id_]))
        if most is None:
            continue
        companions = [d for d in documents if d.designation == most.designation]
        held = sum(counts.get(document.id, 0) for document in companions)
        if held >= _SHARE * total and _are_one(companions):
            yield tuple(document.id for document in companions), stems[0]


def _are_one(documents: Sequence[Document]) -> bool:
    """Whether they are one document, or editions or parts of one."""
    names = {document.designation for document in documents}
    return len(names) == 1 and len(documents) <= _MOST


def _of_the_year(documents: Sequence[Document], words: Sequence[str]) -> list[Document]:
    years = {int(word) for word in words if _YEAR.fullmatch(word)}
    dated = [d for d in documents if d.edition and d.edition.year in years]
    return dated or list(documents)


@lru_cache(maxsize=100_000)
def _name(document: Document) -> frozenset[str]:
    words = [document.title, document.designation, document.publisher or ""]
    return frozenset(content_words(" ".join(words)))


@lru_cache(maxsize=100_000)
def _sorts(document: Document) -> frozenset[str]:
    """Nouns that the document may be called by."""
    series = re.match(r"[A-Za-z]+", document.designation)
    nouns = set(SERIES[series.group()].nouns) if series and series.group() in SERIES else set()
    words = set(re.findall(r"[a-z]+", f"{document.title} {document.designation}".lower()))
    nouns |= {noun for noun in NOUNS if noun in words or _ALIKE.get(noun) in words}
    return frozenset(nouns)
