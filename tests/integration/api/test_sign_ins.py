"""Sign-in sessions over REST and pages: what a log-out ends, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from proposals.models import User
from realtime import sign_ins, tokens
from realtime.close_codes import Reason
from realtime.exceptions import AuthenticationFailed
from realtime.models import RevokedSignIn
from tests.factories import PASSWORD, Cast

anonymous = APIClient()


def obtain() -> dict[str, str]:
    return dict(anonymous.post("/api/auth/token/", {"username": "alice", "password": PASSWORD}).json())


def renew(refresh: str) -> dict[str, str]:
    return dict(anonymous.post("/api/auth/token/refresh/", {"refresh": refresh}).json())


def log_out(refresh: str) -> None:
    assert anonymous.post("/api/auth/token/blacklist/", {"refresh": refresh}).status_code == 200


def with_token(access: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {access}")


def ticket_of(client: APIClient) -> str:
    return str(client.post("/api/realtime/tickets/").json()["ticket"])


def refusal(credential: str) -> Reason:
    with pytest.raises(AuthenticationFailed) as caught:
        tokens.authenticate(credential)
    return caught.value.reason


@pytest.fixture
def browser(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def browser_ticket(browser: Client) -> str:
    return str(browser.post("/api/realtime/tickets/").json()["ticket"])


def test_the_session_is_kept_over_every_renewal_and_by_tickets(cast: Cast) -> None:
    first, other = obtain(), obtain()
    second = renew(first["refresh"])

    sids = {tokens.authenticate(pair["access"]).sid for pair in (first, second)}
    sids.add(tokens.authenticate(ticket_of(with_token(second["access"]))).sid)

    assert len(sids) == 1
    assert tokens.authenticate(other["access"]).sid not in sids | {""}


def test_a_log_out_ends_everything_that_came_of_the_log_in(cast: Cast) -> None:
    first = obtain()
    second = renew(first["refresh"])
    ticket = ticket_of(with_token(second["access"]))

    log_out(second["refresh"])

    for access in (first["access"], second["access"]):
        used = with_token(access).get("/api/me/")
        assert (used.status_code, used.json()["error"]["code"]) == (401, "token_invalid")
        assert anonymous.post("/api/auth/token/verify/", {"token": access}).status_code == 401
        assert refusal(access) is Reason.TOKEN_INVALID
    assert anonymous.post("/api/auth/token/refresh/", {"refresh": second["refresh"]}).status_code == 401
    assert refusal(ticket) is Reason.TOKEN_INVALID


def test_a_log_out_leaves_the_user_s_other_log_ins_alone(cast: Cast, browser: Client) -> None:
    ended, other = obtain(), obtain()
    ticket = browser_ticket(browser)

    log_out(ended["refresh"])

    assert with_token(other["access"]).get("/api/me/").status_code == 200
    assert set(renew(other["refresh"])) == {"access", "refresh"}
    assert tokens.authenticate(ticket).user == cast.alice


def test_tokens_made_by_code_belong_to_no_session_and_can_be_blacklisted(cast: Cast) -> None:
    token = RefreshToken.for_user(cast.alice)

    log_out(str(token))

    assert tokens.authenticate(str(token.access_token)).sid == ""
    assert not RevokedSignIn.objects.exists()


@pytest.mark.parametrize("address", ["/deconnexion/", "/admin/logout/"])
def test_a_log_out_of_the_pages_ends_their_tickets(cast: Cast, browser: Client, address: str) -> None:
    User.objects.update(is_staff=True)  # whom the admin lets log out
    ticket = browser_ticket(browser)

    assert browser.post(address).status_code == 302

    assert refusal(ticket) is Reason.TOKEN_INVALID
    assert browser.post("/api/realtime/tickets/").status_code == 401


def test_a_log_in_as_somebody_else_ends_the_tickets_of_the_first(cast: Cast, browser: Client) -> None:
    ticket = browser_ticket(browser)

    browser.post("/admin/login/", {"username": "admin", "password": PASSWORD})

    assert browser.get("/admin/").status_code == 200
    assert refusal(ticket) is Reason.TOKEN_INVALID


def test_a_visitor_s_session_ends_without_a_row(cast: Cast) -> None:
    Client().post("/deconnexion/")

    assert not RevokedSignIn.objects.exists()


def test_signing_out_everywhere_ends_pages_tokens_and_tickets_and_lets_sign_in_again(
    cast: Cast, browser: Client
) -> None:
    pair, unnamed = obtain(), AccessToken.for_user(cast.alice)
    waiting = [ticket_of(with_token(pair["access"])), browser_ticket(browser)]

    cast.alice.sign_out_everywhere()

    assert [refusal(credential) for credential in (*waiting, pair["access"], str(unnamed))] == (
        [Reason.TOKEN_INVALID] * 4
    )
    assert with_token(pair["access"]).get("/api/me/").status_code == 401
    assert anonymous.post("/api/auth/token/refresh/", {"refresh": pair["refresh"]}).status_code == 401
    assert browser.get("/").status_code == 302
    assert with_token(obtain()["access"]).get("/api/me/").status_code == 200
    assert tokens.filter_holders([tokens.authenticate(obtain()["access"]).holder])


def test_signing_out_everywhere_does_not_touch_a_colleague(cast: Cast) -> None:
    token = AccessToken.for_user(cast.bob)

    cast.alice.sign_out_everywhere()

    assert with_token(str(token)).get("/api/me/").status_code == 200


def test_a_ticket_from_before_a_new_password_opens_nothing(cast: Cast) -> None:
    ticket = ticket_of(with_token(obtain()["access"]))
    User.objects.filter(pk=cast.alice.pk).update(password=make_password("encore-un-mot-de-passe"))

    assert refusal(ticket) is Reason.TOKEN_INVALID


def test_an_ended_session_is_kept_until_its_last_token_would_have_expired(db: None) -> None:
    now = timezone.now()
    sign_ins.revoke("a", until=now + timedelta(days=400))
    sign_ins.revoke("b")
    sign_ins.revoke("b")

    ends = dict(RevokedSignIn.objects.values_list("sid", "expires_at"))

    assert ends["a"] > now + timedelta(days=400)
    assert ends["b"] > now + timedelta(days=14)


def test_rows_of_sessions_that_no_token_can_belong_to_any_more_are_deleted(db: None) -> None:
    sign_ins.revoke("old")
    RevokedSignIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    sign_ins.revoke("new")

    assert set(RevokedSignIn.objects.values_list("sid", flat=True)) == {"new"}
