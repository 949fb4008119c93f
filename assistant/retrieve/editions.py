"""Whether a question asks for what is in force, so that superseded editions cannot answer it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from assistant.types import Document

_CURRENT = re.compile(
    r"\b(?:in force|currently|current|latest|newest|up[- ]to[- ]date|today'?s|nowadays|now)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:superseded|previous\w*|former\w*|earlier|older?|compar\w+|differ\w*|chang\w+|replac\w+|"
    r"used to|no longer|still|before)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:compar\w+|differ\w*|chang\w+|replac\w+|both|versus|vs|alike|side by side)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EDITION = re.compile(r"\bedition\b", re.IGNORECASE)


def of_the_edition(
    question: str, documents: Sequence[Document], meant: Collection[str]
) -> list[Document]:
    """``documents`` without other editions of those ``meant``, where some of them are.

    Not where ``question`` holds editions against each other.
    """
    if _CURRENT.search(question) or _COMPARED.search(question):
        return list(documents)
    designations = {d.designation for d in documents if d.id in meant}
    return [d for d in documents if d.id in meant or d.designation not in designations]


def speaks_of_earlier(question: str) -> bool:
    """Whether ``question`` asks for an earlier edition, or holds editions against each other."""
    return bool(_EARLIER.search(question) or _COMPARED.search(question))


def in_force(question: str, documents: Sequence[Document]) -> list[Document]:
    """``documents`` without superseded ones where ``question`` asks for what is in force.

    It does so by saying so, or by the year of an edition that is current; not where it also
    speaks of an earlier one, by a word or by the year of a superseded edition.
    """
    current = [document for document in documents if document.status != "superseded"]
    superseded = [document for document in documents if document.status == "superseded"]
    if not current or not superseded or not _wants_current(question, current, superseded):
        return list(documents)
    return current


def _wants_current(
    question: str, current: Sequence[Document], superseded: Sequence[Document]
) -> bool:
    years = set(_YEAR.findall(question))
    if _EARLIER.search(question) or years & _years(superseded):
        return False
    named = _EDITION.search(question) and years & _years(current)
    return bool(named or _CURRENT.search(question))


def _years(documents: Sequence[Document]) -> set[str]:
    return {str(document.edition.year) for document in documents if document.edition}
