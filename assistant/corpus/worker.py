"""The process that parses PDFs, so that a hostile page can only take this process down.

It reads one JSON request a line from standard input and answers with JSON lines: pages of
a document, the picture of a page, or the boxes of a range of characters. The parent
(``isolate``) enforces time; memory is bounded here by the operating system.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from assistant.corpus.memory import limit_memory
from assistant.corpus.outline import read_outline
from assistant.corpus.pdf import Line, open_pdf, read_page
from assistant.corpus.rendering import page_boxes, render_page
from assistant.errors import DocumentError

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# Not dataclasses.astuple, which copies every number deeply and takes a fifth of the reading.
_values = attrgetter(*(field.name for field in fields(Line)))


def main() -> None:
    """Serve requests until input ends; the first argument is the memory limit in MB."""
    limit_memory(int(sys.argv[1]))
    # Libraries may print to standard output; keep the protocol on a descriptor of its own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _send(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            for message in _answer(request):
                _send(answers, message)
        except DocumentError as error:
            _send(answers, {"refused": str(error)})
        except MemoryError:
            os._exit(3)


def _answer(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    path = Path(request["file"])
    if "render" in request:
        yield {"png": render_page(path, request["render"], request["width"])}
    elif "boxes" in request:
        yield {"boxes": page_boxes(path, request["boxes"], request["start"], request["end"])}
    else:
        yield from _read(path, request)


def _read(path: Path, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
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
                "lines": [_values(line) for line in page.lines],
            }
        yield {"done": True}
    finally:
        document.close()


def _send(stream: Any, message: dict[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
