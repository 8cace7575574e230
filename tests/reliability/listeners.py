"""Many sockets in one event loop that check each sequence as it comes."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.servers import Person


class Listener:
    """One socket on one project: counts events, holes and delays."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self.connection: ClientConnection
        self.position = -1
        self.events = 0
        self.holes = 0
        self.repeats = 0
        #: From publishing to receiving, in seconds, of events whose sentence is an instant.
        self.delays: list[float] = []
        #: From `ping` to `pong`, in seconds.
        self.round_trips: list[float] = []
        self.close_code: int | None = None
        self._pinged_at = 0.0

    async def open(self) -> Listener:
        """Connect and take welcome and snapshot."""
        headers = {"Authorization": f"Bearer {self._token}"}
        self.connection = await connect(self._url, additional_headers=headers, proxy=None, open_timeout=60)
        while self.position < 0:
            self.take(await asyncio.wait_for(self.connection.recv(), 60))
        return self

    async def listen(self) -> None:
        """Take what comes until the connection ends."""
        try:
            async for text in self.connection:
                self.take(text)
        except ConnectionClosed:
            pass
        self.close_code = self.connection.close_code

    async def ping(self) -> None:
        """Send the text that is answered by `pong`."""
        self._pinged_at = time.monotonic()
        await self.connection.send("ping")

    def take(self, text: str | bytes) -> None:
        """Note one frame."""
        if text == "pong":
            self.round_trips.append(time.monotonic() - self._pinged_at)
            return
        frame: dict[str, Any] = json.loads(text)
        if frame["type"] == "snapshot":
            self.position = frame["sequence"]
        elif "operation_id" in frame:
            self._note_event(frame)

    def _note_event(self, event: dict[str, Any]) -> None:
        sequence = event["sequence"]
        self.holes += sequence > self.position + 1
        self.repeats += sequence <= self.position
        self.position = max(self.position, sequence)
        self.events += 1
        if event["type"] == "error":
            self.delays.append(time.time() - float(event["error"]))

    def reset(self) -> None:
        """Drop the connection without a word: the server gets a TCP reset."""
        own: socket.socket = self.connection.transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.transport.abort()


def url_of(person: Person, project_id: str, kind: str = "projects") -> str:
    """Return the URL of a socket of one of the kinds of `tests.reliability.inspected`."""
    return person.socket_url(project_id).replace("/ws/projects/", f"/ws/{kind}/")


def percentile(values: list[float], percent: float) -> float:
    """Return the value below which so many per cent of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
