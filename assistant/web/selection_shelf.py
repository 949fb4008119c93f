"""The selections of a visitor: kept under the visitor's name, or for the page's life only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import gradio as gr

from assistant.conversation.turns import new_key
from assistant.excerpts.selection import Selection, refreshed
from assistant.excerpts.store import (
    LONGEST_NAME,
    MOST_EXCERPTS,
    MOST_SELECTIONS,
    Listed,
    SelectionError,
    SelectionStore,
    new_selection,
)
from assistant.web.history import History, Visitor

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

MOST_PAGES: Final = 200  # pages of visitors without a name whose selections are held
FIRST: Final = "Selection"
GONE: Final = "This selection is no longer there."


class PassingStore:
    """Selections of visitors without a name, in memory; those of the oldest pages make way."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, dict[str, tuple[Selection, datetime]]] = OrderedDict()
        self._lock = threading.Lock()

    def save(self, page: str, id: str, selection: Selection) -> None:
        """Keep ``selection`` in place of what was kept under this id."""
        name = " ".join(selection.name.split())
        if not name or len(name) > LONGEST_NAME:
            raise SelectionError(f"Give the selection a name of 1 to {LONGEST_NAME} characters.")
        if len(selection.items) > MOST_EXCERPTS:
            raise SelectionError(f"A selection holds at most {MOST_EXCERPTS:,} excerpts.")
        with self._lock:
            held = self._pages.setdefault(page, {})
            if id not in held and len(held) >= MOST_SELECTIONS:
                raise SelectionError(f"There are {MOST_SELECTIONS} selections; delete one first.")
            held[id] = (replace(selection, name=name), datetime.now(UTC))
            self._pages.move_to_end(page)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)

    def listed(self, page: str) -> list[Listed]:
        """The page's selections, the one that changed last first."""
        with self._lock:
            held = list(self._pages.get(page, {}).items())
        rows = [Listed(id, one.name, at, len(one.items)) for id, (one, at) in held]
        return sorted(rows, key=lambda row: row.changed, reverse=True)

    def load(self, page: str, id: str) -> Selection:
        """One selection as it was saved."""
        with self._lock:
            return _found(self._pages.get(page, {}), id)

    def delete(self, page: str, id: str) -> None:
        """Delete a selection."""
        with self._lock:
            self._pages.get(page, {}).pop(id, None)

    def of_any(self, id: str) -> Selection:
        """One selection of whichever page; its id cannot be guessed."""
        with self._lock:
            return _found({k: v for held in self._pages.values() for k, v in held.items()}, id)

    def forget(self, page: str) -> None:
        """Delete what a page that was closed had."""
        with self._lock:
            self._pages.pop(page, None)


class Shelf:
    """Opens and changes selections as the current index has them; raises SelectionError.

    ``id`` is of one selection, which must be the visitor's own.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._history = History(assistant.workspace)
        self._kept = SelectionStore(assistant.workspace.selections)
        self._passing = PassingStore()
        self._lock = threading.Lock()

    def visitor(self, request: gr.Request) -> Visitor:
        """Where an event came from."""
        return self._history.visitor(request)

    def complaint(self, visitor: Visitor) -> str:
        """Why the visitor's selections are not kept, "" where they are."""
        if visitor.user is not None:
            return ""
        why = self._history.complaint(None).replace("Conversations are not kept, ", "")
        reason = f" {why[:1].upper()}{why[1:]}" if why else ""
        return (
            "Selections are held only as long as this page is open; download what you need."
            + reason
        )

    def listed(self, visitor: Visitor) -> list[Listed]:
        """The visitor's selections, the one that changed last first."""
        store, owner = self._store(visitor)
        return store.listed(owner)

    def opened(self, visitor: Visitor, id: str) -> Selection:
        """One selection; what the index no longer has is marked as changed."""
        store, owner = self._store(visitor)
        return self._fresh(store.load(owner, id))

    def made(self, visitor: Visitor, name: str = "") -> str:
        """The id of a new, empty selection, which gets a name of its own where none is given."""
        store, owner = self._store(visitor)
        with self._lock:
            taken = {one.name for one in store.listed(owner)}
            number = next(n for n in range(1, len(taken) + 2) if f"{FIRST} {n}" not in taken)
            fingerprint = self._assistant.summary().fingerprint
            id = new_key()
            store.save(owner, id, new_selection(name or f"{FIRST} {number}", fingerprint))
        return id

    def changed(
        self, visitor: Visitor, id: str, change: Callable[[Selection], Selection]
    ) -> Selection:
        """The selection after ``change``, which is kept."""
        store, owner = self._store(visitor)
        with self._lock:  # nothing that two pages of a visitor do at once is lost
            before = self._fresh(store.load(owner, id))
            after = change(before)
            if after != before:
                store.save(owner, id, after)
        return after

    def deleted(self, visitor: Visitor, id: str) -> None:
        """Delete a selection."""
        store, owner = self._store(visitor)
        with self._lock:
            store.delete(owner, id)

    def forget(self, request: gr.Request) -> None:
        """A page was closed."""
        self._passing.forget(self.visitor(request).session)

    def download(self, headers: Mapping[str, str], id: str) -> Selection:
        """The selection of this id as a file is made of it."""
        user = self._history.user(headers)
        if user is None:
            return self._fresh(self._passing.of_any(id))
        return self._fresh(self._kept.load(user, id))

    def _store(self, visitor: Visitor) -> tuple[SelectionStore | PassingStore, str]:
        if visitor.user is None:
            return self._passing, visitor.session
        return self._kept, visitor.user

    def _fresh(self, selection: Selection) -> Selection:
        fingerprint = self._assistant.summary().fingerprint
        if selection.index == fingerprint:
            return selection
        return refreshed(selection, self._assistant.excerpt, fingerprint)


def _found(held: Mapping[str, tuple[Selection, datetime]], id: str) -> Selection:
    if id not in held:
        raise SelectionError(GONE)
    return held[id][0]
