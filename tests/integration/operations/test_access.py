"""What the domain answers to delivery: nobody watches or steers after access was withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from proposals import operations
from proposals.access import ProjectGate
from proposals.models import Company, Operation, Project, User
from realtime.exceptions import CommandRejected
from tests.fakes import ScriptedJob

pytestmark = pytest.mark.django_db


def test_all_watchers_are_checked_in_one_query(
    project: Project, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = Project.objects.create(company=Company.objects.create(name="B"), title="Autre")
    pairs = {(alice.id, project.id), (alice.id, other.id), (alice.id, uuid.uuid4()), (uuid.uuid4(), project.id)}

    with django_assert_num_queries(1):
        allowed = ProjectGate().filter_watchers(pairs)

    assert allowed == {(alice.id, project.id)}


@pytest.mark.parametrize("change", [{"is_active": False}, {"company": None}])
def test_a_user_whose_access_was_withdrawn_neither_watches_nor_steers(
    project: Project, alice: User, script: Callable[..., ScriptedJob], change: dict[str, object]
) -> None:
    script()
    operation, _ = operations.start(project=project, kind=Operation.Kind.RC_ANALYSIS, by=alice)
    gate = ProjectGate()
    assert gate.can_watch(user=alice, project_id=project.id)

    User.objects.filter(id=alice.id).update(**change)

    assert not gate.can_watch(user=alice, project_id=project.id)
    with pytest.raises(CommandRejected, match="n'existe pas"):
        gate.cancel(user=alice, project_id=project.id, operation_id=operation.id)
