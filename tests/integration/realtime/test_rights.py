"""The re-check of open sockets: what it finds, and that its queries do not grow with the sockets."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proposals.access import ProjectGate
from proposals.models import Company, Project, User
from realtime import rights
from realtime.models import RevokedSignIn
from realtime.rights import Guarded
from realtime.tokens import Identity
from tests.factories import make_company

pytestmark = pytest.mark.django_db

GATE = ProjectGate()


def make_rights(count: int) -> list[Guarded]:
    """Return the rights of as many sockets: each of another user and sign-in session, ten to a company and project."""
    users: list[User] = []
    projects: list[Project] = []
    for _ in range(0, count, 10):
        company = make_company(f"Entreprise {uuid.uuid4()}")
        projects.append(Project(company=company, title="Un marché"))
        users += [User(username=str(uuid.uuid4()), company=company, password="!x") for _ in range(10)]
    Project.objects.bulk_create(projects)
    User.objects.bulk_create(users)
    return [
        Guarded(GATE, (user.pk, projects[number // 10].pk), identify(user).holder) for number, user in enumerate(users)
    ]


def identify(user: User) -> Identity:
    return Identity(user, timezone.now(), uuid.uuid4().hex)


def end_session(right: Guarded) -> None:
    RevokedSignIn.objects.create(sid=right.holder.sid, expires_at=timezone.now() + timedelta(days=1))


def deactivate(right: Guarded) -> None:
    User.objects.filter(pk=right.holder.user_id).update(is_active=False)


def change_password(right: Guarded) -> None:
    User.objects.filter(pk=right.holder.user_id).update(password="!y")


def sign_out(right: Guarded) -> None:
    User.objects.filter(pk=right.holder.user_id).update(sign_in_epoch=1)


def move(right: Guarded) -> None:
    User.objects.filter(pk=right.holder.user_id).update(company=make_company())


def move_by_sql(right: Guarded) -> None:
    elsewhere = make_company()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE proposals_user SET company_id = %s WHERE id = %s",
            [Company._meta.pk.get_db_prep_value(value, connection) for value in (elsewhere.pk, right.holder.user_id)],
        )


@pytest.mark.parametrize("withdraw", [end_session, deactivate, change_password, sign_out, move, move_by_sql])
def test_the_one_whose_right_was_withdrawn_is_found_among_many(withdraw: Callable[[Guarded], None]) -> None:
    everybody = make_rights(20)

    withdraw(everybody[7])

    assert rights.filter_standing(everybody) == {right for right in everybody if right is not everybody[7]}


def test_a_deleted_project_takes_all_its_watchers_along() -> None:
    everybody = make_rights(20)

    Project.objects.get(pk=everybody[0].watcher[1]).delete()

    assert rights.filter_standing(everybody) == set(everybody[10:])


def test_a_check_costs_as_many_queries_for_2000_sockets_as_for_20(note_figure: Callable[..., None]) -> None:
    few, many = make_rights(20), make_rights(2000)

    with CaptureQueriesContext(
        connection,
    ) as for_few:
        rights.filter_standing(few)
    with CaptureQueriesContext(connection) as for_many:
        started = time.perf_counter()
        standing = rights.filter_standing(many)
        took = time.perf_counter() - started

    assert standing == set(many)
    assert len(for_many) == len(for_few) == 3
    what = f"{len(many)} sockets in {len(for_many)} queries, {took * 1000:.0f} ms"
    note_figure("T19", "one re-check", asked="queries do not grow with sockets", measured=what)


def test_more_than_a_query_can_hold_is_checked_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "BATCH", 8)
    everybody = make_rights(20)
    deactivate(everybody[19])

    with CaptureQueriesContext(connection) as queries:
        standing = rights.filter_standing(everybody)

    assert standing == set(everybody[:19])
    assert len(queries) == 3 * 3
