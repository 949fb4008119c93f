"""A model that lies: statements made from the passages it is given, each wrong in one way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.corpus.sentences import sentence_ranges

PASSAGE = re.compile(r'<passage number="(\d+)" source="[^"]*">\n(.*?)\n</passage>', re.DOTALL)
SOURCE = re.compile(r"\s*\([^()]*\b(?:para|paras|p|pp|att|PDF)\b[^()]*\)")
NUMBER = re.compile(r"\b(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten)\b")
SPELLED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
VERB = re.compile(r"\b(is|are|was|were|may|must|should|can|will|has|have)\b(?! not)")
NOT = re.compile(r"\b(is|are|was|were|may|must|should|can|will|do|does) not\b")
WORD = re.compile(r"\b[a-z]{5,}\b")
NAME = re.compile(r"\b(?:[A-Z]{2,}(?:\([A-Z&]+\))?|[A-Z][a-z]+ of [A-Z][a-z]+)\b")


@dataclass(frozen=True)
class Lie:
    """A statement with its marker, and in which way it is wrong."""

    sort: str
    text: str


def sentences(prompt: str) -> list[tuple[int, str]]:
    """(number of the passage, sentence) of all passages of a prompt."""
    found = []
    for match in PASSAGE.finditer(prompt):
        body = match.group(2)
        for line in body.split("\n"):
            for start, end in sentence_ranges(line):
                text = SOURCE.sub("", line[start:end]).strip(" •")
                # Not a heading, and no number that passes for that of an item.
                whole = text.endswith(".") and "›" not in text and text[:1].isalpha()
                whole = whole and not text.isupper()
                if 6 <= len(text.split()) <= 40 and whole:
                    found.append((int(match.group(1)), text))
    return found


def lies(prompt: str, seed: int) -> list[Lie]:
    """A lie of every sort that the passages of ``prompt`` have the matter for."""
    rng = random.Random(seed)
    known = sentences(prompt)
    rng.shuffle(known)
    found = []
    for sort, lie in SORTS.items():
        made = next((made for made in lie(known, rng) if made), None)
        if made:
            found.append(Lie(sort, made))
    return found


def _swapped_number(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for number, text in known:
        if match := NUMBER.search(text):
            old = match.group()
            if old in SPELLED:
                new = rng.choice([word for word in SPELLED if word != old])
            else:
                digits = re.sub(r"\d", lambda m: str((int(m.group()) + 3) % 10), old)
                new = digits if digits[0] != "0" else f"1{digits[1:]}"
            yield _cited(text[: match.start()] + new + text[match.end() :], number)


def _negated(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for number, text in known:
        if not NOT.search(text) and " no " not in text and (match := VERB.search(text)):
            yield _cited(f"{text[: match.end()]} not{text[match.end() :]}", number)


def _affirmed(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for number, text in known:
        if match := NOT.search(text):
            yield _cited(text[: match.start()] + match.group(1) + text[match.end() :], number)


def _off_by_a_word(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    words = sorted({word for _, text in known for word in WORD.findall(text)})
    for number, text in known:
        own = WORD.findall(text)
        others = [word for word in words if word[:4] not in {mine[:4] for mine in own}]
        if own and others:
            old = rng.choice(own)
            changed = text.replace(old, rng.choice(others), 1).rstrip(".")
            yield f"The text says: “{changed}” [{number}]."


def _wrong_passage(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for number, text in known:
        others = [other for other, _ in known if other != number]
        same = {other for other, said in known if said == text}
        if others and len(same) == 1:
            yield _cited(text, rng.choice(others))


def _fabricated(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for _, text in known:
        yield _cited(text, rng.choice((0, 11, 42, 999)))


def _unmarked(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for _, text in known:
        yield text


def _swapped_name(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    everyone = sorted({name for _, text in known for name in NAME.findall(text)})
    for number, text in known:
        own = sorted(set(NAME.findall(text)))
        others = [name for name in everyone if name not in own]
        if own and others:
            yield _cited(text.replace(rng.choice(own), rng.choice(others), 1), number)


def _invented(known: list[tuple[int, str]], rng: random.Random) -> Iterator[str]:
    for number, _ in known:
        yield _cited(rng.choice(INVENTED), number)


def _cited(text: str, number: int) -> str:
    return f"{text.rstrip('.')} [{number}]."


INVENTED = (
    "The moon is made of green cheese",
    "All commanders must resign at the end of the fiscal year",
    "France pays half of the cost of every exercise",
    "The report was withdrawn by its authors",
    "Nothing in these documents applies to the Army",
)
SORTS: Mapping[str, Callable[[list[tuple[int, str]], random.Random], Iterator[str]]] = {
    "number": _swapped_number,
    "negation": _negated,
    "affirmation": _affirmed,
    "quote": _off_by_a_word,
    "passage": _wrong_passage,
    "marker": _fabricated,
    "none": _unmarked,
    "name": _swapped_name,
    "invention": _invented,
}


def prompt_of(body: dict[str, Any]) -> str:
    """What a request asks."""
    return str(body["messages"][-1]["content"])
