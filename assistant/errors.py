"""Errors that a user can mend, each told in one sentence without a traceback."""

from __future__ import annotations


class AssistantError(Exception):
    """Something the user must fix; ``str(error)`` says what is wrong and what to do."""

    exit_status = 1


class UsageError(AssistantError):
    """The command, a setting or an argument was wrong."""

    exit_status = 2


class WorkspaceError(UsageError):
    """There is no workspace here, or it cannot be read or written."""


class DocumentError(AssistantError):
    """A document could not be read; the others are not affected."""


class IndexMissingError(AssistantError):
    """There is no index yet, or it was built by other settings, model or schema."""


class IndexWriteError(AssistantError):
    """The index could not be written; the one built before is untouched."""


class IndexBusyError(AssistantError):
    """Another build of the same index is under way."""


class QuestionError(UsageError):
    """The question cannot be searched for (empty, or far too long)."""
