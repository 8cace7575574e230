"""A WebSocket client that sends whatever bytes a test wants, and masks wrongly when told to."""

from __future__ import annotations

import os
import socket
import time
from types import TracebackType
from urllib.parse import urlsplit

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    mask: bool = True,
    reserved: int = 0,
    length: int | None = None,
) -> bytes:
    """Return a frame; `length` is what it says of itself, when that is not the truth."""
    said = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    bit = 0x80 if mask else 0
    if said < 126:
        head += bytes([bit | said])
    elif said < 1 << 16:
        head += bytes([bit | 126]) + said.to_bytes(2, "big")
    else:
        head += bytes([bit | 127]) + said.to_bytes(8, "big")
    return head + (b"\0\0\0\0" if mask else b"") + payload  # masked with zeros: the same bytes


class RawSocket:
    """
    A connection after its handshake.

    Args:
        url: `http://host:port/path` of the socket.
        early: what is sent before the handshake is answered, `pause_seconds` after it.
    """

    def __init__(self, url: str, token: str, *, early: bytes = b"", pause_seconds: float = 0.0) -> None:
        parts = urlsplit(url.replace("ws://", "http://"))
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        request = (
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {os.urandom(16).hex()[:22]}==\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        self.received = b""
        self._socket.sendall(request.encode())
        if early:
            time.sleep(pause_seconds)
            self._socket.sendall(early)

    def __enter__(self) -> RawSocket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, data: bytes) -> bool:
        """Send bytes; False when the server has closed meanwhile."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def read_until(self, mark: bytes, *, seconds: float = 30.0) -> bool:
        """Read until a mark has come since the last call; False when the server closes before."""
        deadline = time.monotonic() + seconds
        while mark not in self.received:
            assert time.monotonic() < deadline, f"waited {seconds} s for {mark!r}"
            if not self._read():
                return False
        self.received = self.received.partition(mark)[2]
        return True

    def read_to_end(self, *, seconds: float = 30.0) -> bytes:
        """Return what still comes until the server closes."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"the server did not close within {seconds} s"
        return self.received

    def _read(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except ConnectionResetError:
            return False
        self.received += data
        return bool(data)
