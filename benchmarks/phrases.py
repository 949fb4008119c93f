"""Whether a search for a phrase finds every page that has it, and how long it takes.

    python -m benchmarks.phrases --index WORKSPACE [--phrases 400]

Phrases are runs of one to eight words from random places of random pages. Each is looked for as
an exact phrase, and for comparison in the text of every page, with nothing but Python's ``in``:
case, white space and hyphens between letters aside.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from pathlib import Path

from assistant.answer.assistant import Assistant
from assistant.excerpts.query import ExcerptQuery
from assistant.index.reader import Index, open_index
from assistant.workspace import Workspace

SHOWN = 50  # excerpts of a page of results
EVERYTHING = 1_000_000
Pages = dict[tuple[str, int], str]


def main(argv: list[str] | None = None) -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--phrases", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    workspace = Workspace.find(arguments.index)
    index, assistant = open_index(workspace), Assistant.open(workspace)
    pages = texts(index)
    phrases = chosen(pages, arguments.phrases, random.Random(arguments.seed))
    missed = held = 0
    times = []
    for phrase in phrases:
        query = ExcerptQuery(phrase, "phrase", grouped=False)
        began = time.perf_counter()
        assistant.excerpts(query, SHOWN)
        times.append(1000 * (time.perf_counter() - began))
        excerpts = assistant.excerpts(query, EVERYTHING).excerpts
        found = {(e.document.id, span.page) for e in excerpts for span in e.spans}
        plain = {place for place, text in pages.items() if read(phrase) in text}
        held += len(plain)
        missed += len(plain - found)
        for place in sorted(plain - found):
            print(f"missed: {phrase!r} on {index.documents[place[0]].file} PDF p. {place[1]}")
    times.sort()
    print(
        "| phrases | pages searched | pages that have one | missed | ms, median | ms, 95 % | most |"
    )
    print("|---|---|---|---|---|---|---|")
    late, most = times[int(0.95 * len(times))], times[-1]
    print(
        f"| {len(phrases)} | {len(pages)} | {held} | {missed} | {statistics.median(times):.0f} "
        f"| {late:.0f} | {most:.0f} |"
    )


def texts(index: Index) -> Pages:
    """The pages as plain text, by document and number."""
    return {
        (document, page.number): read(page.text)
        for document in index.documents
        for page in index.store.pages(document)
    }


def read(text: str) -> str:
    """Text without regard to case, white space, and hyphens between letters."""
    joined = re.sub(r"\u00ad|(?<=\w)-\s*(?=\w)", "", text.lower())
    return re.sub(r"\s+", " ", joined).strip()


def chosen(pages: Pages, count: int, chance: random.Random) -> list[str]:
    """Runs of words of the pages that hold a letter or a digit."""
    found: list[str] = []
    places = list(pages)
    while len(found) < count:
        words = pages[chance.choice(places)].split(" ")
        start, length = chance.randrange(len(words)), chance.randint(1, 8)
        phrase = " ".join(words[start : start + length])
        if any(map(str.isalnum, phrase)):
            found.append(phrase)
    return found


if __name__ == "__main__":
    main()
