"""The process that parses PDFs, so that a hostile page can only take this process down.

It reads one JSON request a line from standard input and answers with JSON lines. The
parent (``isolate``) enforces time; memory is bounded here by the operating system.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

from assistant.corpus.outline import read_outline
from assistant.corpus.pdf import open_pdf, read_page
from assistant.errors import DocumentError

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def main() -> None:
    """Serve requests ``{"file": path, "first": page, "max_pages": n}`` until input ends."""
    _limit_memory(int(sys.argv[1]))
    # Libraries may print to standard output; keep the protocol on a descriptor of its own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            for message in _read(request):
                _send(answers, message)
        except DocumentError as error:
            _send(answers, {"refused": str(error)})
        except MemoryError:
            os._exit(3)


def _read(request: dict[str, Any]) -> Any:
    path = Path(request["file"])
    document = open_pdf(path)
    try:
        count = len(document)
        if count > request["max_pages"]:
            raise DocumentError(
                f"{path.name} has {count} pages, more than the {request['max_pages']} that "
                "[corpus] max_pages allows; split it or raise the limit."
            )
        first = request["first"]
        if first == 1:
            title, labels = read_outline(path)
            yield {"count": count, "title": title, "labels": labels}
        for number in range(first, count + 1):
            try:
                page = read_page(document, number)
            except Exception as error:  # one bad page must not lose the others
                yield {"page": number, "failed": f"{type(error).__name__}"}
                continue
            yield {
                "page": number,
                "size": [page.width, page.height],
                "text": page.text,
                "lines": [astuple(line) for line in page.lines],
            }
        yield {"done": True}
    finally:
        document.close()


def _send(stream: Any, message: dict[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def _limit_memory(megabytes: int) -> None:
    try:
        import resource  # noqa: PLC0415 - absent on Windows, where the limit is not enforced
    except ImportError:
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


if __name__ == "__main__":
    main()
