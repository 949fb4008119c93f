"""Documents, pages and pictures over HTTP."""

from __future__ import annotations

import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageChops

from assistant.answer.assistant import Assistant
from tests.api.conftest import DIGEST, QUESTION


@pytest.fixture(scope="module")
def digest(assistant: Assistant) -> str:
    return f"/api/documents/{next(d.id for d in assistant.documents() if d.file == DIGEST)}"


def picture(reply: Any) -> Image.Image:
    assert reply.status_code == 200 and reply.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(reply.content)).convert("RGB")


def test_documents_come_in_pages(client: TestClient, assistant: Assistant) -> None:
    seen, address = [], "/api/documents?limit=3"
    while address:
        page = client.get(address).json()
        seen += page["documents"]
        assert page["total"] == len(assistant.documents()) and len(page["documents"]) <= 3
        address = page["next"]
    assert [d["file"] for d in seen] == [d.file for d in assistant.documents()]
    assert [d["pages"] for d in seen] == [d.page_count for d in assistant.documents()]
    assert client.get(f"/api/documents/{seen[0]['id']}").json() == seen[0]
    assert client.get("/api/documents?offset=99").json()["documents"] == []


def test_a_page_is_its_text(client: TestClient, assistant: Assistant, digest: str) -> None:
    page = client.get(f"{digest}/pages/5").json()
    direct = assistant.page(DIGEST, 5)
    assert (page["text"], page["printed_page"], page["pdf_page"]) == (direct.text, direct.label, 5)


@pytest.mark.parametrize("width", [200, 500, 960])
def test_a_picture_has_the_width_asked_for(client: TestClient, digest: str, width: int) -> None:
    assert picture(client.get(f"{digest}/pages/5.png?width={width}")).width == width


def test_what_is_highlighted_is_marked_and_nothing_else(
    client: TestClient, assistant: Assistant, digest: str
) -> None:
    citation = assistant.ask(QUESTION).citations[0]
    page = f"{digest}/pages/{citation.pdf_page}.png"
    plain = picture(client.get(page))
    marked = picture(client.get(f"{page}?highlight={citation.start}-{citation.end}"))
    assert marked.size == plain.size
    boxes = assistant.page_boxes(DIGEST, citation.pdf_page, citation.start, citation.end)
    changed = ImageChops.difference(plain, marked).convert("L").point(lambda v: 255 * (v > 60))
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    wide, high = plain.size
    assert abs(left - min(b.left for b in boxes) * wide) < 3
    assert abs(top - min(b.top for b in boxes) * high) < 3
    assert abs(right - max(b.right for b in boxes) * wide) < 3
    assert abs(bottom - max(b.bottom for b in boxes) * high) < 3
    for box in boxes:  # a marker pen: the ground is yellow, and the letters can still be read
        area = marked.crop(
            (
                int(box.left * wide) + 2,
                int(box.top * high) + 2,
                int(box.right * wide) - 2,
                int(box.bottom * high) - 2,
            )
        )
        colours = [colour for _, colour in area.getcolors(100_000) or []]
        assert any(red > 200 and blue < 200 for red, _, blue in colours)
        assert any(max(colour) < 140 for colour in colours)


def test_empty_ranges_mark_nothing(client: TestClient, digest: str) -> None:
    plain = client.get(f"{digest}/pages/5.png").content
    for highlight in ("", "5-5", "900-100", "999999998-999999999"):
        reply = client.get(f"{digest}/pages/5.png?highlight={highlight}")
        assert reply.content == plain


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/documents/0000000000000000", 404),
        ("/api/documents/..", 404),
        ("/api/documents/..%2f..%2fetc%2fpasswd", 404),
        ("/api/documents/%00", 404),
        ("/api/documents/%ff%fe", 404),
        ("/api/documents/" + "x" * 300, 422),
        ("/api/documents/operations_multinational_digest.pdf", 404),
        ("DIGEST/pages/0", 422),
        ("DIGEST/pages/-1", 422),
        ("DIGEST/pages/one", 422),
        ("DIGEST/pages/999", 404),
        ("DIGEST/pages/1e3", 422),
        ("DIGEST/pages/" + "9" * 5000, 422),
        ("DIGEST/pages/..%2f5", 404),
        ("DIGEST/pages/999.png", 404),
        ("DIGEST/pages/-1.png", 422),
        ("DIGEST/pages/5.png?width=0", 422),
        ("DIGEST/pages/5.png?width=99999", 422),
        ("DIGEST/pages/5.png?highlight=5", 422),
        ("DIGEST/pages/5.png?highlight=-5-7", 422),
        ("DIGEST/pages/5.png?highlight=1-2;3-4", 422),
        ("DIGEST/pages/5.png?highlight=" + ",".join(["1-2"] * 65), 422),
        ("DIGEST/pages/5.png?highlight=" + ",".join(["1-2"] * 9000), 422),
        ("/api/documents?limit=0", 422),
        ("/api/documents?offset=-1", 422),
        ("/api/documents?limit=100000000000000000000000", 422),
    ],
)
def test_a_senseless_address_is_one_sentence(
    client: TestClient, digest: str, path: str, status: int
) -> None:
    reply = client.get(path.replace("DIGEST", digest))
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"] and "/etc" not in reply.json()["detail"]
