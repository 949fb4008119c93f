"""Whatever is typed, piped or configured ends in one sentence, never in a traceback."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import IndexMissingError
from assistant.workspace import Workspace, create_workspace
from tests.cli.conftest import Command, run_process

QUESTION = "What does the report recommend about classification requirements?"


def one_sentence(text: str) -> bool:
    return text.startswith("assistant: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\u200b", "-"])
def test_an_empty_question(command: Command, starter_workspace: Workspace, question: str) -> None:
    result = command("ask", "-w", starter_workspace.root, "--", question)
    assert result.exit_code == 2 and "empty" in result.stderr
    assert one_sentence(result.stderr)


def test_a_question_of_100000_characters(command: Command, starter_workspace: Workspace) -> None:
    result = command("ask", "-w", starter_workspace.root, "allies " * 14286)
    assert result.exit_code == 2 and one_sentence(result.stderr)
    assert "2,000" in result.stderr and len(result.stderr) < 200


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script> <img src=x onerror=alert(1)>",
        "Was empfiehlt der Bericht zur Geheimhaltung von Unterlagen?",
        "报告对盟国有什么建议？",
        "ما هي التوصيات؟",
        'NEAR("a" OR *) AND NOT (b:c) ^d {e} -f',
        "'; DROP TABLE passages; --",
        "--json",
        "%s %(x)s {0} {question} $HOME `id`",
        "ADP 3-0 para 999-999",
        "p. " + "9" * 400,
        "RR-A641-1 para (((((((",
        "\x1b[31mred\x1b[0m \x07 allies",
        "allies \ud800 partners",
    ],
)
def test_odd_questions_are_answered_or_refused(
    command: Command, starter_workspace: Workspace, question: str
) -> None:
    for name in ("ask", "search"):
        result = command(name, "-w", starter_workspace.root, "--", question)
        assert result.exit_code == 0, result.stderr
        assert result.stdout.strip() and "\x1b" not in result.stdout


def test_no_workspace(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (("index",), ("status",), ("ask", "why?"), ("search", "why?"), ("serve",)):
        result = command(*arguments)
        assert result.exit_code == 2 and one_sentence(result.stderr)
        assert "assistant init" in result.stderr
    assert command("index", "-w", tmp_path / "nowhere").exit_code == 2


def test_the_workspace_above_is_found(
    command: Command, starter: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(starter.corpus)
    assert str(starter.root) in command("status").stdout


def test_no_index(command: Command, tmp_path: Path) -> None:
    root = create_workspace(tmp_path / "w", empty=True).root
    for arguments in (("ask", "why?"), ("search", "why?"), ("serve", "--port", "7999")):
        result = command(*arguments, "-w", root)
        assert result.exit_code == 1 and one_sentence(result.stderr)
        assert "assistant index" in result.stderr
    assert command("status", "-w", root).exit_code == 1
    result = command("index", "-w", root)
    assert result.exit_code == 1 and "There is no PDF below" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[index]\nmodle = 'x'\n", "index.modle: no such setting; there are embedding_model"),
        ("[indx]\n", "indx: no such setting; there are corpus, index"),
        ("[web]\nport = 'many'\n", "web.port"),
        ("[web\n", "not valid TOML"),
        ("[index]\nembedding_model = '/nowhere/model'\n", "neither a folder nor"),
        ("[index]\nchroma_url = 'ftp://x'\n", "index.chroma_url"),
    ],
)
def test_wrong_settings(command: Command, tmp_path: Path, text: str, message: str) -> None:
    root = create_workspace(tmp_path / "w").root
    (root / "assistant.toml").write_text(text)
    result = command("index", "-w", root)
    assert result.exit_code == 2 and message in result.stderr
    assert one_sentence(result.stderr)


def test_settings_that_begin_with_a_byte_order_mark(command: Command, starter: Workspace) -> None:
    file = starter.root / "assistant.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert command("status", "-w", starter.root).exit_code == 0


def test_what_nobody_foresaw_is_told_in_one_sentence(
    command: Command, starter_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the\nmodel broke")

    monkeypatch.setattr("assistant.index.builder.find_sources", fail)
    result = command("index", "-w", starter_workspace.root)
    assert result.exit_code == 1 and one_sentence(result.stderr)
    assert "RuntimeError: the model broke" in result.stderr


def test_an_interrupt_is_told(
    command: Command, starter_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.index.builder.find_sources", interrupt)
    result = command("index", "-w", starter_workspace.root)
    assert result.exit_code == 1 and "nothing already indexed is lost" in result.stderr


def test_an_index_that_vanishes_is_told(
    command: Command, starter_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise IndexMissingError("The vectors of the index are missing; build it again.")

    monkeypatch.setattr("assistant.index.vectors.PassageVectors.nearest", lost)
    result = command("ask", QUESTION, "-w", starter_workspace.root)
    assert result.exit_code == 1 and one_sentence(result.stderr)


# --- Processes: what a shell does -------------------------------------------------------


def test_a_terminal_that_cannot_show_every_character(starter_workspace: Workspace) -> None:
    run = run_process(
        "search",
        "allies",
        "-w",
        starter_workspace.root,
        LC_ALL="C",
        PYTHONIOENCODING="latin-1",
    )
    assert run.returncode == 0 and run.stderr == ""
    assert "?" in run.stdout, "curly quotes and dashes are no Latin-1"


def test_bytes_that_are_no_unicode(starter_workspace: Workspace) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "assistant.cli.main", "ask", b"allies \xff\xfe", "--json", "-w",
         os.fsencode(starter_workspace.root)],
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0 and run.stderr == b""


def test_closed_standard_input(starter: Workspace) -> None:
    (starter.corpus / "more.pdf").write_text("not a PDF")
    run = subprocess.run(
        f'"{sys.executable}" -m assistant.cli.main index -w "{starter.root}" <&-',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1 and run.stderr == ""
    assert "more.pdf" in run.stdout


def test_a_reader_that_goes_away(starter_workspace: Workspace) -> None:
    run = subprocess.run(
        f'set -o pipefail; "{sys.executable}" -m assistant.cli.main search allies -n 200 '
        f'-w "{starter_workspace.root}" | true',
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_progress_bar_shows_on_a_terminal_only(starter: Workspace) -> None:
    assert run_process("index", "--force", "-w", starter.root).stderr == ""
    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "assistant.cli.main", "index", "--force", "-w", starter.root],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=child,
        env={**os.environ, "TERM": "xterm"},
    ):
        os.close(child)
        shown = b""
        try:
            while data := os.read(parent, 4096):
                shown += data
        except OSError:  # the other end is closed
            pass
    os.close(parent)
    assert b"Reading" in shown
