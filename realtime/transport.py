"""
uvicorn's WebSocket protocol with its transport handed to the hub, compression of large frames, and an end to waiting.

Source: docs/operations.md, "Server"; docs/adr/0019-flow-control.md.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import socket
import struct
import sys
import termios
from collections.abc import Callable
from typing import Any

from realtime import conf
from realtime.compression import LargeMessageDeflateFactory
from realtime.incoming import StrictProtocol
from realtime.outbox import SINK_EXTENSION

#: Takes the lines about single sockets: two or three each, which nobody wants of thousands.
_logger = logging.getLogger("uvicorn.sockets")
#: Longest time for a client to answer a close frame; uvicorn alone waits 10 s, and for ever for what is not read.
CLOSE_TIMEOUT_SECONDS = 3.0
#: Linger "on, 0 seconds": the kernel forgets what it holds for a connection that is dropped, and resets it.
_FORGET_ON_CLOSE = struct.pack("ii", 1, 0)


class TransportSink:
    """The transport of one socket, for the hub (see `realtime.outbox.Sink`)."""

    __slots__ = ("_protocol", "on_writable")

    def __init__(self, protocol: SinkProtocol) -> None:
        self._protocol = protocol
        self.on_writable: Callable[[bool], None] | None = None

    @property
    def compresses(self) -> bool:
        """Whether the client takes compressed frames beside plain ones."""
        return bool(self._protocol.conn.extensions)

    @property
    def buffered_bytes(self) -> int:
        """Bytes that wait in this process for the kernel to take them."""
        return self._protocol.transport.get_write_buffer_size()

    def count_unacknowledged(self) -> int:
        """Return the bytes that the client's machine has not taken yet; outside Linux, those of this process."""
        return self.buffered_bytes + _count_in_kernel(self._protocol.transport)

    def is_usable(self) -> bool:
        """Whether a frame written now leaves at once."""
        protocol = self._protocol
        ready = protocol.handshake_complete and not protocol.close_sent and protocol.writable.is_set()
        return ready and not protocol.transport.is_closing()

    def write(self, frames: bytes) -> None:
        """Write finished frames; after a close frame nothing may follow."""
        protocol = self._protocol
        if not protocol.close_sent and not protocol.transport.is_closing():
            protocol.transport.write(frames)

    async def drained(self) -> None:
        """
        Wait until a frame written now leaves at once.

        Raises:
            ConnectionResetError: the client is gone, or was sent a close frame.
        """
        await self._protocol.writable.wait()
        if not self.is_usable():
            raise ConnectionResetError

    def abort(self) -> None:
        """Drop the connection without waiting for the client, and what the kernel holds for it."""
        self._protocol.drop()


class SinkProtocol(StrictProtocol):
    """uvicorn's protocol, with a `TransportSink` in the scope and exact word of writability."""

    sink: TransportSink | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = self.conn.logger = _logger
        least_bytes: int = conf.get("DEFLATE_MIN_BYTES")
        self.conn.available_extensions = [LargeMessageDeflateFactory(least_bytes=least_bytes)] if least_bytes else []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the transport tell at once when the kernel's buffer is full, not 64 KiB later."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)

    async def run_asgi(self) -> None:
        """Run the application with the sink in its scope."""
        self.sink = TransportSink(self)
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[SINK_EXTENSION] = self.sink
        await super().run_asgi()

    async def send(self, message: Any) -> None:
        """Send; a client that does not answer a close frame is dropped, whatever it has not read."""
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(CLOSE_TIMEOUT_SECONDS, self.drop)

    def keepalive_timeout(self) -> None:
        """Drop a client that answers no ping: uvicorn would wait for it to read the close frame."""
        super().keepalive_timeout()
        self.drop()

    def drop(self) -> None:
        """End the connection and forget whatever the client has not read."""
        if self.transport.get_write_buffer_size() or _count_in_kernel(self.transport):
            _get_socket(self.transport).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _FORGET_ON_CLOSE)
        self.transport.abort()

    def pause_writing(self) -> None:
        """The client does not keep up."""
        super().pause_writing()
        self._tell(writable=False)

    def resume_writing(self) -> None:
        """The client has caught up."""
        super().resume_writing()
        self._tell(writable=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._tell(writable=False)
        super().connection_lost(exc)

    def _tell(self, *, writable: bool) -> None:
        if self.sink is not None and self.sink.on_writable is not None:
            self.sink.on_writable(writable)


def _get_socket(transport: asyncio.Transport) -> socket.socket:
    found: socket.socket = transport.get_extra_info("socket")
    return found


def _count_in_kernel(transport: asyncio.Transport) -> int:
    """Return the bytes that the kernel has sent or will send and the peer has not acknowledged (Linux; else 0)."""
    descriptor = _get_socket(transport).fileno()
    if sys.platform != "linux" or descriptor < 0:
        return 0
    return int.from_bytes(fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
