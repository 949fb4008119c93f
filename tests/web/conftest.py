"""Fixtures of the web tests."""

from __future__ import annotations

import importlib.util
import sys
import types

if importlib.util.find_spec("assistant.answer.render") is None:  # TEMPORARY until it exists
    _package = types.ModuleType("assistant.answer")
    _package.__path__ = []
    _render = types.ModuleType("assistant.answer.render")

    def cite(c):  # type: ignore
        from assistant.web.labels import document_name, page_name

        parts = [document_name(c.document)]
        if c.paragraph:
            parts.append(f"para {c.paragraph}")
        parts.append(page_name(c.printed_page, c.pdf_page))
        return ", ".join(parts)

    def answer_text(a):  # type: ignore
        lines = [
            s.text + " " + "".join(f"[{n}]" for n in s.citations) for s in a.statements
        ]
        lines += [f"[{c.number}] {cite(c)}" for c in a.citations]
        return "\n".join(lines)

    _render.cite = cite
    _render.answer_text = answer_text
    sys.modules["assistant.answer"] = _package
    sys.modules["assistant.answer.render"] = _render
