"""``assistant excerpts``: every place on a matter, printed or exported."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from assistant.answer.styles import STYLES
from assistant.cli.options import as_json, indexed, print_json, workspace_option
from assistant.errors import UsageError
from assistant.export.selection import FORMATS, export_selection, format_of

if TYPE_CHECKING:
    from assistant.excerpts.query import Found
    from assistant.types import Excerpt

MOST: Final = 2000
_MODES = ("auto", "question", "words", "phrase", "place")
_RANGE = re.compile(r"^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("text")
@workspace_option
@as_json
@click.option("--mode", type=click.Choice(_MODES), default="auto", show_default=True,
              help="How TEXT is looked for; auto takes quotation marks for a phrase.")  # fmt: skip
@click.option("--file", "files", multiple=True, help="Only this document; repeatable.")
@click.option("--status", "statuses", multiple=True,
              type=click.Choice(["current", "superseded", "rescinded", "draft"]),
              help="Only documents of this status; repeatable.")  # fmt: skip
@click.option(
    "--publisher", "publishers", multiple=True, help="Only of this publisher; repeatable."
)
@click.option("--marking", "markings", multiple=True, help="Only marked so; repeatable.")
@click.option("--since", type=_DAY, help="First date of an edition, as 2020-01-31.")
@click.option("--until", type=_DAY, help="Last date of an edition.")
@click.option("--pages", metavar="A-B", help="Only on these PDF pages.")
@click.option("--paragraphs", nargs=2, metavar="A B", help="Only in numbered paragraphs A to B.")
@click.option("--sort", type=click.Choice(["relevance", "document", "date"]), default="relevance",
              show_default=True, help="Date has the newest edition first.")  # fmt: skip
@click.option("--before", type=click.IntRange(0, 20), default=0, help="Sentences more before each.")
@click.option("--after", type=click.IntRange(0, 20), default=0, help="Sentences more after each.")
@click.option("--limit", "-n", type=click.IntRange(1, MOST), default=20, show_default=True,
              help="Excerpts to show or export.")  # fmt: skip
@click.option("--offset", type=click.IntRange(0), default=0, help="Excerpts to leave out first.")
@click.option("--each", is_flag=True, help="What several documents say alike, once for each.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False),
              help="Write them to this file.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(list(FORMATS)),
              help="Of the file; without it, what its name ends in.")  # fmt: skip
@click.option("--style", type=click.Choice(list(STYLES)), default="doctrine",
              show_default=True, help="Of the citations.")  # fmt: skip
def excerpts(text: str, workspace: Path | None, json_wanted: bool, **options: Any) -> None:
    """Find every place on TEXT: a question, words, a "phrase", or "JP 3-09 p. 12"."""
    from assistant.answer.assistant import Assistant
    from assistant.api.record import found_json
    from assistant.excerpts.query import ExcerptQuery
    from assistant.types import Filters
    from assistant.workspace import Workspace

    target = options["export"]
    form = options["form"] or (format_of(target) if target else "")
    assistant = Assistant.open(Workspace.find(workspace))
    chosen = Filters(
        options["files"], options["statuses"], options["publishers"], options["markings"],
        _day(options["since"]), _day(options["until"]),
    )  # fmt: skip
    filters = indexed(assistant, chosen)
    query = ExcerptQuery(
        text, options["mode"], filters, _pages(options["pages"]), options["paragraphs"],
        options["sort"], options["before"], options["after"], not options["each"],
    )  # fmt: skip
    found = assistant.excerpts(query, options["limit"], options["offset"])
    if target is not None:
        _export(found, text, target, form, options["style"], assistant.workspace.corpus)
    if json_wanted:
        print_json(found_json(found, options["limit"]))
    elif target is not None:
        click.echo(f"Wrote {len(found.excerpts)} of {found.total} excerpts to {target}.")
    else:
        _print(found)


def _export(found: Found, text: str, target: Path, form: str, style: str, corpus: Path) -> None:
    from assistant.excerpts.selection import Selected, Selection

    items = tuple(Selected(excerpt) for excerpt in found.excerpts)
    selection = Selection(" ".join(text.split()), items, found.index, datetime.now(UTC))
    body = export_selection(selection, form, style=style, corpus=corpus)
    try:
        target.write_bytes(body)
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror}).") from error


def _print(found: Found) -> None:
    from assistant.cli.output import say

    if not found.excerpts:
        say("Nothing was found.")
        return
    first = found.offset + 1
    say(f"{found.total} found, {first} to {found.offset + len(found.excerpts)} shown.\n")
    for number, excerpt in enumerate(found.excerpts, first):
        say(f"{number}. {_place(excerpt)}")
        say("   " + excerpt.quote.replace("\n", "\n   "))
        for repeat in excerpt.repeats:
            say(f"   Also: {_place(repeat)}")
        say("")


def _place(excerpt: Excerpt) -> str:
    return STYLES["doctrine"](excerpt)


def _pages(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = _RANGE.match(text)
    if match is None:
        raise UsageError(f"{text} is no range of pages; write it as 12 or 12-20.")
    return int(match[1]), int(match[2] or match[1])


def _day(value: datetime | None) -> Any:
    return value and value.date()
