from __future__ import annotations

from typing import Any

from project.body_limit import BodyLimit

Message = dict[str, Any]


class Body:
    """A request body that arrives in chunks, and what was answered."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)
        self.read: list[Message] = []
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self.chunks.pop(0), "more_body": bool(self.chunks)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def application(self, scope: Message, receive: Any, send: Any) -> None:
        more = True
        while more:
            self.read.append(await receive())
            more = self.read[-1].get("more_body", False)

    async def run(self, *headers: tuple[bytes, bytes]) -> None:
        scope = {"type": "http", "headers": list(headers)}
        await BodyLimit(self.application, max_bytes=10)(scope, self.receive, self.send)


async def test_a_declared_length_over_the_limit_is_refused_before_a_byte_is_read() -> None:
    body = Body(b"x" * 11)

    await body.run((b"content-length", b"11"))

    assert body.read == []
    assert body.sent[0]["status"] == 413


async def test_a_body_within_the_limit_reaches_the_application() -> None:
    body = Body(b"x" * 5, b"x" * 5)

    await body.run((b"content-length", b"10"))

    assert [message["body"] for message in body.read] == [b"x" * 5, b"x" * 5]


async def test_an_undeclared_body_is_cut_off_at_the_limit() -> None:
    body = Body(b"x" * 6, b"x" * 6, b"x" * 6)

    await body.run()

    assert [message["type"] for message in body.read] == ["http.request", "http.disconnect"]
