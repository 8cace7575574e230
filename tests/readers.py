"""Many clients that read, as cheaply as Python can, and note when each event came to each of them."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import time
import zlib
from functools import partial
from urllib.parse import urlsplit

SEQUENCE = re.compile(rb'"sequence":(\d+)')
#: A text frame "ping" and an empty pong, masked with zeros.
PING_TEXT = b"\x81\x84\0\0\0\0ping"
PONG = b"\x8a"
OPCODE_PING = 0x9
OPCODE_CLOSE = 0x8
#: The bit of a compressed message.
COMPRESSED = 0x40
#: A reader says `ping` after so many bytes: on servers that buffer without limit it shows that it reads.
SPEAKS_EVERY_BYTES = 1024 * 1024


class Reader(asyncio.Protocol):
    """One client: answers pings, keeps nothing, notes the clock at each event's last byte."""

    def __init__(self, request: bytes, live: bytes) -> None:
        self.request = request
        self.live = live
        self.arrivals: dict[int, float] = {}
        self.is_live = False
        self.is_closed = False
        self.received_bytes = 0
        self._buffer = bytearray()
        self._head = b""
        self._unspoken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self.request)

    def close(self) -> None:
        """Leave."""
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self.received_bytes += len(data)
        if not self._head:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = bytes(self._buffer[: end + 4])
            del self._buffer[: end + 4]
        self._unspoken += len(data)
        if self._unspoken > SPEAKS_EVERY_BYTES:
            self._unspoken = 0
            self._transport.write(PING_TEXT)
        self._take_frames()

    def _take_frames(self) -> None:
        start = 0
        while (bounds := self._find_frame(start)) is not None:
            payload, end = bounds
            if self._buffer[start] & COMPRESSED:
                self._note(inflate(bytes(self._buffer[payload:end])), 0)
            else:
                self._take(self._buffer[start] & 0x0F, payload, end)
            start = end
        del self._buffer[:start]

    def _find_frame(self, start: int) -> tuple[int, int] | None:
        """Return where the payload of a whole frame begins and ends."""
        buffer, held = self._buffer, len(self._buffer) - start
        if held < 2:
            return None
        length, header = buffer[start + 1] & 0x7F, 2
        if length >= 126:
            header = 4 if length == 126 else 10
            if held < header:
                return None
            length = int.from_bytes(buffer[start + 2 : start + header], "big")
        payload = start + header
        return (payload, payload + length) if held >= header + length else None

    def _take(self, opcode: int, start: int, end: int) -> None:
        if opcode == OPCODE_PING:
            payload = bytes(self._buffer[start:end])
            self._transport.write(PONG + bytes((0x80 | len(payload),)) + bytes(4) + payload)
        elif opcode == OPCODE_CLOSE:
            self.is_closed = True
        elif not self.is_live and self._buffer.startswith(b'{"type":' + self.live, start):
            self.is_live = True
        else:
            self._note(self._buffer, start)

    def _note(self, text: bytes | bytearray, start: int) -> None:
        found = SEQUENCE.search(text, start, start + 200) if self.is_live else None
        if found:
            self.arrivals[int(found[1])] = time.monotonic()


async def open_readers(
    url: str, token: str, count: int, *, live: bytes = b'"snapshot"', extensions: str = ""
) -> list[Reader]:
    """
    Open so many sockets, twenty at a time, and wait until each would miss no event.

    Args:
        live: type of the frame after which events are noted, as JSON.
        extensions: what the clients offer, such as `permessage-deflate`.
    """
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    readers: list[Reader] = []
    loop = asyncio.get_running_loop()
    for first in range(0, count, 20):
        for _ in range(first, min(first + 20, count)):
            key = base64.b64encode(os.urandom(16)).decode()
            offer = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
            request = (
                f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nAuthorization: Bearer {token}\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n{offer}\r\n"
            ).encode()
            reader = Reader(request, live)
            await loop.create_connection(partial(_itself, reader), parts.hostname, parts.port)
            readers.append(reader)
        deadline = time.monotonic() + 60
        while not all(reader.is_live for reader in readers):
            assert time.monotonic() < deadline, f"{sum(r.is_live for r in readers)} of {len(readers)} are live"
            await asyncio.sleep(0.01)
    return readers


async def wait_for(readers: list[Reader], sequence: int, *, seconds: float = 60.0) -> None:
    """Wait until an event has come to all."""
    deadline = time.monotonic() + seconds
    while not all(sequence in reader.arrivals for reader in readers):
        assert time.monotonic() < deadline, f"{sum(sequence in reader.arrivals for reader in readers)} have {sequence}"
        await asyncio.sleep(0.02)


def inflate(payload: bytes) -> bytes:
    """Return the beginning of a compressed message."""
    return zlib.decompressobj(-15).decompress(payload, 400)


def _itself(reader: Reader) -> Reader:
    return reader
