"""
Where access tokens come from: one that was given, or a user who signs in by REST and stays signed in.

Source: PROTOCOL.md, "Connecting" and "Token refresh".
"""

from __future__ import annotations

import logging
from typing import Any, Protocol

import httpx

from realtime.close_codes import Reason
from realtime.terminal.address import ServerAddress
from realtime.terminal.errors import NotThisService, ServerUnreachable, SignInRefused, SocketRefused

OBTAIN_PATH = "/api/auth/token/"
REFRESH_PATH = "/api/auth/token/refresh/"
HTTP_TIMEOUT_SECONDS = 30.0
#: Answers of a server that is there but cannot serve now: too many requests, restarting, a proxy without a server.
_LATER = frozenset({429, 500, 502, 503, 504})
_REFUSED = frozenset({400, 401, 403})


def open_http(address: ServerAddress) -> httpx.AsyncClient:
    """Return a client for the REST side of a server; close it (`async with`)."""
    # Each request would be a line of the log in the middle of the bars.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return httpx.AsyncClient(base_url=address.http, timeout=HTTP_TIMEOUT_SECONDS, trust_env=not address.is_local)


class TokenProvider(Protocol):
    """Gives access tokens."""

    async def __call__(self, *, fresh: bool) -> str:
        """
        Return an access token.

        Args:
            fresh: the one given before has expired or is about to.

        Raises:
            ServerUnreachable: none can be had now; ask again later.
            TerminalError: none can be had at all.
        """


class GivenToken:
    """A token that was given once and cannot be renewed."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, *, fresh: bool) -> str:
        """Return the token. Raises SocketRefused when another one is needed."""
        if fresh:
            raise SocketRefused(Reason.TOKEN_EXPIRED)
        return self._token


class SignedInUser:
    """
    A user who signs in with name and password and renews the token as long as needed.

    Args:
        http: a client whose base URL is the server's.
    """

    def __init__(self, http: httpx.AsyncClient, *, username: str, password: str) -> None:
        self._http = http
        self._credentials = {"username": username, "password": password}
        self._access = ""
        self._refresh = ""

    async def __call__(self, *, fresh: bool) -> str:
        """Return an access token. Raises SignInRefused, NotThisService, ServerUnreachable."""
        if fresh or not self._access:
            await self._renew()
        return self._access

    async def _renew(self) -> None:
        answer = await self._post(REFRESH_PATH, {"refresh": self._refresh}) if self._refresh else None
        if answer is None or answer.status_code in _REFUSED:  # the refresh token ends too
            answer = await self._post(OBTAIN_PATH, self._credentials)
        self._take(self._checked(answer))

    async def _post(self, path: str, body: dict[str, str]) -> httpx.Response:
        try:
            return await self._http.post(path, json=body)
        except httpx.TransportError as error:
            raise ServerUnreachable(str(self._http.base_url)) from error

    def _checked(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code in _LATER:
            raise ServerUnreachable(str(self._http.base_url))
        if answer.status_code in _REFUSED:
            raise SignInRefused
        try:
            tokens = answer.raise_for_status().json()
        except (httpx.HTTPStatusError, ValueError) as error:
            raise NotThisService(str(self._http.base_url)) from error
        if not isinstance(tokens, dict) or not isinstance(tokens.get("access"), str):
            raise NotThisService(str(self._http.base_url))
        return tokens

    def _take(self, tokens: dict[str, Any]) -> None:
        self._access = tokens["access"]
        self._refresh = tokens.get("refresh", self._refresh)
