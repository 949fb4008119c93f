"""Examples for the description of the API, after the starter corpus."""

from __future__ import annotations

from typing import Any, Final

_FILE: Final = "operations_multinational_digest.pdf"
_DOCUMENT: Final = "72ececb9b107ffd8"
_TITLE: Final = (
    "Operations and Multinational Cooperation: Doctrine a Planner Needs Beside Security Cooperation"
)
_QUESTION: Final = "How many levels of warfare are there?"
_QUOTE: Final = (
    "Warfare has four levels: the national strategic, the theater strategic, the operational and "
    "the tactical."
)
_PLACE: Final[dict[str, Any]] = {
    "file": _FILE,
    "document": _DOCUMENT,
    "pdf_page": 5,
    "printed_page": "1-1",
    "paragraph": "1-5",
}
_INDEX: Final = "5f0c9d7a1b2e3c44"

FILTERS: Final[dict[str, Any]] = {"statuses": ["current"], "since": "2020-01-01"}
ASK: Final[dict[str, Any]] = {"question": _QUESTION, "filters": {"statuses": ["current"]}}
STATEMENT: Final[dict[str, Any]] = {
    "text": _QUOTE,
    "citations": [1],
    "support": 1.0,
    "supported": True,
    "problem": None,
}
CITATION: Final[dict[str, Any]] = {
    "n": 1,
    **_PLACE,
    "designation": "Ops Digest",
    "title": _TITLE,
    "edition": "2026-11-01",
    "quote": _QUOTE,
    "start": 1203,
    "end": 1308,
    "status": "verified",
}
HIT: Final[dict[str, Any]] = {
    "rank": 1,
    **_PLACE,
    "score": 0.112,
    "text": _QUOTE,
    "spans": [{"pdf_page": 5, "start": 1203, "end": 1308}],
}
ANSWER: Final[dict[str, Any]] = {
    "question": _QUESTION,
    "standalone": None,
    "searched": _QUESTION,
    "mode": "extractive",
    "model": None,
    "prompt": None,
    "fallback": None,
    "abstained": False,
    "reason": None,
    "confidence": 0.83,
    "evidence": {"similarity": 0.68, "coverage": 0.57, "quantity": 1.0, "names": 1.0},
    "statements": [STATEMENT],
    "citations": [CITATION],
    "hits": [HIT],
    "notes": [],
    "seconds": {"retrieve": 0.1, "answer": 0.1, "total": 0.2},
    "index": _INDEX,
}
SEARCH: Final[dict[str, Any]] = {
    "question": _QUESTION,
    "hits": [HIT],
    "offset": 0,
    "limit": 1,
    "next": "/api/search?q=How+many+levels+of+warfare+are+there%3F&offset=1&limit=1",
}
EXCERPT: Final[dict[str, Any]] = {
    "id": f"{_DOCUMENT}:5.1203-1308",
    **_PLACE,
    "designation": "Ops Digest",
    "title": _TITLE,
    "edition": "2026-11-01",
    "status": "current",
    "marking": "UNCLASSIFIED",
    "heading": ["Chapter 1", "Levels of warfare"],
    "spans": [{"pdf_page": 5, "start": 1203, "end": 1308}],
    "quote": _QUOTE,
    "score": 1.0,
    "matches": [[12, 23]],
    "repeats": [],
}
FOUND: Final[dict[str, Any]] = {
    "excerpts": [EXCERPT],
    "total": 1,
    "offset": 0,
    "limit": 50,
    "mode": "phrase",
    "index": _INDEX,
    "next": None,
}
DOCUMENT: Final[dict[str, Any]] = {
    "id": _DOCUMENT,
    "file": _FILE,
    "sha256": "ea7817ea24652e93fcbed78779fa96364eabd87a86f6ede0f5ebd3e8327c9fe1",
    "designation": "Ops Digest",
    "title": _TITLE,
    "publisher": "Planner's Digest Series",
    "edition": "2026-11-01",
    "status": "current",
    "supersedes": ["Ops Digest, 1 October 2019"],
    "superseded_by": None,
    "marking": "UNCLASSIFIED",
    "distribution": "Approved for public release; distribution is unlimited.",
    "url": None,
    "pages": 22,
}
DOCUMENTS: Final[dict[str, Any]] = {
    "documents": [DOCUMENT],
    "total": 1,
    "offset": 0,
    "limit": 50,
    "index": _INDEX,
    "next": None,
}
PAGE: Final[dict[str, Any]] = {
    "document": _DOCUMENT,
    "file": _FILE,
    "pdf_page": 5,
    "printed_page": "1-1",
    "text": _QUOTE,
}
READY: Final[dict[str, Any]] = {"ready": True, "index": _INDEX}
EVENT: Final = {"event": "answer", "data": '{"question": "How many levels of warfare are there?"}'}
CHUNK: Final = {"data": '{"object": "chat.completion.chunk"}'}
METRICS: Final = 'assistant_questions_total{outcome="answered"} 12.0\n'
MODEL: Final[dict[str, Any]] = {
    "id": "doctrine-assistant",
    "object": "model",
    "created": 1760000000,
    "owned_by": "this server",
}
MODELS: Final[dict[str, Any]] = {"object": "list", "data": [MODEL]}
CHAT: Final[dict[str, Any]] = {
    "model": "doctrine-assistant",
    "messages": [{"role": "user", "content": _QUESTION}],
}
_SOURCES: Final = f"{_QUOTE} [1]\n\n[1] Ops Digest (1 Nov 2026), para 1-5, p. 1-1"
COMPLETION: Final[dict[str, Any]] = {
    "id": "chatcmpl-7d1f0c2a9b3e4d55",
    "object": "chat.completion",
    "created": 1760000000,
    "model": "doctrine-assistant",
    "system_fingerprint": _INDEX,
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "logprobs": None,
            "message": {
                "role": "assistant",
                "content": _SOURCES,
                "refusal": None,
                "abstained": False,
                "annotations": [
                    {
                        "type": "url_citation",
                        "url_citation": {
                            "start_index": len(_QUOTE) + 1,
                            "end_index": len(_QUOTE) + 4,
                            "url": f"http://127.0.0.1:7860/api/documents/{_DOCUMENT}/pages/5.png"
                            "?highlight=1203-1308",
                            "title": "Ops Digest (1 Nov 2026), para 1-5, p. 1-1",
                        },
                        "citation": CITATION,
                    }
                ],
            },
        }
    ],
    "usage": {
        "prompt_tokens": 10,
        "completion_tokens": 38,
        "total_tokens": 48,
        "estimated": True,
    },
}
