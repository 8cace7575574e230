"""
The shipped server: uvicorn, with the transport handed to the hub, dead clients noticed, sockets told before the end.

Source: docs/operations.md, "Server"; RFC 5482 (TCP user time-out).
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime import conf, draining
from realtime.hub import get_hub
from realtime.outbox import SINK_EXTENSION

#: A client that acknowledges nothing for this long is gone; uvicorn alone would wait for ever.
TCP_USER_TIMEOUT_MS = 15_000
#: Biggest incoming message; beyond it the socket is closed with 1009. Commands are far smaller.
MAX_MESSAGE_BYTES = 1024 * 1024
#: Longest time for sockets to read their `closing` frame and end, after the drain.
GOODBYE_SECONDS = 4.0
#: Longest time from the end of the drain to the end of the server: for that, and for requests.
SHUTDOWN_SECONDS = 8.0
#: Asks a process to leave its listener to the other processes that have it, and to drain.
LEAVE_SIGNAL = signal.SIGUSR1
#: Longest time for a client to answer a close frame; uvicorn alone waits 10 s, and for ever for what is not read.
CLOSE_TIMEOUT_SECONDS = 3.0
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

    async def send(self, message: Any) -> None:
        """Send; a client that does not answer a close frame is dropped, whatever it has not read."""
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(CLOSE_TIMEOUT_SECONDS, self.transport.abort)

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


def do_nothing() -> None:
    """Take no notice."""


class Server(uvicorn.Server):
    """
    uvicorn's server, which drains before it goes.

    SIGTERM drains over `REALTIME_DRAIN_SECONDS`, Ctrl-C at once; the same again ends the process there and then.

    Args:
        config: uvicorn's.
        on_ready: called once connections are accepted.
        on_drain: called when the drain begins.
        supervisor: process id of the supervisor, which started this process and decides alone about a hard end; the
            server drains when it is gone.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        on_ready: Callable[[], None] = do_nothing,
        on_drain: Callable[[], None] = do_nothing,
        supervisor: int | None = None,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_drain = on_drain
        self._supervisor = supervisor
        self._others_accept = False
        self._drain_seconds = 0.0

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle the signals; unlike uvicorn's, does not raise them again: the caller has work left."""
        numbers = (signal.SIGTERM, signal.SIGINT, *((LEAVE_SIGNAL,) if self._supervisor else ()))
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            if not self.should_exit:
                for number, handler in before.items():
                    signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the drain."""
        if self.should_exit:
            return
        self._others_accept = self._supervisor is not None and sig == LEAVE_SIGNAL
        self._drain_seconds = 0.0 if sig == signal.SIGINT else float(conf.get("DRAIN_SECONDS"))
        draining.begin(others_accept=self._others_accept)
        self.should_exit = True
        if self._supervisor is None:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        """Drain when the supervisor is gone: nobody would restart this process, and the port would stay taken."""
        if self._supervisor is not None and os.getppid() != self._supervisor:
            self.handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, stop listening, shut down."""
        self._on_drain()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._drain_seconds + SHUTDOWN_SECONDS
        if self._others_accept:
            self._stop_listening()
        await draining.drain(get_hub(), seconds=self._drain_seconds)
        self._stop_listening()
        await self._wait_for_sockets(min(deadline, loop.time() + GOODBYE_SECONDS))
        self.config.timeout_graceful_shutdown = max(1, int(deadline - loop.time()))
        await super().shutdown(sockets)
        await get_hub().stop()

    def _stop_listening(self) -> None:
        for server in self.servers:
            server.close()

    async def _wait_for_sockets(self, deadline: float) -> None:
        """Wait for the last sockets, those whose handshake is under way included."""
        while any(isinstance(connection, SinkProtocol) for connection in self.server_state.connections):
            if asyncio.get_running_loop().time() >= deadline:
                return
            await asyncio.sleep(0.02)


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


def make_config(application: str, *, forwarded_allow_ips: str) -> uvicorn.Config:
    """Return uvicorn's configuration for an ASGI application given as `module:attribute`."""
    return uvicorn.Config(
        application,
        ws=SinkProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Twice the CPU and memory per socket for messages of 200 bytes.
        ws_per_message_deflate=False,
        lifespan="off",
        backlog=BACKLOG,
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=bool(forwarded_allow_ips),
        forwarded_allow_ips=forwarded_allow_ips or None,
    )
