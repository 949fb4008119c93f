"""A selection as it stands beside the results, and the list of the visitor's selections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from assistant.answer.render import cite
from assistant.answer.styles import Style
from assistant.excerpts.selection import LONGEST_NOTE, Selected, Selection
from assistant.excerpts.store import Listed
from assistant.export.selection import FORMATS, Format
from assistant.web.excerpt_card import act, pages, place, quotation, show_page, source, trail
from assistant.web.labels import count, day
from assistant.web.markup import Markup, element, join

AT_ONCE: Final = 100  # items that are shown together
STYLE_NAMES: Final[dict[Style, str]] = {
    "doctrine": "Doctrine",
    "chicago": "Chicago",
    "plain": "Plain words",
}
FORMAT_NAMES: Final[dict[Format, str]] = {
    "docx": "Word",
    "xlsx": "Excel",
    "pdf": "PDF",
    "md": "Markdown",
    "csv": "CSV",
    "json": "JSON",
    "bib": "BibTeX",
    "ris": "RIS",
}
assert set(FORMAT_NAMES) == set(FORMATS)
CHANGED: Final = "Changed: the index no longer has this text at this place."
EMPTY: Final = "Nothing collected yet: tick the excerpts that you want to keep."


def panel(selection: Selection | None, ticked: Iterable[str] = (), offset: int = 0) -> str:
    """The items from ``offset`` on; ``ticked`` are the results that are collected already."""
    items, name = (selection.items, selection.name) if selection else ((), "No selection yet")
    shown = items[offset : offset + AT_ONCE]
    turning = pages(offset, len(shown), len(items), AT_ONCE, "collected excerpts")
    listed = element(
        "ol",
        *(_item(offset + n, one, len(items)) for n, one in enumerate(shown, 1)),
        class_="items",
        role="list",
        start=offset + 1,
    )
    line = f"{count(len(items), 'excerpt')} in {name}"
    return str(
        element(
            "section",
            element("h2", name),
            element("p", count(len(items), "excerpt"), class_="line"),
            turning,
            listed if items else element("p", EMPTY, class_="placeholder"),
            class_="selection",
            aria_label="Collected excerpts",
            data_said=line,
            data_count=len(items),
            data_ticked=json.dumps(sorted(ticked)),
        )
    )


def exports(id: str, style: Style, empty: bool) -> str:
    """The links by which the selection is downloaded."""
    if empty:
        return ""
    links = [_export(id, form, style) for form in FORMAT_NAMES]
    return str(element("p", element("span", "Download as "), *links, class_="exports"))


def selection_list(listed: Sequence[Listed], current: str | None) -> str:
    """The visitor's selections; ``current`` is the one that is open."""
    if not listed:
        return str(element("p", "No selection is kept yet.", class_="note"))
    rows = (_listed(one, one.id == current) for one in listed)
    return str(element("ul", *rows, class_="selections", role="list"))


def _item(number: int, item: Selected, total: int) -> Markup:
    excerpt = item.excerpt
    name, key = cite(excerpt), excerpt.id
    acts = element(
        "div",
        act("\u2191", "undo", key, f"Move up {number}, {name}", disabled=number == 1, title="Up"),
        act(
            "\u2193",
            "retry",
            key,
            f"Move down {number}, {name}",
            disabled=number == total,
            title="Down",
        ),
        act("Wider", "expand", key, f"One more sentence on either side of {number}, {name}"),
        act("Narrower", "collapse", key, f"One sentence less on either side of {number}, {name}"),
        show_page(excerpt),
        act("Remove", "delete", key, f"Remove {number}, {name}"),
        class_="acts",
    )
    note = element(
        "label",
        element("span", "Note"),
        element(
            "textarea",
            item.note,
            rows=1 + min(item.note.count("\n") + len(item.note) // 60, 5),
            maxlength=LONGEST_NOTE,
            data_event="blur",
            data_value=key,
            aria_label=f"Note on {number}, {name}",
        ),
        class_="note-field",
    )
    flag = element("p", CHANGED, class_="flag changed") if item.changed else None
    body = element(
        "div", flag, quotation(excerpt), source(excerpt), trail(excerpt), note, acts, class_="body"
    )
    mark = element("span", f"{number}.", class_="mark")
    return element("li", mark, body, class_="item", **place(excerpt))


def _export(id: str, form: Format, style: Style) -> Markup:
    name = FORMAT_NAMES[form]
    return element(
        "a",
        name,
        class_="quiet",
        href=f"selections/{id}/export.{form}?{urlencode({'style': style})}",
        download=True,
        aria_label=f"Download the selection as {name}",
    )


def _listed(one: Listed, current: bool) -> Markup:
    opener = element(
        "button",
        one.name,
        type="button",
        class_="open",
        data_event="select",
        data_value=one.id,
        aria_current="true" if current else None,
        title=one.name,
    )
    facts = join(
        f"{count(one.excerpts, 'excerpt')} \u00b7 ",
        element("time", _time(one.changed), datetime=one.changed.isoformat()),
    )
    acts = element(
        "span",
        act("Rename", "edit", one.id, f"Rename {one.name}"),
        act("Delete", "delete", one.id, f"Delete {one.name}"),
        class_="acts",
    )
    return element(
        "li",
        opener,
        element("span", facts, class_="when"),
        acts,
        class_="talk current" if current else "talk",
    )


def _time(time: datetime) -> str:
    utc = time.astimezone(UTC)
    return f"{day(utc.date())} {utc:%H:%M} UTC"
