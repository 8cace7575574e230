"""Log-in by JWT."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from tests.factories import PASSWORD, Cast
from tests.integration.api.conftest import Login

anonymous = APIClient()


def obtain(username: str = "alice", password: str = PASSWORD) -> dict[str, str]:
    response = anonymous.post("/api/auth/token/", {"username": username, "password": password})
    assert response.status_code == 200
    return dict(response.json())


def test_a_password_gives_a_token_whose_subject_is_the_user(cast: Cast) -> None:
    tokens = obtain()

    assert AccessToken(tokens["access"])["sub"] == str(cast.alice.id)  # type: ignore[arg-type]
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    assert client.get("/api/me/").json()["username"] == "alice"


@pytest.mark.parametrize(("username", "password"), [("alice", "faux"), ("personne", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(cast: Cast, username: str, password: str) -> None:
    response = anonymous.post("/api/auth/token/", {"username": username, "password": password})

    assert response.status_code == 401
    assert response.json() == {
        "error": {
            "code": "invalid_credentials",
            "message": "Identifiant ou mot de passe incorrect.",
            "details": None,
        }
    }


def test_missing_fields_are_named(db: None) -> None:
    response = anonymous.post("/api/auth/token/", {"username": "alice"})

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid"
    assert set(response.json()["error"]["details"]) == {"password"}


def test_a_refresh_token_serves_once(cast: Cast) -> None:
    tokens = obtain()

    first = anonymous.post("/api/auth/token/refresh/", {"refresh": tokens["refresh"]})
    second = anonymous.post("/api/auth/token/refresh/", {"refresh": tokens["refresh"]})

    assert first.status_code == 200
    assert set(first.json()) == {"access", "refresh"}
    assert (second.status_code, second.json()["error"]["code"]) == (401, "token_invalid")


def test_a_new_password_ends_refresh_and_access(cast: Cast) -> None:
    tokens = obtain()
    cast.alice.set_password("encore-un-mot-de-passe")
    cast.alice.save()

    refreshed = anonymous.post("/api/auth/token/refresh/", {"refresh": tokens["refresh"]})
    used = APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}").get("/api/me/")

    assert (refreshed.status_code, refreshed.json()["error"]["code"]) == (401, "token_invalid")
    assert (used.status_code, used.json()["error"]["code"]) == (401, "token_invalid")


def test_a_deleted_user_cannot_refresh(cast: Cast) -> None:
    tokens = obtain()
    cast.alice.delete()

    response = anonymous.post("/api/auth/token/refresh/", {"refresh": tokens["refresh"]})

    assert (response.status_code, response.json()["error"]["code"]) == (401, "token_invalid")


def test_a_deactivated_user_is_told_so_everywhere(cast: Cast) -> None:
    tokens = obtain()
    cast.alice.is_active = False
    cast.alice.save()

    used = APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}").get("/api/me/")
    refreshed = anonymous.post("/api/auth/token/refresh/", {"refresh": tokens["refresh"]})

    assert (used.status_code, used.json()["error"]["code"]) == (401, "user_inactive")
    assert (refreshed.status_code, refreshed.json()["error"]["code"]) == (401, "user_inactive")


def test_a_blacklisted_token_neither_refreshes_nor_verifies(cast: Cast) -> None:
    refresh = obtain()["refresh"]

    assert anonymous.post("/api/auth/token/verify/", {"token": refresh}).status_code == 200
    assert anonymous.post("/api/auth/token/blacklist/", {"refresh": refresh}).status_code == 200

    for path, field in (("verify", "token"), ("refresh", "refresh"), ("blacklist", "refresh")):
        response = anonymous.post(f"/api/auth/token/{path}/", {field: refresh})
        assert (response.status_code, response.json()["error"]["code"]) == (401, "token_invalid"), path


@pytest.mark.parametrize("token", ["n'importe quoi", "a.b.c", "\x00"])
@pytest.mark.parametrize(("path", "field"), [("verify", "token"), ("refresh", "refresh"), ("blacklist", "refresh")])
def test_nonsense_is_no_token(db: None, path: str, field: str, token: str) -> None:
    response = anonymous.post(f"/api/auth/token/{path}/", {field: token})

    assert response.status_code in {400, 401}
    assert response.json()["error"]["code"] in {"invalid", "token_invalid"}


def test_a_refresh_token_opens_no_endpoint(cast: Cast) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {RefreshToken.for_user(cast.alice)}")

    response = client.get("/api/me/")

    assert (response.status_code, response.json()["error"]["code"]) == (401, "token_invalid")


def test_an_expired_token_opens_no_endpoint(cast: Cast) -> None:
    token = AccessToken.for_user(cast.alice)
    token.set_exp(lifetime=-timedelta(seconds=1))

    response = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}").get("/api/me/")

    assert (response.status_code, response.json()["error"]["code"]) == (401, "token_invalid")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_log_ins_are_limited(cast: Cast) -> None:
    responses = [anonymous.post("/api/auth/token/", {"username": "alice", "password": "faux"}) for _ in range(21)]

    assert {response.status_code for response in responses[:20]} == {401}
    assert responses[20].status_code == 429
    assert responses[20].json()["error"]["code"] == "throttled"
    assert int(responses[20].headers["Retry-After"]) > 0


def test_me_tells_the_company_and_the_role(cast: Cast, login: Login) -> None:
    response = login(cast.alice).get("/api/me/")

    assert response.json() == {
        "id": str(cast.alice.id),
        "username": "alice",
        "display_name": "alice",
        "email": "alice@exemple.fr",
        "role": "admin",
        "company": {"id": str(cast.company_a.id), "name": "Entreprise A"},
    }
