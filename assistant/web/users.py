"""Who a request comes from: a random name in a cookie, or what a proxy says of its user."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Final

COOKIE: Final = "assistant_user"
KEPT: Final = 365 * 24 * 3600  # seconds

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")


def user_of(headers: Mapping[str, str], user_header: str = "") -> str | None:
    """The user whom the headers of a request name, None where they name none.

    ``user_header`` is the one that a proxy sets; where it is given, cookies say nothing.
    """
    if user_header:
        name = headers.get(user_header, "").strip()
        return f"header:{name}" if name else None
    given = cookie_name(headers.get("cookie", ""))
    return f"cookie:{given}" if given else None


def cookie_name(header: str) -> str | None:
    """The name in a ``Cookie`` header, None where it has none that this server has given."""
    # By hand: the standard parser gives up at the odd cookie of another server on this machine.
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == COOKIE and _NAME.fullmatch(value):
            return value
    return None


def new_cookie(secure: bool) -> str:
    """A ``Set-Cookie`` header for one who has no name yet; ``secure``: over https only."""
    parts = [
        f"{COOKIE}={secrets.token_urlsafe(32)}",
        *(f"Max-Age={KEPT}", "Path=/", "HttpOnly", "SameSite=Strict"),
        *(["Secure"] if secure else []),
    ]
    return "; ".join(parts)
