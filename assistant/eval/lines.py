"""Files to which visitors' lines of JSON are added, by several at once and never by halves."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from assistant.errors import UsageError

_PATIENCE: Final = 10  # seconds to wait for another writer
_BREAKS: Final = re.compile("[\x85\u2028\u2029]")  # ends of lines that JSON does not escape
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")


def add_line(path: Path, value: Mapping[str, Any]) -> bool:
    """Append ``value`` to ``path`` unless a line of its ``id`` is there; whether it was added.

    Raises UsageError where the file cannot be written; it then is as it was before.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=_PATIENCE):
            if any(line.get("id") == value["id"] for line in _known(path)):
                return False
            _append(path, _encoded(value))
            return True
    except Timeout as error:
        raise UsageError(f"{path.name} is in use by others; try again.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"Nothing was saved: {path.name} cannot be written ({reason}).") from error


def cleaned(text: str | None, most: int) -> str:
    """Free text without control characters; raises UsageError beyond ``most`` characters."""
    whole = (text or "").encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    kept = _CONTROL.sub(" ", whole.replace("\r", "\n")).strip()
    if len(kept) > most:
        raise UsageError(f"The text has {len(kept):,} characters; write at most {most:,}.")
    return kept


def _encoded(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8", "replace")


def _known(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    with path.open("rb") as stream:
        for line in stream:
            try:
                value = json.loads(line)
            except ValueError:
                continue  # a line that an editor broke is left for its owner to mend
            if isinstance(value, dict):
                yield value


def _append(path: Path, line: bytes) -> None:
    """One whole line at the end of the file, or nothing."""
    with path.open("ab+", buffering=0) as stream:
        size = stream.seek(0, os.SEEK_END)
        if size:
            stream.seek(size - 1)
            if stream.read(1) != b"\n":
                line = b"\n" + line
        try:
            _write(stream.fileno(), line + b"\n")
        except OSError:
            stream.truncate(size)
            raise


def _write(file: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
    os.fsync(file)
