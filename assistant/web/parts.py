"""What every part of the page is wired with."""

from __future__ import annotations

from typing import Any

import gradio as gr

# Events are the page's own business: no API, and no spinner over what stands there.
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_ONCE = 4  # questions answered at the same time; the others wait their turn
ASKING: dict[str, Any] = {"concurrency_limit": AT_ONCE, "concurrency_id": "ask", **PRIVATE}
# A button with ``data-event`` raises that event on the part in which it stands.
PRESSED = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event]");
  if (button) trigger(button.dataset.event, { value: button.dataset.value });
});"""


def html(value: str, elem_id: str | None = None, pressed: bool = False) -> gr.HTML:
    """Markup of ours, in no frame of Gradio's; ``pressed``: its buttons raise events."""
    return gr.HTML(
        value,
        elem_id=elem_id,
        apply_default_css=False,
        js_on_load=PRESSED if pressed else None,
    )
