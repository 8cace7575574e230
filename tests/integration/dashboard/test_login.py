"""Log in, log out, and where one lands."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, Cast

LOGIN = "/connexion/"


def test_a_person_signs_in_and_lands_on_the_list(cast: Cast, client: Client) -> None:
    response = client.post(LOGIN, {"username": "alice", "password": PASSWORD})

    assert response.status_code == 302
    assert response.headers["Location"] == reverse("project-list")


def test_a_wrong_password_is_refused_in_french(cast: Cast, client: Client) -> None:
    response = client.post(LOGIN, {"username": "alice", "password": "autre chose"})

    assert response.status_code == 200
    assert "Identifiant ou mot de passe incorrect." in response.content.decode()


def test_one_lands_on_the_page_one_came_for(cast: Cast, client: Client) -> None:
    response = client.post(f"{LOGIN}?next=/projects/new/", {"username": "alice", "password": PASSWORD})

    assert response.headers["Location"] == "/projects/new/"


@pytest.mark.parametrize("address", ["https://ailleurs.exemple/", "//ailleurs.exemple/", "javascript:alert(1)"])
def test_a_foreign_address_is_never_followed_after_signing_in(address: str, cast: Cast, client: Client) -> None:
    response = client.post(LOGIN, {"username": "alice", "password": PASSWORD, "next": address})

    assert response.headers["Location"] == reverse("project-list")


def test_somebody_signed_in_has_no_business_on_the_login_page(alice: Client) -> None:
    response = alice.get(LOGIN)

    assert response.status_code == 302


def test_signing_out_needs_a_post_and_ends_the_session(alice: Client) -> None:
    by_link = alice.get(reverse("logout"))
    by_form = alice.post(reverse("logout"))

    assert by_link.status_code == 405
    assert by_form.headers["Location"] == reverse("login")
    assert alice.get("/").status_code == 302


def test_forms_are_protected_against_forged_requests(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)

    response = client.post(reverse("project-create"), {"title": "Forgé"})

    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()
