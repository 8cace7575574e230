"""
The shipped server: uvicorn, with the transport handed to the hub, dead clients noticed, sockets told before the end.

Source: docs/operations.md, "Server"; RFC 5482 (TCP user time-out).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime.close_codes import Reason
from realtime.hub import get_hub
from realtime.outbox import SINK_EXTENSION

#: A client that acknowledges nothing for this long is gone; uvicorn alone would wait for ever.
TCP_USER_TIMEOUT_MS = 15_000
#: Biggest incoming message; beyond it the socket is closed with 1009. Commands are far smaller.
MAX_MESSAGE_BYTES = 1024 * 1024
#: Longest time for sockets to read their `closing` frame at the end.
GOODBYE_SECONDS = 2.0
#: Longest time that a shut-down waits for requests and sockets.
GRACEFUL_SHUTDOWN_SECONDS = 10
BACKLOG = 2048


class TransportSink:
    """The transport of one socket, for the hub (see `realtime.outbox.Sink`)."""

    __slots__ = ("_protocol", "on_writable")

    def __init__(self, protocol: SinkProtocol) -> None:
        self._protocol = protocol
        self.on_writable: Callable[[bool], None] | None = None

    def is_usable(self) -> bool:
        """Whether a frame written now leaves at once, uncompressed."""
        protocol = self._protocol
        ready = protocol.handshake_complete and not protocol.close_sent and protocol.writable.is_set()
        return ready and not protocol.conn.extensions and not protocol.transport.is_closing()

    def write(self, frames: bytes) -> None:
        """Write finished frames; after a close frame nothing may follow."""
        protocol = self._protocol
        if not protocol.close_sent and not protocol.transport.is_closing():
            protocol.transport.write(frames)

    def abort(self) -> None:
        """Drop the connection without waiting for the client."""
        self._protocol.transport.abort()


class SinkProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with a `TransportSink` in the scope and exact word of writability."""

    sink: TransportSink | None = None

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


class Server(uvicorn.Server):
    """uvicorn's server, which says `closing` to every socket before it goes."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, say why, then shut down."""
        for server in self.servers:
            server.close()
        hub = get_hub()
        deadline = asyncio.get_running_loop().time() + GOODBYE_SECONDS
        hub.close_all(Reason.RESTART)
        while hub.has_sockets and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        await super().shutdown(sockets)
        await hub.stop()


def bind(host: str, port: int) -> socket.socket:
    """
    Return a listening socket that notices clients which acknowledge nothing.

    Raises:
        OSError: the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; elsewhere only the proxy in front can notice
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TCP_USER_TIMEOUT_MS)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def make_server(application: str, *, forwarded_allow_ips: str) -> Server:
    """Return the server for an ASGI application given as `module:attribute`."""
    config = uvicorn.Config(
        application,
        ws=SinkProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Twice the CPU and memory per socket for messages of 200 bytes.
        ws_per_message_deflate=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
        backlog=BACKLOG,
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=bool(forwarded_allow_ips),
        forwarded_allow_ips=forwarded_allow_ips or None,
    )
    return Server(config)
