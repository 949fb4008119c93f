"""What each command prints and how it ends."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from assistant import __version__
from assistant.workspace import Workspace
from tests.cli.conftest import Command

QUESTION = "What does the report recommend about classification requirements?"
NEAR_MISS = "How many submarines does the navy of Atlantis operate?"

CITATION = {
    "n": int,
    "file": str,
    "document": str,
    "designation": str,
    "title": str,
    "edition": (str, type(None)),
    "paragraph": (str, type(None)),
    "printed_page": (str, type(None)),
    "pdf_page": int,
    "quote": str,
    "start": int,
    "end": int,
    "status": str,
}
HIT = {
    "rank": int,
    "file": str,
    "document": str,
    "pdf_page": int,
    "printed_page": (str, type(None)),
    "paragraph": (str, type(None)),
    "score": float,
    "text": str,
    "spans": list,
}
STATEMENT = {
    "text": str,
    "citations": list,
    "support": float,
    "supported": bool,
    "problem": (str, type(None)),
}
ANSWER = {
    "question": str,
    "standalone": (str, type(None)),
    "searched": str,
    "mode": str,
    "model": (str, type(None)),
    "prompt": (str, type(None)),
    "fallback": (str, type(None)),
    "abstained": bool,
    "reason": (str, type(None)),
    "confidence": float,
    "evidence": dict,
    "statements": list,
    "citations": list,
    "hits": list,
    "notes": list,
    "seconds": dict,
    "index": str,
}


def check(value: dict[str, object], fields: dict[str, object]) -> None:
    assert list(value) == list(fields)
    for name, kind in fields.items():
        assert isinstance(value[name], kind), name  # type: ignore[arg-type]


def test_help_and_version(command: Command) -> None:
    for name in ("init", "index", "status", "ask", "search", "serve"):
        assert name in command("--help").stdout
        assert command(name, "--help").exit_code == 0
    assert __version__ in command("--version").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("ask",),
        ("ask", "a", "b"),
        ("search", "a", "--limit", "0"),
        ("search", "a", "--status", "lost"),
        ("serve", "--port", "70000"),
        ("index", "--unknown"),
    ],
)
def test_wrong_use_ends_with_status_2(command: Command, arguments: tuple[str, ...]) -> None:
    result = command(*arguments)
    assert result.exit_code == 2 and "Usage:" in result.stderr


def test_an_answer_as_json(command: Command, starter_workspace: Workspace) -> None:
    result = command("ask", QUESTION, "--json", "-w", starter_workspace.root)
    assert result.exit_code == 0 and result.stderr == ""
    answer = json.loads(result.stdout)
    check(answer, ANSWER)
    assert answer["question"] == QUESTION and answer["mode"] == "extractive"
    assert not answer["abstained"] and answer["reason"] is None
    assert answer["statements"] and answer["citations"] and answer["hits"]
    numbers = {citation["n"] for citation in answer["citations"]}
    for statement in answer["statements"]:
        check(statement, STATEMENT)
        assert set(statement["citations"]) <= numbers
    for citation in answer["citations"]:
        check(citation, CITATION)
        assert (starter_workspace.corpus / citation["file"]).is_file()
        assert citation["pdf_page"] >= 1 and citation["start"] < citation["end"]
        assert date.fromisoformat(citation["edition"])
        assert citation["status"] in ("verified", "superseded")
    for rank, hit in enumerate(answer["hits"], start=1):
        check(hit, HIT)
        assert hit["rank"] == rank
        for span in hit["spans"]:
            check(span, {"pdf_page": int, "start": int, "end": int})
    check(answer["seconds"], {"retrieve": float, "answer": float, "total": float})


def test_an_abstention_is_an_answer(command: Command, starter_workspace: Workspace) -> None:
    result = command("ask", NEAR_MISS, "--json", "-w", starter_workspace.root)
    answer = json.loads(result.stdout)
    assert result.exit_code == 0 and answer["abstained"] and answer["reason"]
    assert answer["statements"] == answer["citations"] == [] and answer["hits"]


def test_an_answer_as_text(command: Command, starter_workspace: Workspace) -> None:
    result = command("ask", QUESTION, "-w", starter_workspace.root)
    assert result.exit_code == 0
    assert "[1] " in result.stdout and "RR-A641-1" in result.stdout


def test_passages_as_json(command: Command, starter_workspace: Workspace) -> None:
    result = command("search", QUESTION, "-n", 3, "--json", "-w", starter_workspace.root)
    found = json.loads(result.stdout)
    assert list(found) == ["question", "hits"] and len(found["hits"]) == 3
    check(found["hits"][0], HIT)
    text = command("search", QUESTION, "-n", 3, "-w", starter_workspace.root).stdout
    assert text.startswith("1. ") and "\n3. " in text and "\n4. " not in text


def test_filters_restrict_a_search(command: Command, starter_workspace: Workspace) -> None:
    file = "security_cooperation_policy_digest.pdf"
    root = starter_workspace.root
    found = json.loads(command("search", QUESTION, "--file", file, "--json", "-w", root).stdout)
    assert {hit["file"] for hit in found["hits"]} == {file}
    arguments = ("search", "operations", "--status", "superseded", "--json", "-w", root)
    found = json.loads(command(*arguments).stdout)
    assert {hit["file"] for hit in found["hits"]} == {"operations_multinational_digest_2019.pdf"}
    result = command("search", QUESTION, "--file", "absent.pdf", "-w", root)
    assert result.exit_code == 2 and "absent.pdf is not in the index" in result.stderr


def test_status_tells_what_is_indexed(command: Command, starter: Workspace) -> None:
    result = command("status", "--json", "-w", starter.root)
    status = json.loads(result.stdout)
    assert result.exit_code == 0 and status["up_to_date"] and status["problem"] is None
    assert len(status["documents"]) == 4 and status["pages"] >= 24
    assert datetime.fromisoformat(status["built"])
    assert "Up to date." in command("status", "-w", starter.root).stdout

    (starter.corpus / "new.pdf").write_text("not a PDF")
    result = command("status", "-w", starter.root)
    assert result.exit_code == 1 and "new.pdf changed; run: assistant index" in result.stdout


def test_an_unchanged_index_reports_the_same(command: Command, starter: Workspace) -> None:
    result = command("index", "--json", "-w", starter.root)
    report = json.loads(result.stdout)
    assert result.exit_code == 0 and result.stderr == ""
    assert not report["rebuilt"] and report["embedded"] == 0 and report["removed"] == []
    assert sum(document["passages"] for document in report["documents"]) == report["passages"]
    for document in report["documents"]:
        assert document["state"] == "unchanged"
        assert document["pages"] == document["indexed_pages"] + len(document["unread"])


def test_a_refused_document_ends_with_status_1(command: Command, starter: Workspace) -> None:
    (starter.corpus / "[red]\x1b[2J.pdf").write_text("not a PDF")
    for _ in range(2):
        result = command("index", "-w", starter.root)
        assert result.exit_code == 1
        assert "refused    [red]\ufffd[2J.pdf" in result.stdout and "\x1b" not in result.stdout
        assert "4 documents" in result.stdout
    result = command("index", "--json", "-w", starter.root)
    assert result.exit_code == 1
    refused = [d for d in json.loads(result.stdout)["documents"] if d["state"] == "refused"]
    assert len(refused) == 1 and refused[0]["reason"]
    assert "refused" in command("status", "-w", starter.root).stdout
