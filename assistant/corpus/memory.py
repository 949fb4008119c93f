"""How much memory a process may take."""

from __future__ import annotations


def limit_memory(megabytes: int) -> None:
    """Limit this process, where the system can."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows, where the limit is not enforced
    except ImportError:
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
