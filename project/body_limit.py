"""
Refuse request bodies that no view would take, before Django spools them to disk.

Source: RFC 9110 §15.5.14 (413 Content Too Large).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: Room for the multipart envelope around the largest file.
ENVELOPE_BYTES = 1024 * 1024
_BODY = json.dumps(
    {"error": {"code": "request_too_large", "message": "Cet envoi est trop volumineux.", "details": None}}
).encode()


class BodyLimit:
    """
    ASGI middleware for HTTP.

    Args:
        max_bytes: biggest body; a declared length beyond it is answered with 413, an undeclared one is cut off.
    """

    def __init__(self, application: Any, *, max_bytes: int) -> None:
        self._application = application
        self._max_bytes = max_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer 413, or run the application with a body that is counted."""
        if _declared_length(scope) > self._max_bytes:
            await _refuse(send)
            return
        await self._application(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        total = 0

        async def receive_counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            return message if total <= self._max_bytes else {"type": "http.disconnect"}

        return receive_counted


def _declared_length(scope: Message) -> int:
    value = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(value) if value.isdigit() else 0


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _BODY})
