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
from typing import TypedDict, Unpack

import uvicorn

from realtime import conf, draining
from realtime.draining import Drain
from realtime.hub import get_hub
from realtime.transport import SinkProtocol

#: A client that acknowledges nothing for this long is gone; uvicorn alone would wait for ever.
TCP_USER_TIMEOUT_MS = 15_000
#: Most bytes that wait in the kernel before they are sent: more is better kept where it can be collapsed.
TCP_NOTSENT_LOWAT_BYTES = 128 * 1024
#: Longest time for sockets to read their `closing` frame and end, after the drain.
GOODBYE_SECONDS = 4.0
#: Longest time from the end of the drain to the end of the server: for that, and for requests.
SHUTDOWN_SECONDS = 8.0
#: Asks a process to leave its listener to the other processes that have it, and to drain.
LEAVE_SIGNAL = signal.SIGUSR1
BACKLOG = 2048


def do_nothing() -> None:
    """Take no notice."""


class Options(TypedDict, total=False):
    """What `Server` takes beside uvicorn's configuration."""

    on_ready: Callable[[], None]
    on_drain: Callable[[], None]
    supervisor: int | None


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
        drain = Drain(get_hub(), seconds=self._drain_seconds)
        await drain.run()
        self._stop_listening()
        await self._wait_for_sockets(min(deadline, loop.time() + GOODBYE_SECONDS))
        drain.report()
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
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):  # Linux, macOS; else the kernel keeps what its send buffer holds
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, TCP_NOTSENT_LOWAT_BYTES)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def make_server(application: str, *, forwarded_allow_ips: str, **options: Unpack[Options]) -> Server:
    """Return the server for an ASGI application given as `module:attribute`; the options are those of `Server`."""
    config = uvicorn.Config(
        application,
        ws=SinkProtocol,
        ws_max_size=conf.get("MAX_MESSAGE_BYTES"),
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,  # SinkProtocol negotiates its own, for large frames only
        lifespan="off",
        backlog=BACKLOG,
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=bool(forwarded_allow_ips),
        forwarded_allow_ips=forwarded_allow_ips or None,
    )
    return Server(config, **options)
