"""Text of a document that is addressed to a language model instead of a reader.

Whoever can put a document into a corpus could otherwise speak to the model. Such sentences are
not given to it; they stay in the index, where a reader can find them.
"""

from __future__ import annotations

import re
from typing import Final

_RULES: Final = (
    r"(?:instructions?|rules?|prompts?|directions?|guidelines?|context|messages?|constraints?)"
)
_ORDERS = re.compile(
    # "Ignore all previous instructions", not "disregard the previous edition".
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.]{{0,40}}\b(?:previous|prior|above|earlier|"
    rf"preceding|other|system|all|any|your)\b[^.]{{0,30}}\b{_RULES}\b|"
    r"\byou are (?:now |no longer )?(?:an? )?(?:ai|assistant|chatbot|language model|llm|gpt|bot)\b|"
    r"\b(?:as|dear|attention|note to|message to|instructions? (?:to|for)) (?:an? |the |any |all )?"
    r"(?:ai|assistants?|chatbots?|(?:large )?language models?|llms?)\b|"
    r"\b(?:system|developer) (?:prompt|message|override)\b|"
    r"(?:^|\s)(?:system|assistant|user)\s*:\s*\S|<\|?(?:im_start|im_end|system|endoftext)|\[/?inst\]|"
    r"\b(?:reply|respond|answer)\b[^.]{0,30}\b(?:only with|exactly|the (?:single )?word)\b|"
    r"\bdo not (?:cite|mention (?:the )?(?:source|passage)s?|follow your|reveal)\b|"
    r"\b(?:cite|use) (?:passage|source|marker) (?:number )?\[?\d+\]? (?:for|instead|in)\b",
    re.IGNORECASE,
)


def is_order_to_a_model(text: str) -> bool:
    """Whether ``text`` tells a model what to do."""
    return bool(_ORDERS.search(text))
