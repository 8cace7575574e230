"""A client that opens a socket and stops reading: with a small receive buffer, so that the server notices soon."""

from __future__ import annotations

import base64
import os
import select
import socket
from pathlib import Path
from urllib.parse import urlsplit

#: Smallest receive buffer that Linux gives is some 2 KiB.
RECEIVE_BUFFER_BYTES = 4096
ESTABLISHED = "01"


class StalledSocket:
    """
    One connection that reads its beginning and nothing more.

    Args:
        extensions: the value of the header `Sec-WebSocket-Extensions`; empty for none.
        until: the last that is read stands in this; with a snapshot the socket misses nothing that is published after.
    """

    def __init__(self, url: str, *, token: str, extensions: str = "", until: bytes = b'"snapshot"') -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self.port = parts.port
        self.connection = socket.socket()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self.connection.settimeout(20)
        self.connection.connect((parts.hostname, parts.port))
        self.local_port: int = self.connection.getsockname()[1]
        key = base64.b64encode(os.urandom(16)).decode()
        offered = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
        self.connection.sendall(
            f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nAuthorization: Bearer {token}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n{offered}\r\n".encode()
        )
        beginning = b""
        while until not in beginning:
            more = self.connection.recv(512)
            assert more, beginning
            beginning += more

    @property
    def is_held(self) -> bool:
        """Whether the server still has the connection, as the kernel knows."""
        return any(
            (local, remote, state) == (self.port, self.local_port, ESTABLISHED) for local, remote, state, _ in _tcp()
        )

    @property
    def server_queue_bytes(self) -> int:
        """Bytes that the kernel of the server holds for this client."""
        return sum(queue for local, remote, _, queue in _tcp() if (local, remote) == (self.port, self.local_port))

    def was_reset(self) -> bool:
        """Whether the client's kernel knows that the connection is gone."""
        poll = select.poll()
        poll.register(self.connection, 0)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Leave."""
        self.connection.close()


def _tcp() -> list[tuple[int, int, str, int]]:
    """Return local port, remote port, state and send queue of each IPv4 connection."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [
        (int(row[1].split(":")[1], 16), int(row[2].split(":")[1], 16), row[3], int(row[4].split(":")[0], 16))
        for row in rows
    ]
