"""Signing users out everywhere, and what the admin's own ways to withdraw access tell the servers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from proposals.models import Project, User
from realtime import revocation
from realtime.authentication import SignInAuthentication
from realtime.sign_ins import begin
from tests.factories import Cast, make_project, make_user

NEW_PASSWORD = "une-phrase-neuve-et-longue"


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was broadcast to all processes."""
    messages: list[str] = []
    monkeypatch.setattr("realtime.revocation.broadcaster.send", lambda group, message: messages.append(message["type"]))
    return messages


def run_action(admin: Client, model: str, action: str, rows: list[Any], **fields: str) -> Any:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows], **fields}
    return admin.post(f"/admin/proposals/{model}/", data, follow=True)


def test_the_action_signs_out_those_who_were_chosen(admin: Client, cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.bob)

    page = run_action(admin, "user", "sign_out_everywhere", [cast.bob])

    assert "Déconnectés partout : bob." in page.content.decode()
    assert browser.get("/").status_code == 302
    assert list(User.objects.filter(sign_in_epoch=1)) == [cast.bob]
    assert admin.get("/admin/").status_code == 200


def test_somebody_may_sign_in_again_at_once(cast: Cast) -> None:
    cast.bob.sign_out_everywhere()
    cast.bob.refresh_from_db()

    assert SignInAuthentication().get_user(begin(cast.bob).access_token) == cast.bob


def sign_out(admin: Client, cast: Cast, project: Project) -> None:
    run_action(admin, "user", "sign_out_everywhere", [cast.bob])


def delete_users(admin: Client, cast: Cast, project: Project) -> None:
    run_action(admin, "user", "delete_selected", [make_user(company=cast.company_b)], post="yes")


def delete_project(admin: Client, cast: Cast, project: Project) -> None:
    project.delete()


def move_project(admin: Client, cast: Cast, project: Project) -> None:
    data = {"company": cast.company_b.pk, "title": project.title, "status": project.status}
    forms = {"documents-TOTAL_FORMS": 0, "documents-INITIAL_FORMS": 0}
    admin.post(f"/admin/proposals/project/{project.pk}/change/", {**data, **forms})
    assert Project.objects.get().company == cast.company_b


def set_password(admin: Client, cast: Cast, project: Project) -> None:
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}
    admin.post(f"/admin/proposals/user/{cast.bob.pk}/password/", data)
    assert User.objects.get(username="bob").check_password(NEW_PASSWORD)


def change_own_password(admin: Client, cast: Cast, project: Project) -> None:
    cast.admin.set_password("ancien-mot-de-passe-long")
    cast.admin.save()
    admin.force_login(cast.admin)
    passwords = {"old_password": "ancien-mot-de-passe-long", "new_password1": NEW_PASSWORD}
    admin.post("/admin/password_change/", {**passwords, "new_password2": NEW_PASSWORD})
    assert User.objects.get(username="admin").check_password(NEW_PASSWORD)


def run_changepassword(admin: Client, cast: Cast, project: Project) -> None:
    call_command("changepassword", "bob", stdout=io.StringIO())
    assert User.objects.get(username="bob").check_password(NEW_PASSWORD)


def log_out(admin: Client, cast: Cast, project: Project) -> None:
    admin.post("/admin/logout/")


@pytest.mark.parametrize(
    "withdraw",
    [
        sign_out,
        delete_users,
        delete_project,
        move_project,
        set_password,
        change_own_password,
        run_changepassword,
        log_out,
    ],
)
@pytest.mark.django_db(transaction=True)
def test_every_way_to_withdraw_access_tells_all_processes(
    admin: Client,
    cast: Cast,
    announced: list[str],
    monkeypatch: pytest.MonkeyPatch,
    withdraw: Callable[[Client, Cast, Project], None],
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda **_: NEW_PASSWORD)
    project = make_project(cast.company_a)
    announced.clear()

    withdraw(admin, cast, project)

    assert set(announced) == {revocation.MESSAGE_TYPE}


@pytest.mark.django_db(transaction=True)
def test_signing_in_tells_nobody(cast: Cast, announced: list[str]) -> None:
    announced.clear()

    Client().force_login(cast.bob)

    assert announced == []
