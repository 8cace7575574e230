"""
Authenticate the handshake: `scope["auth"]` becomes an `Identity`, or the `Reason` why there is none.

The socket is accepted either way, so that a browser can read the reason; the consumer closes it.

Source: PROTOCOL.md, "Connecting"; RFC 6750 (Bearer).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from realtime import conf, database, tokens
from realtime.close_codes import Reason
from realtime.exceptions import AuthenticationFailed
from realtime.tokens import Identity

#: A browser cannot set headers on a WebSocket, but it can offer subprotocols.
BEARER_SUBPROTOCOL = "bearer."
#: Longest credential that is looked at.
MAX_CREDENTIAL_LENGTH = 4096


class TokenAuthMiddleware:
    """ASGI middleware around the WebSocket routes."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Copy the scope, say who it is, go on."""
        return await self.inner({**scope, "auth": await identify(scope)}, receive, send)


async def identify(scope: dict[str, Any]) -> Identity | Reason:
    """Return who opens the socket, or why nobody does."""
    try:
        return await database.run(tokens.authenticate, find_credential(scope))
    except AuthenticationFailed as failure:
        return failure.reason


def find_credential(scope: dict[str, Any]) -> str:
    """Return the first credential of a handshake: ticket, header, subprotocol, query token; "" for none."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    candidates = (_query_ticket(query), _header_token(scope), _subprotocol_token(scope), _query_token(query))
    credential = next((candidate for candidate in candidates if candidate), "")
    return credential if len(credential) <= MAX_CREDENTIAL_LENGTH else "too-long"


def _query_ticket(query: dict[str, list[str]]) -> str:
    ticket = query.get("ticket", [""])[0]
    # What was sent as a ticket must be one: a JWT in `?ticket=` would dodge REALTIME_ALLOW_QUERY_TOKEN.
    return ticket if not ticket or ticket.startswith(tokens.TICKET_PREFIX) else tokens.TICKET_PREFIX + ticket


def _header_token(scope: dict[str, Any]) -> str:
    for name, value in scope.get("headers", []):
        scheme, _, token = value.decode("latin-1").partition(" ")
        if name == b"authorization" and scheme.lower() == "bearer":
            return str(token.strip())
    return ""


def _subprotocol_token(scope: dict[str, Any]) -> str:
    offered = scope.get("subprotocols", [])
    return next((name[len(BEARER_SUBPROTOCOL) :] for name in offered if name.startswith(BEARER_SUBPROTOCOL)), "")


def _query_token(query: dict[str, list[str]]) -> str:
    return query.get("token", [""])[0] if conf.get("ALLOW_QUERY_TOKEN") else ""
