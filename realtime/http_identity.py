"""
Who asks over HTTP, for the ASGI applications beside Django: a ticket, a JWT, or a session of the pages.

Source: PROTOCOL.md, "Over HTTP"; RFC 6750 (Bearer).
"""

from __future__ import annotations

from typing import Any

from realtime import database, page_sessions, tokens
from realtime.middleware import find_credential
from realtime.tokens import Identity


async def identify(scope: dict[str, Any]) -> Identity:
    """
    Return who asks. A credential goes before the cookie, and a ticket is used up.

    Raises:
        AuthenticationFailed: with the reason to send.
    """
    credential = find_credential(scope)
    session_key = page_sessions.find_session_key(scope)
    if session_key and not credential:
        return await database.run(page_sessions.authenticate, session_key)
    return await database.run(tokens.authenticate, credential)
