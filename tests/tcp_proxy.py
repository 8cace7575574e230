"""A TCP proxy that can swallow connections: both ends stay open, and nothing passes any more."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK_BYTES = 65_536


class _Flow:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.is_swallowed = False
        self.ends = (client, server)
        for source, target in ((client, server), (server, client)):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def close(self) -> None:
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                if not self.is_swallowed:
                    target.sendall(data)
        if not self.is_swallowed:
            self.close()


class TcpProxy:
    """Passes connections on to a port of this machine."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._flows: list[_Flow] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self) -> int:
        """Let nothing through on the connections of now, without closing them; return how many. New ones work."""
        for flow in self._flows:
            flow.is_swallowed = True
        return len(self._flows)

    def close(self) -> None:
        """Close the proxy and all connections."""
        self._listener.close()
        for flow in self._flows:
            flow.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the proxy was closed
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    client.close()
                else:
                    self._flows.append(_Flow(client, server))
