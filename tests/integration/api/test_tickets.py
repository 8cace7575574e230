"""Tickets over REST: by JWT and by session, never living longer than what asked for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from realtime import tokens
from realtime.exceptions import AuthenticationFailed
from tests.factories import Cast
from tests.integration.api.conftest import Login


def obtain(client: APIClient) -> dict[str, Any]:
    response = client.post("/api/realtime/tickets/")
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    return dict(response.json())


def test_a_ticket_opens_for_its_owner_once(cast: Cast, login: Login) -> None:
    body = obtain(login(cast.alice))

    assert set(body) == {"ticket", "expires_in_seconds"}
    assert body["expires_in_seconds"] == 30
    assert tokens.authenticate(body["ticket"]).user == cast.alice
    with pytest.raises(AuthenticationFailed):
        tokens.authenticate(body["ticket"])


def test_a_ticket_of_a_jwt_ends_with_the_jwt(cast: Cast) -> None:
    access = AccessToken.for_user(cast.alice)
    access.set_exp(lifetime=timedelta(seconds=90))
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {access}")

    identity = tokens.authenticate(obtain(client)["ticket"])

    assert identity.expires_at == datetime.fromtimestamp(access["exp"], tz=UTC)


def session_client(cast: Cast) -> APIClient:
    client = APIClient()
    client.force_login(cast.alice)
    return client


def test_a_ticket_of_a_session_lasts_as_long_as_a_token_would(cast: Cast, settings: Any) -> None:
    before = timezone.now()

    identity = tokens.authenticate(obtain(session_client(cast))["ticket"])

    lifetime = settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
    assert before + lifetime <= identity.expires_at <= timezone.now() + lifetime


def test_a_ticket_of_a_session_does_not_outlive_it(cast: Cast) -> None:
    client = session_client(cast)
    end = timezone.now() + timedelta(seconds=40)
    Session.objects.update(expire_date=end)

    assert tokens.authenticate(obtain(client)["ticket"]).expires_at == end


def test_a_session_needs_its_csrf_token(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.alice)

    assert client.post("/api/realtime/tickets/").status_code == 403


def test_tickets_are_limited_per_user(cast: Cast, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"user": "1000/min", "anon": "60/min", "tickets": "2/min"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)
    alice, bob = login(cast.alice), login(cast.bob)

    statuses = [alice.post("/api/realtime/tickets/").status_code for _ in range(3)]

    assert statuses == [201, 201, 429]
    assert bob.post("/api/realtime/tickets/").status_code == 201
