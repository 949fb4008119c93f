"""Reading PDFs in a process of its own, with limits on time and memory per page."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant.corpus.pdf import Line, RawPage
from assistant.errors import DocumentError

START_SECONDS = 120.0  # within which a worker must have started, even on a busy machine


@dataclass(frozen=True, slots=True)
class RawDocument:
    """All pages of a file that could be read; ``failed`` says why the others could not."""

    page_count: int
    title: str | None
    labels: tuple[str, ...] | None
    pages: tuple[RawPage, ...]
    failed: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document: seconds a page may take, memory in MB, number of pages."""

    page_seconds: float = 20.0
    memory_mb: int = 2048
    max_pages: int = 3000


class PdfReader:
    """Reads documents one after another in a worker that is replaced when it dies."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str | None] = queue.Queue()

    def __enter__(self) -> PdfReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):  # what it never read is lost
                        stream.close()
            self._process = None

    def read(self, path: Path) -> RawDocument:
        """Every page of ``path``.

        A page that hangs, grows past the memory limit or crashes the parser is reported in
        ``failed`` and reading goes on behind it. Raises DocumentError when the file as a
        whole cannot be read.
        """
        head: dict[str, Any] | None = None
        pages: list[RawPage] = []
        failed: dict[int, str] = {}
        following = 1
        while head is None or following <= head["count"]:
            fresh = self._send(
                {"file": str(path), "first": following, "max_pages": self._limits.max_pages}
            )
            problem = None
            while True:
                message, problem = self._answer()
                if message is None or "done" in message:
                    break
                if "refused" in message:
                    raise DocumentError(message["refused"])
                if "count" in message:
                    head = message
                elif "failed" in message:
                    failed[message["page"]] = "its content is damaged"
                    following = message["page"] + 1
                else:
                    pages.append(_page(message))
                    following = message["page"] + 1
            if problem is None:
                break
            if head is None and not fresh:
                continue  # the worker may have died before it was asked
            if head is None:
                raise DocumentError(f"{path.name} cannot be opened: the parser {problem}.")
            failed[following] = f"the parser {problem}"
            following += 1
        assert head is not None  # the loop ends only after a head was read
        labels = head["labels"]
        return RawDocument(
            head["count"],
            head["title"],
            tuple(labels) if labels else None,
            tuple(pages),
            failed,
        )

    def call(self, path: Path, request: dict[str, Any]) -> dict[str, Any]:
        """One answer about ``path``; raises DocumentError when there is none."""
        fresh = self._send({"file": str(path), **request})
        message, problem = self._answer()
        if message is None and not fresh:  # the worker may have died before it was asked
            self._send({"file": str(path), **request})
            message, problem = self._answer()
        if message is None:
            raise DocumentError(f"{path.name} cannot be shown: the parser {problem}.")
        if "refused" in message:
            raise DocumentError(message["refused"])
        return message

    def _send(self, request: dict[str, Any]) -> bool:
        """Ask the worker; whether a fresh one had to be started for it."""
        line = json.dumps(request) + "\n"
        if self._process is not None and _written(self._process, line):
            return False
        self.close()
        self._start()
        assert self._process is not None
        _written(self._process, line)  # where this fails too, no answer will come
        return True

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "assistant.corpus.worker", str(self._limits.memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._answers = queue.Queue()
        threading.Thread(
            target=_pump, args=(self._process.stdout, self._answers), daemon=True
        ).start()
        with contextlib.suppress(queue.Empty):
            if self._answers.get(timeout=START_SECONDS) is None:  # else it is ready
                self._answers.put(None)

    def _answer(self) -> tuple[dict[str, Any] | None, str | None]:
        """(message, None), or (None, what went wrong) after which the worker is gone."""
        try:
            line = self._answers.get(timeout=self._limits.page_seconds)
        except queue.Empty:
            self.close()
            return None, f"took longer than {self._limits.page_seconds:g} s on it"
        if line is None:
            self.close()
            return None, f"crashed or needed more than {self._limits.memory_mb} MB on it"
        return json.loads(line), None


def _written(process: subprocess.Popen[str], line: str) -> bool:
    """Whether ``line`` could be handed to the worker; not if it died meanwhile."""
    assert process.stdin is not None
    if process.poll() is not None:
        return False
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except OSError:
        return False
    return True


def _pump(stream: Any, answers: queue.Queue[str | None]) -> None:
    try:
        for line in stream:
            answers.put(line)
    except ValueError:  # closed by the parent while waiting
        pass
    answers.put(None)


def _page(message: dict[str, Any]) -> RawPage:
    lines = tuple(Line(*values) for values in message["lines"])
    width, height = message["size"]
    return RawPage(message["page"], width, height, message["text"], lines)
