"""Tokens of a user who signs in by REST."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from realtime.terminal.errors import NotThisService, ServerUnreachable, SignInRefused
from realtime.terminal.tokens import SignedInUser

Answer = Callable[[httpx.Request], httpx.Response]


def make_user(answer: Answer) -> SignedInUser:
    http = httpx.AsyncClient(base_url="http://server", transport=httpx.MockTransport(answer))
    return SignedInUser(http, username="alice", password="secret")


class TokenServer:
    """Gives numbered tokens; refuses refresh tokens that were used."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.refuses_refresh = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append((request.url.path, json.loads(request.content)))
        if request.url.path.endswith("refresh/") and self.refuses_refresh:
            return httpx.Response(401, json={"error": {"code": "token_not_valid"}})
        number = len(self.requests)
        return httpx.Response(200, json={"access": f"access-{number}", "refresh": f"refresh-{number}"})

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]


async def test_the_first_token_comes_from_name_and_password_and_is_kept() -> None:
    server = TokenServer()
    user = make_user(server)

    tokens = [await user(fresh=False), await user(fresh=False)]

    assert tokens == ["access-1", "access-1"]
    assert server.requests == [("/api/auth/token/", {"username": "alice", "password": "secret"})]


async def test_a_fresh_token_comes_from_the_newest_refresh_token() -> None:
    server = TokenServer()
    user = make_user(server)

    tokens = [await user(fresh=False), await user(fresh=True), await user(fresh=True)]

    assert tokens == ["access-1", "access-2", "access-3"]
    assert server.requests[1:] == [
        ("/api/auth/token/refresh/", {"refresh": "refresh-1"}),
        ("/api/auth/token/refresh/", {"refresh": "refresh-2"}),
    ]


async def test_a_refused_refresh_token_is_followed_by_a_new_sign_in() -> None:
    server = TokenServer()
    user = make_user(server)
    await user(fresh=False)
    server.refuses_refresh = True

    token = await user(fresh=True)

    assert token == "access-3"
    assert server.paths == ["/api/auth/token/", "/api/auth/token/refresh/", "/api/auth/token/"]


def refuse_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda request: httpx.Response(401), SignInRefused),
        (lambda request: httpx.Response(503), ServerUnreachable),
        (lambda request: httpx.Response(429), ServerUnreachable),
        (lambda request: httpx.Response(404), NotThisService),
        (lambda request: httpx.Response(200, text="<html>"), NotThisService),
        (lambda request: httpx.Response(200, json=["access"]), NotThisService),
        (refuse_connection, ServerUnreachable),
    ],
)
async def test_every_failure_to_sign_in_has_its_own_error(answer: Answer, error: type[Exception]) -> None:
    user = make_user(answer)

    with pytest.raises(error):
        await user(fresh=False)
