"""The route from which a visitor downloads a matrix."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from assistant.errors import AssistantError
from assistant.matrix.job import NONE
from assistant.web.history import History
from assistant.web.matrix import matrix_of
from assistant.web.selection_downloads import attached, told

if TYPE_CHECKING:
    from assistant.matrix.job import MatrixJob

FAILED: Final = "This matrix cannot be exported; the server's log says why."
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
TYPES: Final = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "json": "application/json",
}

log = logging.getLogger(__name__)

Report = Annotated[str, Query(max_length=2000)]


def matrix_router(job: MatrixJob, history: History) -> APIRouter:
    """The route below ``/matrix``: the matrix with the changes of whoever asks for it."""
    router = APIRouter(prefix="/matrix")

    @router.get("/export.{form}")
    def export(form: Literal["docx", "xlsx", "json"], report: Report, request: Request) -> Response:
        # Not at the head: what writes files is slow to load.
        from assistant.export.matrix_files import export_matrix  # noqa: PLC0415

        try:
            matrix = matrix_of(job, report, history.user(request.headers))
            if matrix is None:
                return told(NONE, 404)
            body = export_matrix(matrix, f".{form}")
        except AssistantError as error:
            return told(str(error), 404)
        except Exception:
            log.exception("a matrix could not be exported")
            return told(FAILED, 500)
        return attached(body, f"matrix.{form}", TYPES[form])

    return router
