"""Documents that a question names, by designation and, where it says so, by edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.types import Document

NAMED: Final = "\0"  # stands in the rest of the question where a document was named
_SHORTEST: Final = 4  # characters of the shortest designation, "FM 1"
# How a question may spell the series that a designation abbreviates.
_SERIES: Final = {
    "ADP": "Army Doctrine Publication",
    "ADRP": "Army Doctrine Reference Publication",
    "AR": "Army Regulation",
    "ATP": "Army Techniques Publication",
    "FM": "Field Manual",
    "JP": "Joint Publication",
    "DoDD": "(?:DoD|Department of Defense) Directive",
    "DoDI": "(?:DoD|Department of Defense) Instruction",
    "DoDM": "(?:DoD|Department of Defense) Manual",
}
DESIGNATION = re.compile(
    r"(?<![\w-])(?:A[DT]R?P|ATTP|AR|FM|TC|TM|JP|AJP|CJCS[IMN]|Do?D[DIM]|DSCA)[ -]?\d(?:[\w.-]*\w)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w-])(?:19|20)\d\d(?![\w-])")


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that a question names and what it says besides.

    ``rest`` is the question with ``NAMED`` in place of every name; ``unknown`` is a
    designation of doctrine or policy that no document of the corpus has.
    """

    ids: tuple[str, ...]
    rest: str
    unknown: str | None


def named_documents(question: str, documents: Sequence[Document]) -> Named:
    """Find in ``question`` the designations of ``documents``, longest first."""
    found: list[tuple[int, int, Document]] = []
    letters = _letters(question)
    for document in documents:
        if _always_there(document.designation) not in letters:
            continue
        for pattern in _patterns(document.designation):
            matches = [match.span() for match in pattern.finditer(question)]
            if matches:
                found.extend((*span, document) for span in matches)
                break
    # "RR-A641-1 Digest" names the digest, not the report whose name is its beginning.
    kept = [
        (start, end, document)
        for start, end, document in found
        if not any(s <= start and end <= e and e - s > end - start for s, e, _ in found)
    ]
    rest = question
    for start, end in sorted({(start, end) for start, end, _ in kept}, reverse=True):
        rest = rest[:start] + NAMED + rest[end:]
    unknown = DESIGNATION.search(rest)
    chosen = list({document.id: document for _, _, document in kept}.values())
    ids = tuple(document.id for document in _of_the_year(chosen, rest))
    return Named(ids, rest, unknown.group() if unknown else None)


def _of_the_year(documents: Sequence[Document], rest: str) -> list[Document]:
    """Without other editions of a document of which the question names the year."""
    years = {int(year) for year in _YEAR.findall(rest)}
    dated = {d.designation for d in documents if d.edition and d.edition.year in years}
    return [
        document
        for document in documents
        if document.designation not in dated
        or (document.edition is not None and document.edition.year in years)
    ]


@lru_cache(maxsize=100_000)
def _always_there(designation: str) -> str:
    """Letters that every spelling of the designation has: most documents need no pattern."""
    shorter, _, last = designation.rpartition(" ")
    name = shorter if _is_name_without(last, shorter) else designation
    series, _, number = name.partition(" ")
    return _letters(number if series in _SERIES and number else name)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_name_without(last: str, shorter: str) -> bool:
    """Whether the designation is told apart without its ``last`` word."""
    return last.isalpha() and bool(re.search(r"\d", shorter))


@lru_cache(maxsize=4096)
def _patterns(designation: str) -> tuple[re.Pattern[str], ...]:
    """The designation, and without a last word where a number still tells it apart."""
    shorter, _, last = designation.rpartition(" ")
    names = [designation]
    if _is_name_without(last, shorter):
        names.append(shorter)
    return tuple(
        re.compile(rf"(?<![\w-])(?:{_spellings(name)})(?![\w-]|\.\d)", re.IGNORECASE)
        for name in names
        if len(name) >= _SHORTEST
    )


def _spellings(name: str) -> str:
    """A pattern for ``name`` with or without blanks and hyphens beside its letters."""
    series, _, number = name.partition(" ")
    plain = re.escape(name).replace(r"\ ", r"[ -]{0,2}")
    # "RRA641-1" for RR-A641-1; between digits a hyphen tells numbers apart and stays.
    plain = re.sub(r"(?<=[A-Za-z])\\-|\\-(?=[A-Za-z])", "[ -]?", plain)
    if series in _SERIES and number:
        return f"{plain}|{_SERIES[series]} {re.escape(number)}"
    return plain
