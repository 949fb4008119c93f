"""Whose selections are kept, for how long, and who may download them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answer.assistant import Assistant
from assistant.config import Settings, WebSettings
from assistant.errors import AssistantError
from assistant.excerpts.query import ExcerptQuery
from assistant.excerpts.selection import Selection
from assistant.excerpts.store import LONGEST_NAME, SelectionError
from assistant.web.history import Visitor
from assistant.web.selection_downloads import selection_router
from assistant.web.selection_shelf import MOST_PAGES, Shelf
from assistant.web.users import COOKIE
from assistant.workspace import Workspace
from tests.web.visitors import ONE, OTHER

ANN = Visitor("page-1", f"cookie:{ONE}")
NOBODY = Visitor("page-2", None)


@pytest.fixture(scope="module")
def assistant(starter_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("shelf") / "workspace"
    shutil.copytree(starter_workspace.root, folder)
    return Assistant.open(Workspace(folder))


@pytest.fixture
def shelf(assistant: Assistant) -> Iterator[Shelf]:
    yield Shelf(assistant)
    assistant.workspace.selections.unlink(missing_ok=True)


def filled(shelf: Shelf, assistant: Assistant, visitor: Visitor) -> tuple[str, Selection]:
    id = shelf.made(visitor)
    (excerpt, *_) = assistant.excerpts(ExcerptQuery('"joint force"')).excerpts
    return id, shelf.changed(visitor, id, lambda one: one.with_excerpt(excerpt))


def client(assistant: Assistant, shelf: Shelf, user: str | None) -> TestClient:
    app = FastAPI()
    app.include_router(selection_router(shelf, assistant.workspace))
    visitor = TestClient(app, raise_server_exceptions=False)
    if user is not None:
        visitor.cookies.set(COOKIE, user)
    return visitor


def test_a_named_visitors_selection_outlives_the_server(shelf: Shelf, assistant: Assistant) -> None:
    id, selection = filled(shelf, assistant, ANN)
    assert Shelf(assistant).opened(Visitor("another page", ANN.user), id) == selection
    assert shelf.complaint(ANN) == ""
    with pytest.raises(SelectionError):
        shelf.opened(Visitor("page-1", f"cookie:{OTHER}"), id)


def test_a_nameless_visitors_selection_is_written_nowhere_and_ends_with_the_page(
    shelf: Shelf, assistant: Assistant
) -> None:
    id, selection = filled(shelf, assistant, NOBODY)
    assert shelf.opened(NOBODY, id) == selection
    assert not assistant.workspace.selections.exists()
    assert "only as long as this page is open" in shelf.complaint(NOBODY)
    with pytest.raises(SelectionError):
        shelf.opened(Visitor("another page", None), id)
    shelf._passing.forget(NOBODY.session)
    with pytest.raises(SelectionError):
        shelf.opened(NOBODY, id)


def test_the_oldest_pages_make_way(shelf: Shelf, assistant: Assistant) -> None:
    first, _ = filled(shelf, assistant, NOBODY)
    for number in range(MOST_PAGES):
        shelf.made(Visitor(f"later-{number}", None))
    with pytest.raises(SelectionError):
        shelf.opened(NOBODY, first)


@pytest.mark.parametrize("visitor", [ANN, NOBODY])
def test_selections_are_named_and_listed(shelf: Shelf, visitor: Visitor) -> None:
    first, second = shelf.made(visitor), shelf.made(visitor)
    assert [one.name for one in shelf.listed(visitor)] == ["Selection 2", "Selection 1"]
    shelf.changed(visitor, first, lambda one: replace(one, name="Annex B"))
    assert [one.name for one in shelf.listed(visitor)] == ["Annex B", "Selection 2"]
    for name in ("", "   ", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(SelectionError, match="name of 1 to"):
            shelf.changed(visitor, first, lambda one, name=name: replace(one, name=name))
    shelf.deleted(visitor, second)
    assert [one.id for one in shelf.listed(visitor)] == [first]


def test_a_change_that_fails_keeps_what_was_there(shelf: Shelf, assistant: Assistant) -> None:
    id, selection = filled(shelf, assistant, ANN)

    def fail(one: Selection) -> Selection:
        raise AssistantError("No.")

    with pytest.raises(AssistantError, match=r"No\."):
        shelf.changed(ANN, id, fail)
    assert shelf.opened(ANN, id) == selection


@pytest.mark.parametrize("visitor", [ANN, NOBODY])
def test_a_selection_is_downloaded_by_its_owner_only(
    shelf: Shelf, assistant: Assistant, visitor: Visitor
) -> None:
    id, selection = filled(shelf, assistant, visitor)
    quote = selection.items[0].excerpt.quote
    owner = client(assistant, shelf, ONE if visitor.user else None)
    reply = owner.get(f"/selections/{id}/export.md")
    assert reply.status_code == 200 and quote[:40] in reply.text.replace("\\", "")
    assert reply.headers["cache-control"] == "no-store"
    assert 'filename="Selection-1.md"' in reply.headers["content-disposition"]
    other = client(assistant, shelf, OTHER).get(f"/selections/{id}/export.md")
    assert other.status_code == 404 and quote[:40] not in other.text


def test_what_cannot_be_downloaded_is_told_in_a_sentence(
    shelf: Shelf, assistant: Assistant
) -> None:
    id, _ = filled(shelf, assistant, ANN)
    owner = client(assistant, shelf, ONE)
    assert "no citation style" in owner.get(f"/selections/{id}/export.md?style=mla").text
    empty = shelf.made(ANN)
    assert "holds no excerpts" in owner.get(f"/selections/{empty}/export.docx").text
    assert owner.get(f"/selections/{'0' * 32}/export.md").status_code == 404
    assert owner.get(f"/selections/{id}/export.exe").status_code == 422


def test_a_files_name_is_safe(shelf: Shelf, assistant: Assistant) -> None:
    id, _ = filled(shelf, assistant, ANN)
    for name in ("../../etc/passwd", 'a"\r\nX-Evil: 1', "\u6f22\u5b57"):
        shelf.changed(ANN, id, lambda one, name=name: replace(one, name=name))
        headers = client(assistant, shelf, ONE).get(f"/selections/{id}/export.md").headers
        plain = headers["content-disposition"].split('"')[1]
        assert "x-evil" not in headers and plain.endswith(".md")
        assert not set(plain) & set('/\\"<>:\r\n') and plain[0] != "."


def test_where_nothing_is_kept_a_cookie_changes_nothing(assistant: Assistant) -> None:
    other = assistant.with_settings(Settings(web=WebSettings(history=False)))
    shelf = Shelf(other)
    id, _ = filled(shelf, other, NOBODY)
    assert client(other, shelf, ONE).get(f"/selections/{id}/export.md").status_code == 200
    assert not Path(other.workspace.selections).exists()
