"""A model's reply, split into statements and their markers while it arrives."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Final

from assistant.answer.llm import CUT
from assistant.corpus.sentences import sentence_ranges

LONGEST: Final = 2000  # characters of a statement, from which it is taken as it is
PARENTHESIS: Final = 200  # characters within which one is closed
MASK: Final = "\u00b7"  # what stands for each character of a marker
MOST_MARKERS: Final = 50  # numbers that a range such as [1-20] may stand for

# "[1]", "[1, 2]", "[1-3]", "[^1]", "[passage 1]", "[Source: 1, Source: 2]", "【1】"; what else
# stands in brackets is text.
_NUMBER: Final = (
    r"(?:\^|#|(?:passages?|sources?|citations?|refs?|doc(?:ument)?s?)\s*[:#]?)?\s*\d{1,3}"
)
_MARKER = re.compile(
    rf"(?:(?<!\s)\s+)?[\[【]\s*({_NUMBER}(?:\s*(?:[,;&–-]|and)\s*{_NUMBER})*)\s*"
    r"(?:†[^\]】]{0,40})?[\]】]",
    re.IGNORECASE,
)
_OPEN_MARKER = re.compile(r"[\[【][^\]】]{0,60}$")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)|(\d+)")
THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(
    r"<think(?:ing)?>.*|<(?:t|th|thi|thin|think|thinki|thinkin|thinking)?$",
    re.DOTALL | re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`|^\s*#{1,6}\s+|^\s*>\s?|(?<!\w)[*_](?=\w)|(?<=[\w.,;])[*_](?!\w)")
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of the model as it came: its text without markers, and their numbers.

    ``item``: it is an item of a list, after ``lead_in``, the line that announces the list, which
    only the first item brings along. ``whole``: the model ended it; False where it was cut.
    """

    text: str
    markers: tuple[int, ...]
    item: bool = False
    lead_in: str = ""
    whole: bool = True

    @property
    def claim(self) -> str:
        """All that it says, on one line."""
        return f"{self.lead_in} {self.text}".strip()


class StatementStream:
    """Gives statements as soon as they are complete.

    A sentence is complete when the next one begins, because its markers may stand behind its full
    stop; a line when it ends.
    """

    def __init__(self) -> None:
        self._raw = ""  # of the line that is being written
        self._lead_in = ""
        self._shared: tuple[int, ...] = ()  # markers of the line that announces a list
        self._in_list = False
        self._within = False  # an item of which a sentence was given already
        self._cut = False

    @property
    def draft(self) -> str:
        """What is being written and has not been given yet, without anything like a marker."""
        bare = _bare(_THINKING.sub("", self._raw))
        return _BULLET.sub("", _OPEN_MARKER.sub("", bare)).strip()

    def feed(self, piece: str) -> Iterator[Said]:
        """The statements that are complete with ``piece``."""
        if piece == CUT:
            self._cut = True
            return
        self._raw = THOUGHT.sub("", self._raw + piece)
        if not _THINKING.search(self._raw):
            yield from self._complete()

    def end(self) -> Iterator[Said]:
        """What is left when the reply has ended; the last one of a cut reply is not whole."""
        self._raw = _THINKING.sub("", self._raw)
        left = [*self._complete(), *self._line(self._raw)]
        self._raw = ""
        for place, said in enumerate(left, start=1):
            yield replace(said, whole=not (self._cut and place == len(left)))

    def _complete(self) -> Iterator[Said]:
        """What lines that have ended say, and sentences after which another one began."""
        while "\n" in self._raw:
            line, _, self._raw = self._raw.partition("\n")
            yield from self._line((yield from self._begun(line)))
        self._raw = yield from self._begun(self._raw)

    def _begun(self, line: str) -> Generator[Said, None, str]:
        """The sentences of ``line`` but the last, which is returned."""
        first, rest = _first_sentence(line)
        while first:
            yield from self._line(first, ended=False)
            first, rest = _first_sentence(rest)
        return rest

    def _line(self, line: str, ended: bool = True) -> Iterator[Said]:
        """The statements of a line, or of as much of it as is complete."""
        within, self._within = self._within, False
        if not line.strip():
            return
        item = within or bool(_BULLET.match(line))
        text = _BULLET.sub("", line) if item else line
        if not item and ended and _bare(text).endswith(":"):
            self._lead_in, self._shared = _bare(text), _numbers(text)
            return
        if not item and self._lead_in and not self._in_list:
            item = True  # lines under an announcement are a list, whatever marks them
        for sentence in _sentences(text):
            yield from self._said(sentence, item)
        self._in_list, self._within = item, item and not ended

    def _said(self, sentence: str, item: bool) -> Iterator[Said]:
        markers, plain = _numbers(sentence), _bare(sentence)
        if not re.search(r"\w", plain):
            return
        lead_in = self._lead_in if item else ""
        shared = self._shared if item else ()
        if lead_in or not item:
            self._lead_in = ""
        if not item:
            self._shared = ()
        yield Said(plain, markers or shared, item, lead_in)


def _first_sentence(text: str) -> tuple[str, str]:
    """A first sentence with its markers, and the rest; ("", text) while it may go on."""
    starts = [start for start, _ in _ranges(text)][1:]
    if starts and _BULLET.match(text) and _BULLET.fullmatch(text[: starts[0]].rstrip() + " "):
        starts.pop(0)
    start = starts[0] if starts else len(text)
    if start > LONGEST:
        return text[:LONGEST], text[LONGEST:]
    # A parenthesis that is still open may belong to the sentence before it, or hold its end.
    opened = text.rfind("(", 0, start + 1)
    is_open = opened >= 0 and ")" not in text[opened:] and len(text) - start < PARENTHESIS
    return ("", text) if is_open or not starts else (text[:start], text[start:])


def _masked(text: str) -> str:
    """``text`` in which markers, whole or begun, neither end nor begin a sentence.

    They become dots of the same length behind the stop of their sentence, so that "… ends. [1]
    The next" is split after the marker.
    """
    masked = list(text)
    for match in [*_MARKER.finditer(text), *([m] if (m := _OPEN_MARKER.search(text)) else [])]:
        start, end = text.find(match.group().lstrip(), match.start()), match.end()
        stop = len(text[:start].rstrip().rstrip("\"'”’)")) - 1
        stopped = stop >= 0 and masked[stop] in ".?!"
        for place in range(start, end):
            masked[place] = MASK
        if stopped:
            masked[end - 1], masked[stop] = masked[stop], MASK
    return "".join(masked)


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in _ranges(text)]


def _ranges(text: str) -> list[tuple[int, int]]:
    """The sentences of ``text``; markers before one belong to the one before it."""
    masked = _masked(text)
    found: list[tuple[int, int]] = []
    for start, end in sentence_ranges(masked):
        begins = end - len(masked[start:end].lstrip(f"{MASK} "))
        if found and not masked[begins:end].strip(f"{MASK} .?!"):
            begins = end
        if found:
            found[-1] = found[-1][0], begins
        if begins < end or not found:
            found.append((begins if found else start, end))
    return found


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of the markers in ``text``, each once, in order."""
    found: dict[int, None] = {}
    for marker in _MARKER.finditer(_plain(text)):
        for low, high, single in _RANGE.findall(marker.group(1)):
            if single:
                found[int(single)] = None
            elif 0 <= int(high) - int(low) < MOST_MARKERS:
                found.update(dict.fromkeys(range(int(low), int(high) + 1)))
    return tuple(found)


def _bare(text: str) -> str:
    """Plain text without markers, and without what becomes one when another is taken out of it."""
    bare, text = _plain(text), ""
    while bare != text:
        bare, text = _plain(_MARKER.sub("", bare)), bare
    return bare.strip()


def _plain(text: str) -> str:
    """Text without Markdown's emphasis, and without what prints as nothing or turns text round."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _EMPHASIS.sub("", _UNPRINTABLE.sub("", whole))
    return re.sub(r"\s+([.,;:?!])(?=\s|$)", r"\1", re.sub(r"\s+", " ", text))
