"""
Refuse handshakes before they cost anything: no query, no socket. What was accepted is closed with a reason instead.

Source: PROTOCOL.md, "Connecting"; ASGI, "WebSocket Denial Response".
"""

from __future__ import annotations

import asyncio
import logging
import time
from http import HTTPStatus
from typing import Any

from realtime import metrics, origin
from realtime.handshake_rate import HandshakeRate

logger = logging.getLogger(__name__)

#: The ASGI extension of servers that can answer a handshake with a response. daphne cannot, and never ends such a one.
RESPONSE_EXTENSION = "websocket.http.response"
#: Shortest time between two log lines about handshakes that come too fast.
LOG_INTERVAL_SECONDS = 60.0


class HandshakeGuard:
    """
    ASGI middleware, outermost of the WebSocket routes: the origin, then the rate of the client's address.

    Args:
        inner: what a handshake that passes goes to.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self._rate = HandshakeRate()
        self._logged_at = -LOG_INTERVAL_SECONDS

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Refuse the handshake, or go on."""
        if not origin.is_allowed(scope):
            metrics.HANDSHAKES_REFUSED.labels(reason="origin").inc()
            return await refuse(scope, receive, send, status=HTTPStatus.FORBIDDEN)
        wait_seconds = self._wait_seconds(scope)
        if wait_seconds:
            metrics.HANDSHAKES_REFUSED.labels(reason="rate").inc()
            self._hint()
            retry_after = [(b"retry-after", str(wait_seconds).encode())]
            return await refuse(scope, receive, send, status=HTTPStatus.TOO_MANY_REQUESTS, headers=retry_after)
        return await self.inner(scope, receive, send)

    def _wait_seconds(self, scope: dict[str, Any]) -> int:
        client = scope.get("client")
        return self._rate.wait_seconds(client[0]) if client else 0  # a Unix socket has no address to count by

    def _hint(self) -> None:
        now = time.monotonic()
        if now - self._logged_at >= LOG_INTERVAL_SECONDS:
            self._logged_at = now
            logger.warning(
                "Handshakes are refused: too many from one address. Behind a proxy, see --forwarded-allow-ips."
            )


async def refuse(
    scope: dict[str, Any],
    receive: Any,
    send: Any,
    *,
    status: HTTPStatus,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """Answer a handshake with an HTTP status; a server that knows no such answer makes it 403."""
    await receive()
    if RESPONSE_EXTENSION not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    all_headers = [(b"content-type", b"text/plain; charset=utf-8"), *(headers or [])]
    await send({"type": "websocket.http.response.start", "status": int(status), "headers": all_headers})
    await send({"type": "websocket.http.response.body", "body": status.phrase.encode()})
    # uvicorn takes an application that ends before the connection does for one that forgot to answer.
    await asyncio.sleep(0)
