"""One HTTP request on the ASGI application, answered bit by bit, and the messages of a stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from tests.waiting import await_until

Headers = Sequence[tuple[str, str]]
Message = dict[str, Any]


class Exchange:
    """
    A client that sends one request, takes what comes, and leaves when told.

    Args:
        tells: the server holds the application back when the client does not read (daphne does not).
    """

    def __init__(
        self, application: Any, path: str, *, headers: Headers = (), method: str = "GET", tells: bool = True
    ) -> None:
        route, _, query = path.partition("?")
        self.received: list[Message] = []
        self._taken = asyncio.Event()
        self._taken.set()
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", **({"spec_version": "2.3"} if tells else {})},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": route,
            "raw_path": route.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"localhost"), *((name.lower().encode(), v.encode()) for name, v in headers)],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
        }
        self.task = asyncio.create_task(application(scope, self._incoming.get, self._take))
        self._read = 0

    def stop_reading(self) -> None:
        """Take nothing more: the server's `send` waits."""
        self._taken.clear()

    def read_on(self) -> None:
        """Take what waits and what follows."""
        self._taken.set()

    async def _take(self, message: Message) -> None:
        await self._taken.wait()
        self.received.append(message)

    @property
    def status(self) -> int:
        return int(self.received[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.received[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.received[1:])

    @property
    def is_over(self) -> bool:
        """Whether the server has ended the response."""
        return len(self.received) > 1 and not self.received[-1].get("more_body", False)

    async def finish(self, *, seconds: float = 20.0) -> Exchange:
        """Wait for the whole response."""
        await asyncio.wait_for(asyncio.shield(self.task), seconds)
        assert self.is_over
        return self

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def messages(self) -> list[str]:
        """The messages of a stream so far, each with its fields."""
        return self.body.decode().split("\n\n")[:-1]

    @property
    def frames(self) -> list[Message]:
        """The frames in them."""
        return [json.loads(data) for message in self.messages for data in fields(message, "data")]

    async def next_message(self, *, seconds: float = 20.0) -> str:
        """Return the next message that was not returned before."""
        await await_until(lambda: len(self.messages) > self._read, seconds=seconds, what="a message")
        self._read += 1
        return self.messages[self._read - 1]

    async def next_frame(self) -> Message:
        """Return the next frame; comments and hints are passed over."""
        while not (data := fields(await self.next_message(), "data")):
            pass
        return dict(json.loads(data[0]))

    async def leave(self) -> None:
        """Close the connection and wait until the server has noticed."""
        self._incoming.put_nowait({"type": "http.disconnect"})
        self._taken.set()
        await asyncio.wait_for(self.task, 20)


def fields(message: str, name: str) -> list[str]:
    """Return the values of a field of a message, in order."""
    return [line.split(": ", 1)[1] for line in message.split("\n") if line.startswith(f"{name}: ")]
