"""The list of a visitor's conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.conversation.turns import Listed
from assistant.web.labels import count, day
from assistant.web.markup import Markup, element

EMPTY = "Conversations that you have here are kept and listed."


def talk_list(listed: Sequence[Listed], current: str | None) -> str:
    """The conversations in the order given; ``current`` is the one that is open."""
    if not listed:
        return str(element("p", EMPTY, class_="note"))
    return str(
        element(
            "ul", *(_item(one, one.id == current) for one in listed), class_="talks", role="list"
        )
    )


def sentence(text: str, role: str | None = "alert") -> str:
    """One sentence beside the list or the chat."""
    return str(element("p", text, class_="sentence", role=role)) if text else ""


def _item(one: Listed, current: bool) -> Markup:
    link = f"conversations/{one.id}/export"
    return element(
        "li",
        element(
            "button",
            one.name,
            type="button",
            class_="open",
            data_event="select",
            data_value=one.id,
            aria_current="true" if current else None,
            title=one.name,
        ),
        element(
            "span",
            f"{count(one.turns, 'question')} \u00b7 ",
            element("time", _time(one.changed), datetime=one.changed.isoformat()),
            class_="when",
        ),
        element(
            "span",
            _button("Rename", "edit", one),
            _button("Delete", "delete", one),
            _export("Markdown", f"{link}.md", one),
            _export("Word", f"{link}.docx", one),
            class_="acts",
        ),
        class_="talk current" if current else "talk",
    )


def _button(text: str, event: str, one: Listed) -> Markup:
    return element(
        "button",
        text,
        type="button",
        class_="quiet",
        data_event=event,
        data_value=one.id,
        aria_label=f"{text} {one.name}",
    )


def _export(text: str, link: str, one: Listed) -> Markup:
    return element(
        "a",
        text,
        class_="quiet",
        href=link,
        download=True,
        aria_label=f"Export {one.name} as {text}",
        title=f"Export as {text}",
    )


def _time(time: datetime) -> str:
    utc = time.astimezone(UTC)
    return f"{day(utc.date())} {utc:%H:%M} UTC"
