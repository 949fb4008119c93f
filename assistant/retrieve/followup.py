"""A follow-up as a question that stands alone, by rules: "And for Japan?", "Who approves it?".

What a follow-up leaves out is in the questions before it. Where it names something of the same
sort as one of their words ("and the comptroller?"), it takes the place of that word; else what
they are about is said behind it. docs/design/conversation.md has what this brings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from assistant.index.words import content_words

ABOUT: Final = " – about: "  # between a follow-up and what the earlier questions are about
MOST_WORDS: Final = 30  # of what earlier questions are about
FRAGMENT: Final = 5  # content words up to which words without a verb are no question of their own
BARE: Final = 1  # content words up to which a whole question says too little by itself
ALIKE: Final = 0.5  # cosine from which two words are of the same sort
NEAR: Final = 0.12  # cosine by which a longer phrase may be less alike than the likest

Similarity = Callable[[str, Sequence[str]], Sequence[float]]

_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?|thank you|right|fine|good|great|i see|yes|no|well|now|sorry|hm+)\b"
    r"[\s,.;:!–-]*)+",
    re.IGNORECASE,
)
_NEW_TOPIC = re.compile(
    r"^(?:new|another|different|next|change of) (?:topic|question|subject|matter)\W+|"
    r"^(?:on|about) (?:another|a different) (?:topic|subject|matter)\W+",
    re.IGNORECASE,
)
_CONNECTED = re.compile(
    r"^(?:and|but|or|so|also|then|what about|how about|same|likewise|besides|as for)\b",
    re.IGNORECASE,
)
# "It" that stands for nothing: "is it true that", "what is it that", "does it matter whether".
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:true|possible|correct|right|allowed|necessary|ok|the case|that)\b|"
    r"\bit is (?:true|possible|correct|right)\b|\b(?:what|who|which|how|why) is it that\b|"
    r"\bhow long does it take\b|\bdoes it (?:matter|mean to)\b|\bwhat does it (?:mean|take) to\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|itself|he|him|his|she|her|hers|they|them|their|theirs|these|those|"
    r"there(?! (?:is|are|was|were|any|a|an|be)\b)(?<!is there)(?<!are there)|"
    r"the (?:former|latter|same|other|others)|(?:the|that|this|is there|was there) one|"
    r"ones|others|else|"
    r"the (?:first|second|third|fourth|fifth|last)(?: (?:one|kind|of (?:these|those|them)|two))?"
    r"(?=\W*$|\s+(?:do|does|did|is|are|was|were|has|have|can|may|must)\b)|"
    r"(?:this|that)(?=\W*$|"
    r" (?:is|was|does|did|mean|with|for|by|to|in|apply|on|of|happen|take)\b))"
    r"(?!\w)",
    re.IGNORECASE,
)
_OF_BEFORE = re.compile(r"\b(?:then|again|once more|instead|as well|too)\W*$", re.IGNORECASE)
_WHOLE = re.compile(
    r"^(?:who|whom|whose|what|which|when|where|why|how)\b.*\b(?:is|are|was|were|do|does|did|has|"
    r"have|had|can|could|may|must|should|shall|will|would|might|need)\b.*\w|"
    r"^(?:who|what|which(?: \w+){1,3}) (?:\w+s|\w+ed|wrote|said|made|gave|led|took|held|became)\b|"
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|shall|will|would)\b"
    r".*\w|^(?:give|list|name|tell|show|explain|describe|define|summari[sz]e|quote)\b.*\w",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|also|please)\b\W*)*"
    r"(?:(?:what|which|who|whom|whose|when|where|why|how)"
    r"(?: (?:many|much|long|often|far|large|big|bad))?|"
    r"give me|list|name|tell me|show me|explain|describe|define)?\s*"
    r"(?:\b(?:is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|shall|will|would)\b"
    r"\s*)?(?:there\b\s*)?",
    re.IGNORECASE,
)
_PARALLEL = re.compile(
    r"^(?:(?:and|but|or|so|also)\s+)?(?:(?:what about|how about|(?:the )?same (?:\w+ ){0,2}?for|"
    r"as for|for|to|in|of|with|by|on|at|about)\s+)*(?P<what>[^?]+?)\s*\??$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|an?|one|any|its|their)\s+", re.IGNORECASE)
_INNER_ARTICLE = re.compile(r"\s(?:the|an?)\s", re.IGNORECASE)
_ENDS_IN_WHO = re.compile(r"\bwho\s+$", re.IGNORECASE)
_INDEFINITE = re.compile(r"\ban?\s+$", re.IGNORECASE)
_ENDS_IN_ARTICLE = re.compile(r"\b(?:the|an?|any|its|their)\s+$", re.IGNORECASE)


def stands_alone(question: str) -> bool:
    """Whether nothing in the wording of ``question`` points at what was asked before."""
    if _NEW_TOPIC.match(question):
        return True
    text = _OPENING.sub("", question.strip())
    if _CONNECTED.match(text):
        return False
    empty = _EMPTY_IT.search(text)
    text = _EMPTY_IT.sub(" ", text)
    if _REFERS.search(text) or _OF_BEFORE.search(text):
        return False
    words = len(content_words(text))
    return words > BARE if empty or _WHOLE.match(text) else words > FRAGMENT


def standalone(question: str, earlier: Sequence[str], similarity: Similarity) -> str | None:
    """``question`` with what it leaves out, None where it stands alone.

    ``earlier`` are the questions before it, as they stand alone, oldest first; ``similarity``
    gives the cosines of a text with others.
    """
    if not earlier or stands_alone(question):
        return None
    text = _OPENING.sub("", " ".join(question.split()))
    return _in_place(text, earlier[-1], similarity) or _behind(text, earlier)


def _in_place(text: str, last: str, similarity: Similarity) -> str | None:
    """The last question about another thing, where the follow-up only names that thing."""
    match = _PARALLEL.match(text)
    if not match or not _CONNECTED.match(text) or _REFERS.search(text):
        return None
    what = match["what"].strip()
    if _WHOLE.match(what) or not 0 < len(content_words(what)) <= 3:
        return None
    asked, _, about = last.partition(ABOUT)
    runs = _runs(asked)
    if not runs:
        return None
    cosines = list(similarity(_ARTICLE.sub("", what), [run for run, _, _ in runs]))
    best = max(cosines)
    if best < ALIKE:
        return None
    # Of "combatant commanders" and "geographic combatant commanders" the longer is the thing.
    _, start, end = max(
        (run for run, cosine in zip(runs, cosines, strict=True) if cosine >= best - NEAR),
        key=lambda run: len(run[0].split()),
    )
    before = asked[:start]
    thing = _ARTICLE.sub("", what) if _ENDS_IN_ARTICLE.search(before) else what
    before = _INDEFINITE.sub("an " if thing[0].lower() in "aeiou" else "a ", before)
    changed = f"{before}{thing}{asked[end:]}"
    return f"{changed}{ABOUT}{about}" if about else changed


def _runs(text: str) -> list[tuple[str, int, int]]:
    """Words and short phrases of ``text`` that carry meaning, with their places."""
    found = []
    words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[^\W_][\w&'’/-]*", text)]
    for first in range(len(words)):
        for last in range(first, min(first + 3, len(words))):
            inside = words[first : last + 1]
            start, end = inside[0][1], inside[-1][2]
            ends = inside[0][0], inside[-1][0]
            if all(content_words(word) for word in ends) and not _has_verb(text, start, end):
                found.append((text[start:end], start, end))
    return found


def _has_verb(text: str, start: int, end: int) -> bool:
    """Whether it is like "approves a treaty", or the first word after "who"."""
    return bool(_INNER_ARTICLE.search(text[start:end]) or _ENDS_IN_WHO.search(text[:start]))


def _behind(text: str, earlier: Sequence[str]) -> str:
    """The follow-up, and behind it what the earlier questions are about."""
    own = set(content_words(text))
    matters: list[str] = []
    length = 0
    for question in reversed(earlier):
        asked, _, about = question.partition(ABOUT)
        for part in (asked, *filter(None, about.split("; "))):
            matter = _FRAME.sub("", part, count=1).strip(" ?.!,;:")
            words = set(content_words(matter))
            if not words or words <= own:
                continue
            length += len(matter.split())
            if matters and length > MOST_WORDS:
                return f"{text.rstrip(' ?.!')}{ABOUT}{'; '.join(matters)}"
            matters.append(matter)
            own |= words
    return f"{text.rstrip(' ?.!')}{ABOUT}{'; '.join(matters)}" if matters else text
