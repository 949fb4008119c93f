"""A matrix as a file."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.errors import UsageError
from assistant.matrix.record import matrix_record
from assistant.matrix.values import Matrix

ENDINGS = (".docx", ".xlsx", ".json")


def export_matrix(matrix: Matrix, ending: str) -> bytes:
    """``matrix`` as the content of a file whose name has this ``ending``, one of ``ENDINGS``.

    Raises UsageError for another one.
    """
    match ending.lower():
        case ".docx":
            from assistant.export.matrix_word import matrix_word  # noqa: PLC0415 - loads long

            return matrix_word(matrix)
        case ".xlsx":
            from assistant.export.matrix_workbook import matrix_workbook  # noqa: PLC0415

            return matrix_workbook(matrix)
        case ".json":
            # In ASCII, so that half of a surrogate pair is no obstacle.
            return (json.dumps(matrix_record(matrix), indent=1) + "\n").encode("ascii")
    raise UsageError(f"A matrix is written as {', '.join(ENDINGS)}, not as “{ending}”.")


def write_matrix(matrix: Matrix, path: Path) -> None:
    """Write ``matrix`` to ``path``; raises UsageError where that cannot be done."""
    content = export_matrix(matrix, path.suffix)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror or error}).") from error
