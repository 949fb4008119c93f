"""The page around a report: templates, one style, one script, and a policy that allows no more."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.errors import UsageError
from assistant.eval.report import numbers

_TEMPLATES: Final = Path(__file__).with_name("templates")


def write_page(path: Path, page: str) -> None:
    """Write a page; raises UsageError where the file cannot be written."""
    try:
        path.write_bytes(page.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}).") from error


def render(template: str, script: str = "", **values: Any) -> str:
    """A whole page; every value is escaped. ``script`` is the file name of its one script."""
    style, code = _asset("style.css"), _asset(script) if script else ""
    page = _environment().get_template(template)
    # Ours, and hashed in the policy: both stand in the page as they are.
    return page.render(
        style=Markup(style), script=Markup(code), policy=content_policy(style, code), **values
    )


def content_policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere; only this style and this script count."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_source(style)}",
            f"script-src {_source(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source(text: str) -> str:
    if not text:
        return "'none'"
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("number", "signed", "spread", "signed_spread", "probability"):
        environment.filters[name] = getattr(numbers, name)
    environment.filters["setting"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment
