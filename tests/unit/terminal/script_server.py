"""A small real WebSocket server that plays a script, one scene a connection, and remembers what came in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve

Scene = Callable[["Stage"], Awaitable[None]]
EPOCH = "epoch-1"


class Stage:
    """What a scene can do with its connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket

    async def send(self, frame_type: str, **fields: Any) -> None:
        """Send a frame."""
        await self._socket.send(json.dumps({"type": frame_type, **fields}))

    async def send_raw(self, data: str | bytes) -> None:
        """Send what is no frame of the protocol."""
        await self._socket.send(data)

    async def welcome(self, *, resumed: bool = False, heartbeat_seconds: float = 25.0) -> None:
        """Send the first frame of a connection, and a snapshot unless the connection resumes."""
        await self.send("welcome", epoch=EPOCH, head=0, heartbeat_seconds=heartbeat_seconds, resumed=resumed)
        if not resumed:
            await self.send("snapshot", sequence=10, epoch=EPOCH, operations=[], sections=[])

    async def closing(self, code: str, *, reconnect: bool, close_code: int, retry_after_ms: int | None = None) -> None:
        """Say why, and close."""
        await self.send("closing", code=code, reason="R.", reconnect=reconnect, retry_after_ms=retry_after_ms)
        await self._socket.close(close_code, code)

    async def close(self, code: int, reason: str = "") -> None:
        """Close without a word."""
        await self._socket.close(code, reason)

    def drop(self) -> None:
        """Cut the connection."""
        self._socket.transport.abort()

    async def receive(self) -> dict[str, Any]:
        """Return the next command."""
        command: dict[str, Any] = json.loads(await self._socket.recv())
        return command

    async def receive_raw(self) -> str | bytes:
        """Return what comes next, command or not."""
        return await self._socket.recv()

    async def stay(self) -> None:
        """Keep the connection open, and silent, until the client leaves."""
        await self._socket.wait_closed()


class ScriptServer:
    """
    Plays its scenes in order; the last one again and again.

    `queries` and `tokens` hold what each connection brought, in order.
    """

    def __init__(self, scenes: list[Scene]) -> None:
        self._scenes = scenes
        self.url = ""
        self.queries: list[dict[str, str]] = []
        self.tokens: list[str] = []

    @asynccontextmanager
    async def run(self) -> AsyncIterator[ScriptServer]:
        """Listen on a free port."""
        async with serve(self._play, "127.0.0.1", 0, close_timeout=1) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            self.url = f"ws://127.0.0.1:{port}/ws/projects/p"
            yield self

    async def _play(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        query = parse_qs(urlsplit(socket.request.path).query)
        self.queries.append({name: values[0] for name, values in query.items()})
        self.tokens.append(socket.request.headers["Authorization"].removeprefix("Bearer "))
        scene = self._scenes[min(len(self.queries), len(self._scenes)) - 1]
        await scene(Stage(socket))


class CountingTokens:
    """A token provider that gives a new numbered token whenever a fresh one is asked for."""

    def __init__(self) -> None:
        self.number = 1

    async def __call__(self, *, fresh: bool) -> str:
        await asyncio.sleep(0)
        self.number += fresh
        return f"token-{self.number}"
