"""Gold files: one JSON object a line, each checked on its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.eval.gold import GoldError

T = TypeVar("T", bound=BaseModel)


def gold_lines(path: Path, model: type[T], of: str) -> tuple[T, ...]:
    """Every line of ``path`` as ``model``; ``of`` says what they are ("pairs").

    Raises GoldError naming the first line that is wrong, and where there is none.
    """
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise GoldError(f"{path} cannot be read ({error.strerror}).") from error
    found = tuple(_checked(path, lines, TypeAdapter(model)))
    if not found:
        raise GoldError(f"{path} holds no {of}.")
    return found


def _checked(path: Path, lines: list[bytes], adapter: TypeAdapter[T]) -> Iterator[T]:
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = adapter.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise GoldError(f"{path}, line {number}: {place}: {first['msg']}.") from error
        id_ = str(getattr(value, "id", number))
        if id_ in seen:
            raise GoldError(f"{path}, line {number}: the id {id_} is there twice.")
        seen.add(id_)
        yield value
