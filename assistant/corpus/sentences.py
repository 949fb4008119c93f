"""Where sentences end in doctrine: after a full stop that no abbreviation explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BOUNDARY = re.compile(r"[.?!][\"')\]]*(?:\d{1,3})?(?=\s+[\"'(\[]*[A-Z0-9•])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|No|Nos|para|paras|pp?|vol|ch|chap|sec|fig|para|Gen|Lt|Maj|"
    r"Col|Capt|Cdr|Adm|Sgt|Brig|Mr|Mrs|Ms|Dr|St|Jr|Sr|Inc|Ltd|Co|Corp|Dept|approx|Jan|Feb|Mar|"
    r"Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Art|Stat|Sens?|Reps?|P\.L|Pub|Ref|Encl|Atch|App|ibid)"
    r"|(?:^|[\s(\"'])[A-Z]|(?:[A-Z]\.)+[A-Z])\.$"
)
# "(ADP 3-0, para 2-5, p. 17)" behind a full stop is the source of the sentence before it; "(1)" and
# "(U)" open the next one, and "(See ATP 4-33.)" is one of its own.
_SOURCE = re.compile(r"\s+\([^()\s]+\s[^()]{0,150}[^().?!]\)(?=\s|$)")
_REACH = 150  # characters within which a parenthesis that holds a full stop is closed
_LABEL = re.compile(r"(?:^|\s)(?:[\dA-Z]{1,3}(?:[-.]\w{1,3})*|\(\w{1,3}\)|[a-z])\.$")


def sentence_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the sentences of cleaned ``text``, without outer blanks."""
    start = 0
    for match in _BOUNDARY.finditer(text):
        end = match.end()
        if end <= start or _is_open(text[start:end], text[end : end + _REACH]):
            continue
        if _is_end(text, start, match.start()):
            if source := _SOURCE.match(text, end):
                end = source.end()
            yield start, end
            start = end + len(text[end:]) - len(text[end:].lstrip())
    if start < len(text):
        yield start, len(text.rstrip())


def _is_open(before: str, after: str) -> bool:
    """Whether a parenthesis that ``before`` opens is closed only ``after`` it."""
    opened = before.rfind("(")
    if opened < 0 or ")" in before[opened:]:
        return False
    closing = after.find(")")
    return closing >= 0 and "(" not in after[:closing]


def _is_end(text: str, start: int, stop: int) -> bool:
    before = text[max(start, stop - 14) : stop + 1]
    if text[stop] != ".":
        return True
    if stop - start < 12 and _LABEL.search(text[start : stop + 1]):
        return False  # "2-14." and "a." open a sentence, they do not end one
    following = text[stop + 1 :].lstrip("\"')] ")
    if re.search(r"\bU\.S\.$", before) or re.search(r"(?:[A-Z]\.)+[A-Z]\.$", before):
        # "the U.S. Army" goes on; "… in the U.S. The …" ends.
        return bool(re.match(r"(?:The|This|These|It|In|A|An|For|When|As)\s", following))
    return not _ABBREVIATION.search(before)
