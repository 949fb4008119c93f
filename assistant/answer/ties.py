"""Whether what is said is about the very names and numbers that the question has.

A passage on New Zealand and one on AUKUS do not say when New Zealand joined AUKUS. A name is
met where the passage of a statement, its headings or its document has it.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from assistant.answer.shortened import is_short_for
from assistant.index.reader import Index
from assistant.index.words import NUMBERS, ORDINALS, STOP_WORDS, content_words, search_words, stem
from assistant.retrieve.query import Query
from assistant.types import Hit

FAMILIAR: Final = 0.05  # share of a document's passages from which a name is its very subject
USUAL: Final = 0.04  # share of all passages from which a name tells nothing apart
ALIKE: Final = 6  # letters by which "command" and "commander" are the same
# Names that documents spell out and questions do not.
_ABROAD: Final[Mapping[str, tuple[str, ...]]] = {
    "uk": ("unit", "kingdom"),
    "us": ("unit", "state"),
    "un": ("unit", "nation"),
}
# A short form that stands nowhere is more often the asker's own than one of a near miss.
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_TOKEN = re.compile(r"[^\W_][\w'’&/.-]*")
# "section nine", "finding 2": a number behind a noun names one of several.
_NUMBERED: Final = frozenset(
    "annex appendix article attachment chapter enclosure finding item line objective paragraph "
    "part phase priority recommendation section step table task volume".split()
)
# A date is told by its day and year; that of a deadline rarely stands where the rule does.
_MONTHS: Final = frozenset(month.lower() for month in month_name[1:])
_DIGITS: Final[Mapping[str, str]] = {
    **{stem(word): str(number) for number, word in enumerate(NUMBERS, 1)},
    **{stem(word): f"{number}th" for number, word in enumerate(ORDINALS, 3)},
}


class Ties:
    """Holds statements against the names of a question."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def names(self, query: Query) -> tuple[str, ...]:
        """The names of a question that tell passages apart.

        Of documents only the designations are, and where one thing is asked of them.
        """
        left_out = self._of_documents(query)
        meant = {d.designation for id_, d in self._index.documents.items() if id_ in query.meant}
        asks_one = query.named and len(meant) == len(query.parts) == 1
        return (
            *(
                name
                for name in dict.fromkeys(_names(query.question))
                if not set(content_words(name)) <= left_out
                and self._is_rare(name)
                and not self._is_jargon(name)
            ),
            *(meant if asks_one else ()),
        )

    def jargon(self, query: Query) -> tuple[str, ...]:
        """Short forms of the question that stand nowhere, so that nothing can be tied to them."""
        return tuple(
            name for name in dict.fromkeys(_names(query.question)) if self._is_jargon(name)
        )

    def met(self, names: Sequence[str], hits: Sequence[Hit]) -> float:
        """Share of ``names`` that the passages of ``hits`` have, 1 where there are none."""
        if not names or not hits:
            return 1.0
        around = " ".join(map(_context, hits))
        held = set(_in_one_form(around))
        ids = {hit.document.id for hit in hits}
        met = (
            name in around or self._is_met(name, held, ids) or is_short_for(name, around)
            for name in names
        )
        return sum(met) / len(names)

    def unmet(self, names: Sequence[str], hits: Sequence[Hit]) -> tuple[str, ...]:
        """Those of ``names`` that no passage of ``hits`` has."""
        return tuple(name for name in names if self.met([name], hits) < 1.0)

    def _of_documents(self, query: Query) -> set[str]:
        """Words that name documents: those of their names, and sources such as "RAND"."""
        named = [d for id_, d in self._index.documents.items() if id_ in query.meant]
        words = {w for d in named for w in content_words(f"{d.designation} {d.title}")}
        dates = [f"{d.edition:%d %B %Y}".lstrip("0") for d in named if d.edition]
        return words | set(query.sources) | set(content_words(" ".join(dates)))

    def _is_rare(self, name: str) -> bool:
        """Whether it tells passages apart; "Army" does not in a corpus on the Army."""
        return self._count(name) <= USUAL * self._index.summary.passages

    def _count(self, name: str) -> int:
        """In how many passages a name stands."""
        stems = search_words(name)[:1]
        return self._index.frequencies(stems)[stems[0]] if stems else 0

    def _is_jargon(self, name: str) -> bool:
        return bool(_ACRONYM.fullmatch(name)) and not self._count(name)

    def _is_met(self, name: str, held: set[str], ids: set[str]) -> bool:
        stems = _in_one_form(name)
        if not stems:
            return True
        if " " in name:  # a designation, of which no part says anything
            return False
        # The joined form of "SDO/DATT" comes first, its parts follow.
        forms = [stems[:1], stems[1:], _ABROAD.get(stems[0], ())]
        if long_form := self._index.acronyms.get(name):
            forms.append(content_words(long_form))
        return any(form and self._are_there(form, held, ids) for form in forms)

    def _are_there(self, stems: Sequence[str], held: set[str], ids: set[str]) -> bool:
        beginnings = {word[:ALIKE] for word in held}
        return all(
            stem in held
            or (len(stem) > ALIKE and stem[:ALIKE] in beginnings)
            or any(self._is_familiar(stem, id_) for id_ in ids)
            for stem in stems
        )

    def _is_familiar(self, stem: str, document_id: str) -> bool:
        return bool(self._index.familiar([stem], document_id, FAMILIAR))


def _context(hit: Hit) -> str:
    document, passage = hit.document, hit.passage
    around = [*passage.heading, document.title, document.designation, document.publisher or ""]
    year = [str(document.edition.year)] if document.edition else []
    return " ".join([passage.text, *around, *year])


def _names(question: str) -> Iterator[str]:
    """Acronyms, capitalised words inside a sentence, figures, ordinals, numbered things."""
    tokens = [match.group().strip(".'’-/") for match in _TOKEN.finditer(question)]
    starts = {match.end() for match in re.finditer(r"(?:^|[.?!:] +)\W*\b", question)}
    places = [match.start() for match in _TOKEN.finditer(question)]
    for number, (token, place) in enumerate(zip(tokens, places, strict=True)):
        word = re.sub(r"['’]s?$", "", token)
        before = tokens[number - 1].lower().removesuffix("s") if number else ""
        if word.lower() in STOP_WORDS or word.lower() in _MONTHS or not word:
            continue
        capital = word[0].isupper() and (place not in starts or not word[1:].islower())
        numbered = before in _NUMBERED and (word.lower() in NUMBERS or word.isdigit())
        if capital or numbered or word.lower() in ORDINALS or any(map(str.isdigit, word)):
            name = re.sub(r"(?<=[A-Z0-9])s$", "", word)
            yield re.sub(r"-[a-z]+$", "", name)  # "DoD-run"


def _in_one_form(text: str) -> list[str]:
    """Stems with spelled numbers and short years in one form."""
    plain = re.sub(r"\b([FC]Y) ?(\d\d)\b", r"\g<1>20\2", text)
    plain = re.sub(r"\b([FC]Y) (\d{4})\b", r"\1\2", plain)
    plain = re.sub(r"\b([A-Z]{2,})s\b", r"\1", plain)
    found = search_words(plain)
    return [_DIGITS.get(word, word) for word in found]
