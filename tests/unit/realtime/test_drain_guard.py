"""What a process that drains says to those who come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from realtime import draining
from realtime.draining import DrainGuard

Message = dict[str, Any]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    draining.reset()


async def application(scope: Message, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "websocket.accept"})


async def ask(kind: str, extensions: Message | None = None) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await DrainGuard(application)({"type": kind, "extensions": extensions or {}}, receive, send)
    return sent


async def test_nothing_changes_before_the_drain() -> None:
    assert await ask("websocket") == [{"type": "websocket.accept"}]
    assert (await ask("http"))[0]["headers"] == [(b"x", b"y")]


async def test_a_handshake_is_refused_with_503_and_when_to_come_back() -> None:
    draining.begin(others_accept=False)

    start, body = await ask("websocket", {"websocket.http.response": {}})

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 503)
    assert (b"retry-after", b"1") in start["headers"]
    assert body["type"] == "websocket.http.response.body"


async def test_a_server_that_cannot_refuse_with_a_response_closes() -> None:
    draining.begin(others_accept=False)

    assert await ask("websocket") == [{"type": "websocket.close"}]


async def test_a_response_ends_its_connection() -> None:
    draining.begin(others_accept=False)

    start, _ = await ask("http")

    assert start["headers"] == [(b"x", b"y"), (b"connection", b"close")]


async def test_what_came_before_the_listener_was_left_to_others_is_served() -> None:
    draining.begin(others_accept=True)

    assert draining.is_draining()
    assert await ask("websocket") == [{"type": "websocket.accept"}]
