"""Who acts in a text: offices, units, bodies, nations and whatever has a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.claims.text import Word, alike, stem_of

_HEADS: Final = frozenset(
    stem_of(word)
    for word in """commander command officer office team section cell staff director directorate
    chief secretary undersecretary agency army navy force corps division brigade battalion company
    platoon squad crew unit headquarters department ministry minister board committee group council
    congress president government state nation country partner host purchaser buyer seller supplier
    contractor manager advisor adviser advocate engineer medic physician surgeon sergeant captain
    major colonel general lieutenant leader soldier troop guard police marine pilot driver gunner
    observer patrol inspector auditor examiner teacher instructor student trainee component bureau
    center institution organization element detachment authority embassy ambassador attache delegate
    delegation representative member civilian employee personnel planner analyst operator handler
    technician custodian owner user sponsor proponent participant respondent author researcher
    reader interpreter source lead chair chairman chairperson deputy assistant service airman sailor
    enemy adversary ally mayor recorder coordinator controller safety convoy party supervisor
    provider recipient requester traveler trainer evaluator registrar clerk chaplain dispatcher
    administrator comptroller treasurer judge lawyer counsel spokesman journalist escort sentry
    laboratory regiment squadron battery fleet wing taskforce task federation union parliament
    senate court bank firm industry vendor manufacturer carrier airline railroad hospital school
    university college institute academy forum panel commission corporation""".split()
)
_NAME: Final = re.compile(r"[A-Z][\w'’]*")
_SHORT: Final = re.compile(r"[A-Z]{2,}[a-z]?|[A-Z]+\d+|[A-Z]")
_PLAIN: Final = frozenset(
    """The A An In On At By For To Of If When Where While Although Though Its It They This That
    These Those All Any Each Every Some Most Many No Not Nobody None Only One Two Three Four Five
    Six Seven Eight Nine Ten Both Once After Before During Under Over With Without From As And But
    Or So Because Unless Until Since There Here He She His Her Their Such Other Another According
    Within Between Among Beyond Beside Besides Instead Rather Even Just First Second Third January
    February March April May June July August September October November December""".split()
)
_REACH: Final = 3  # words before a head that may say which one it is
PRONOUNS: Final = frozenset("it they he she this these those which who that both".split())


@dataclass(frozen=True, slots=True)
class Actor:
    """Words of a text, first to last, that name who acts; their stems and the last one's."""

    first: int
    last: int
    stems: frozenset[str]
    head: str
    named: bool

    def is_same(self, other: Actor) -> bool:
        """Whether both may be the same: one says no more than the other does."""
        if not (self.stems <= other.stems or other.stems <= self.stems):
            shared = sum(any(alike(a, b) for b in other.stems) for a in self.stems)
            return shared >= min(len(self.stems), len(other.stems))
        return bool(self.stems & other.stems)


def actors(words: Sequence[Word], text: str) -> tuple[Actor, ...]:
    """The actors among ``words`` of one ``text``, in their order."""
    found: list[Actor] = []
    place = 0
    while place < len(words):
        last = _end_of_name(words, place, text)
        if last is not None:
            first = place
        elif words[place].stem in _HEADS and _is_noun(words, place):
            first = _first_of(words, place, found[-1].last if found else -1)
            last = place
        else:
            place += 1
            continue
        while last + 1 < len(words) and _goes_on(words, last, text):
            last += 1
        stems = frozenset(w.stem for w in words[first : last + 1] if w.content)
        if stems:
            named = any(_is_name(words, i, text) for i in range(first, last + 1))
            found.append(Actor(first, last, stems, words[last].stem, named))
        place = last + 1
    return tuple(found)


def _is_noun(words: Sequence[Word], place: int) -> bool:
    """Whether the word is no verb: "to lead", "may command" are."""
    before = words[place - 1].lower if place else ""
    return before not in ("to", "may", "must", "can", "should", "shall", "will", "not", "could")


def _is_name(words: Sequence[Word], place: int, text: str) -> bool:
    word = words[place]
    if not _NAME.fullmatch(word.text) or word.text in _PLAIN:
        return False
    if _SHORT.fullmatch(word.text):
        return len(word.text) > 1 or text[word.end : word.end + 2].startswith("-")
    opens = place == 0 or words[place - 1].sentence != word.sentence
    opens = opens or bool(re.search(r"[.:•)(]\s*$", text[max(0, word.start - 3) : word.start]))
    return not opens


def _end_of_name(words: Sequence[Word], place: int, text: str) -> int | None:
    """The last word of the name that begins at ``place``, None where none does."""
    if not _is_name(words, place, text):
        return None
    last = place
    while last + 1 < len(words) and _joined(words, last, text):
        following = words[last + 1]
        if _is_name(words, last + 1, text) or following.text[0].isdigit():
            last += 1
        elif following.lower in ("of", "the", "for", "and") and _name_after(words, last + 1, text):
            last += 2
        else:
            break
    return last


def _name_after(words: Sequence[Word], place: int, text: str) -> bool:
    return (
        words[place].lower == "of"
        and place + 1 < len(words)
        and _joined(words, place, text)
        and _is_name(words, place + 1, text)
    )


def _joined(words: Sequence[Word], place: int, text: str) -> bool:
    between = text[words[place].end : words[place + 1].start]
    return between in (" ", "-", "/", "(", "’", "'") and (
        words[place].sentence == words[place + 1].sentence
    )


def _goes_on(words: Sequence[Word], last: int, text: str) -> bool:
    """Whether a head follows directly: "brigade" behind "Army", "officer" behind "finance"."""
    following = words[last + 1]
    return _joined(words, last, text) and following.stem in _HEADS and _is_noun(words, last + 1)


def _first_of(words: Sequence[Word], place: int, taken: int) -> int:
    first = place
    while first - 1 > taken and place - first < _REACH and words[first - 1].content:
        before, this = words[first - 1], words[first]
        if before.clause != this.clause or this.start - before.end != 1:
            break
        if before.text[0].isdigit() or before.lower.endswith(("ly", "s")):
            break
        first -= 1
    return first
