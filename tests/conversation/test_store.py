"""Kept conversations come back as they were, to their user only, and go when they are deleted."""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import is_dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation.names import LONGEST_NAME, named_after
from assistant.conversation.store import (
    MOST_CONVERSATIONS,
    MOST_TURNS,
    ConversationError,
    ConversationStore,
)
from assistant.conversation.turns import Conversation, Listed, Turn
from assistant.database import PATIENCE
from assistant.errors import AssistantError
from assistant.types import Filters, Progress, Statement
from tests.web.fakes import answer, citation, document, hit

NOON = datetime(2025, 3, 21, 12, tzinfo=UTC)
MARKER = "zinc-ferret-monsoon"


def strategy(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, with every field of a dataclass filled."""
    if is_dataclass(hint):
        fields = {name: strategy(of) for name, of in get_type_hints(hint).items()}
        return st.builds(hint, **fields)
    if get_origin(hint) is tuple:
        return st.lists(strategy(get_args(hint)[0]), max_size=2).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(*map(strategy, get_args(hint)), max_size=2)
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*map(strategy, get_args(hint)))
    if hint is float:
        return st.floats(allow_nan=False)
    return st.from_type(hint)


def real_turn(number: int = 1, text: str = "Depth is a tenet.") -> Turn:
    source = document("adp/3-0.pdf", designation="ADP 3-0", marking="CUI", supersedes=("old",))
    reply = answer(
        "What is depth?",
        [Statement(text, (1,), 0.8), Statement("Wrong.", (), 0.1, False, "Nothing says so.")],
        [citation(1, source, quote=text)],
        [replace(hit(1, source, text=text), ranks={"words": 2, "vectors": 1})],
        notes=("A note.",),
        evidence={"cover": 0.5},
        standalone="What is depth in operations?",
    )
    return Turn(number, "What is depth?", "ADP 3-0", reply, filters=Filters(("adp/3-0.pdf",)))


def talk(id: str = "one", *turns: Turn, minutes: int = 0, name: str = "Depth") -> Conversation:
    return Conversation(id, name, NOON, NOON + timedelta(minutes=minutes), turns or (real_turn(),))


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "kept" / "conversations.sqlite")


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# --- What is kept ------------------------------------------------------------------------


def test_a_real_answer_comes_back_equal(store: ConversationStore) -> None:
    kept = talk("one", real_turn(1), Turn(2, "", error="Ask a question first."))
    store.save("ada", kept)
    assert store.load("ada", "one") == kept


@settings(max_examples=60, deadline=None)
@given(turns=st.lists(strategy(Turn), max_size=2), id=st.text(), name=st.text(), user=st.text())
def test_any_conversation_comes_back_equal(
    tmp_path_factory: pytest.TempPathFactory, turns: list[Turn], id: str, name: str, user: str
) -> None:
    store = ConversationStore(tmp_path_factory.mktemp("any") / "c.sqlite")
    finished = tuple(turn for turn in turns if not turn.pending)
    store.save(user, Conversation(id, name, NOON, NOON, tuple(turns)))
    assert store.load(user, id) == Conversation(id, name, NOON, NOON, finished)
    assert store.listed(user) == [Listed(id, name, NOON, len(finished))]


def test_half_a_character_does_not_prevent_keeping(store: ConversationStore) -> None:
    store.save("ada\ud800", talk("i\ud800", real_turn(1, "Half \ud83d."), name="N\udfff"))
    loaded = store.load("ada\ud800", "i\ud800")
    assert loaded.name == "N\ufffd"
    assert loaded.turns[0].answer is not None
    assert loaded.turns[0].answer.statements[0].text == "Half \ufffd."
    assert store.listed("ada\udfff") == store.listed("ada\ufffd") == []


def test_times_come_back_in_utc(store: ConversationStore) -> None:
    store.save("ada", replace(talk(), begun=datetime(2025, 3, 21, 12), changed=NOON.astimezone()))
    loaded = store.load("ada", "one")
    assert (loaded.begun, loaded.changed) == (NOON, NOON)
    assert loaded.changed.tzinfo is UTC


def test_a_question_that_waits_is_not_kept(store: ConversationStore) -> None:
    store.save(
        "ada", talk("one", real_turn(1), Turn(2, "And then?", progress=Progress(draft="Perhaps")))
    )
    assert [turn.number for turn in store.load("ada", "one").turns] == [1]
    assert store.listed("ada")[0].turns == 1


def test_saving_again_replaces_wholly(store: ConversationStore) -> None:
    store.save("ada", talk("one", real_turn(1), real_turn(2), real_turn(3)))
    shorter = talk("one", real_turn(7, "Other."), name="Other", minutes=3)
    store.save("ada", shorter)
    assert store.load("ada", "one") == shorter
    assert store.listed("ada") == [Listed("one", "Other", shorter.changed, 1)]


def test_nothing_is_made_before_the_first_is_kept(store: ConversationStore, tmp_path: Path) -> None:
    assert store.listed("ada") == []
    store.delete("ada", "one")
    with pytest.raises(ConversationError, match=r"^This conversation is no longer there\.$"):
        store.load("ada", "one")
    with pytest.raises(ConversationError, match="no longer there"):
        store.rename("ada", "one", "New")
    assert list(tmp_path.iterdir()) == []


def test_only_the_account_of_the_server_may_read_it(
    store: ConversationStore, tmp_path: Path
) -> None:
    store.save("ada", talk())
    with sqlite3.connect(tmp_path / "kept" / "conversations.sqlite") as other:
        other.execute("SELECT count(*) FROM turns")
        store.save("ada", talk("two"))
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "kept").iterdir()}
    other.close()
    assert len(modes) == 3  # with the log and its index
    assert set(modes.values()) == {0o600}


# --- Whose it is -------------------------------------------------------------------------


def test_users_have_only_their_own(store: ConversationStore) -> None:
    store.save("ada", talk("one", name="Ada's"))
    store.save("bob", talk("one", real_turn(1, "Bob's text."), name="Bob's"))
    store.save("bob", talk("two"))
    assert [listed.name for listed in store.listed("ada")] == ["Ada's"]
    with pytest.raises(ConversationError, match="no longer there"):
        store.load("ada", "two")
    with pytest.raises(ConversationError, match="no longer there"):
        store.rename("ada", "two", "Mine")
    store.delete("ada", "two")
    store.delete("ada", "one")
    assert store.listed("ada") == []
    assert store.load("bob", "one") == talk("one", store.load("bob", "one").turns[0], name="Bob's")
    assert len(store.listed("bob")) == 2


@pytest.mark.parametrize("user", ["Ada", "ada ", "ada\0", "", "%", "ada' OR '1'='1"])
def test_a_similar_name_is_another_user(store: ConversationStore, user: str) -> None:
    store.save("ada", talk())
    assert store.listed(user) == []
    store.delete(user, "one")
    assert len(store.listed("ada")) == 1


# --- The list and its names --------------------------------------------------------------


def test_the_latest_change_is_first(store: ConversationStore) -> None:
    for id, minutes in (("a", 1), ("b", 3), ("c", 2)):
        store.save("ada", talk(id, minutes=minutes))
    fraction = replace(talk("d"), changed=NOON + timedelta(minutes=2, microseconds=5))
    store.save("ada", fraction)
    store.rename("ada", "a", "Renamed")
    assert [listed.id for listed in store.listed("ada")] == ["b", "d", "c", "a"]


def test_the_oldest_go_where_there_are_too_many(store: ConversationStore, tmp_path: Path) -> None:
    store.save("bob", talk("kept"))
    store.save("ada", talk("oldest", real_turn(1, MARKER)))
    store.save("ada", talk("older", minutes=1))
    many = [(b"ada", f"{n}", "2025-03-22") for n in range(MOST_CONVERSATIONS - 2)]
    with sqlite3.connect(tmp_path / "kept" / "conversations.sqlite") as other:
        other.executemany("INSERT INTO conversations VALUES (?, ?, '', '', ?, 0)", many)
    other.close()
    store.save("ada", talk("newest", minutes=9999))
    ids = [listed.id for listed in store.listed("ada")]
    assert len(ids) == MOST_CONVERSATIONS
    assert (ids[0], ids[-1]) == ("newest", "older")
    assert MARKER.encode() not in everything_in(tmp_path)
    assert len(store.listed("bob")) == 1


def test_the_latest_turns_are_kept(store: ConversationStore) -> None:
    turns = [Turn(number, "?", error="No.") for number in range(1, MOST_TURNS + 4)]
    store.save("ada", talk("one", *turns))
    assert store.load("ada", "one").turns == tuple(turns[3:])


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("  New  name ", "New name"), ("a\nb\x00\x1b\u202ec", "a b c"), ("x" * 120, "x" * 120)],
)
def test_a_name_is_tidied(store: ConversationStore, asked: str, kept: str) -> None:
    store.save("ada", talk())
    store.rename("ada", "one", asked)
    assert store.listed("ada")[0].name == store.load("ada", "one").name == kept


@pytest.mark.parametrize("name", ["", " \t\n", "\x00\u202e", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_is_none_is_refused(store: ConversationStore, name: str) -> None:
    store.save("ada", talk())
    with pytest.raises(ConversationError, match=r"\.$"):
        store.rename("ada", "one", name)
    assert store.listed("ada")[0].name == "Depth"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What is depth?", "What is depth?"),
        ("  What\n is\tdepth? ", "What is depth?"),
        (" \n", "Conversation"),
        ("x" * 60, "x" * 60),
        ("x" * 70, "x" * 59 + "\u2026"),
        (
            "Who approves the plan for security cooperation with allies, and when?",
            "Who approves the plan for security cooperation with allies\u2026",
        ),
    ],
)
def test_a_conversation_is_named_after_its_first_question(question: str, name: str) -> None:
    assert named_after(question) == name


@given(st.text(max_size=200))
def test_every_name_fits(question: str) -> None:
    name = named_after(question)
    assert 0 < len(name) <= 60
    assert name == " ".join(name.split())


# --- Deleting ----------------------------------------------------------------------------


def test_nothing_of_a_deleted_conversation_remains(
    store: ConversationStore, tmp_path: Path
) -> None:
    for number in range(20):
        store.save("ada", talk(f"kept-{number}", real_turn(1, "Remains. " * (10 * number + 1))))
    long = (real_turn(n, f"{MARKER} " * (20 * n)) for n in range(1, 30))
    store.save("ada", talk(f"id-{MARKER}", *long, name=f"About {MARKER}"))
    assert MARKER.encode() in everything_in(tmp_path)
    store.delete("ada", f"id-{MARKER}")
    assert MARKER.encode() not in everything_in(tmp_path)
    assert len(store.listed("ada")) == 20


def test_nor_while_others_read_the_file(store: ConversationStore, tmp_path: Path) -> None:
    store.save("ada", talk("gone", real_turn(1, MARKER)))
    other = sqlite3.connect(tmp_path / "kept" / "conversations.sqlite")
    try:
        other.execute("SELECT count(*) FROM turns").fetchone()  # keeps the log in being
        store.save("ada", talk("gone", real_turn(1, MARKER), real_turn(2, MARKER * 500)))
        store.delete("ada", "gone")
        assert MARKER.encode() not in everything_in(tmp_path)
    finally:
        other.close()


def test_nor_of_what_was_replaced(store: ConversationStore, tmp_path: Path) -> None:
    store.save("ada", talk("one", real_turn(1, MARKER * 300)))
    store.save("ada", talk("one", real_turn(1)))
    assert MARKER.encode() not in everything_in(tmp_path)


# --- Several at once, and what goes wrong ------------------------------------------------


def test_eight_threads_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    shared = ConversationStore(path)
    start = threading.Barrier(8)

    def work(thread: int) -> None:
        store, user = (shared, ConversationStore(path))[thread % 2], f"user-{thread % 4}"
        start.wait()
        for number in range(10):
            kept = talk(f"{thread}-{number}", real_turn(1, f"{user} {number}"), minutes=number)
            store.save(user, kept)
            assert store.load(user, kept.id) == kept
            store.rename(user, kept.id, f"Of {user}")
            assert all(listed.name in {"Depth", f"Of {user}"} for listed in store.listed(user))
        store.delete(user, f"{thread}-0")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert [len(shared.listed(f"user-{number}")) for number in range(4)] == [18] * 4


def test_a_writer_waits_for_another(store: ConversationStore, tmp_path: Path) -> None:
    store.save("ada", talk())
    other = sqlite3.connect(tmp_path / "kept" / "conversations.sqlite", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, other.rollback).start()
    store.save("ada", talk("two"))
    assert len(store.listed("ada")) == 2
    other.close()


def test_but_not_for_ever(store: ConversationStore, tmp_path: Path) -> None:
    store.save("ada", talk())
    other = sqlite3.connect(tmp_path / "kept" / "conversations.sqlite")
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(AssistantError, match=r"conversations\.sqlite are in use by others; try"):
        store.save("ada", talk("two"))
    assert PATIENCE - 1 < time.monotonic() - started < PATIENCE + 5
    other.close()
    assert len(store.listed("ada")) == 1


def calls(store: ConversationStore) -> list[Any]:
    return [
        lambda: store.save("ada", talk()),
        lambda: store.listed("ada"),
        lambda: store.load("ada", "one"),
        lambda: store.rename("ada", "one", "New"),
        lambda: store.delete("ada", "one"),
    ]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(b"not a database at all " * 500)
    for call in calls(ConversationStore(path)):
        with pytest.raises(ConversationError) as caught:
            call()
        assert f"{path} are damaged" in str(caught.value)
        assert "move it aside" in str(caught.value)
    assert path.read_bytes().startswith(b"not a database")


def test_damage_inside_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    store = ConversationStore(path)
    for number in range(50):
        store.save("ada", talk(f"{number}"))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(ConversationError, match="are damaged"):
        store.listed("ada")
    with pytest.raises(ConversationError, match="are damaged"):
        store.save("ada", talk("new"))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below_a_file = ConversationStore(tmp_path / "file" / "c.sqlite")
    with pytest.raises(ConversationError, match=r"c\.sqlite cannot be opened or written"):
        below_a_file.save("ada", talk())
    folder = tmp_path / "folder.sqlite"
    folder.mkdir()
    for call in calls(ConversationStore(folder)):
        with pytest.raises(ConversationError, match=r"folder\.sqlite cannot be opened or written"):
            call()


def test_another_schema_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    store = ConversationStore(path)
    store.save("ada", talk())
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    for call in calls(store):
        with pytest.raises(ConversationError, match=r"c\.sqlite was written by another version"):
            call()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 0")  # the tables are of whatever made them
    other.close()
    with pytest.raises(ConversationError, match="another version or program"):
        store.save("ada", talk())


@pytest.mark.parametrize("turn", ["{}", "nonsense", '{"number": "x", "question": 3}', "[]"])
def test_a_turn_of_another_version_does_not_break_the_list(tmp_path: Path, turn: str) -> None:
    path = tmp_path / "c.sqlite"
    store = ConversationStore(path)
    store.save("ada", talk("old"))
    store.save("ada", talk("new"))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE turns SET turn = ? WHERE conversation = 'old'", (turn,))
    other.close()
    assert {listed.id for listed in store.listed("ada")} == {"old", "new"}
    assert store.load("ada", "new").turns
    with pytest.raises(ConversationError, match=r"Depth.* was kept by another version"):
        store.load("ada", "old")
    store.delete("ada", "old")
    assert len(store.listed("ada")) == 1


def test_a_file_that_was_made_and_not_filled_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.touch()
    store = ConversationStore(path)
    assert store.listed("ada") == []
    store.save("ada", talk())
    assert len(store.listed("ada")) == 1
