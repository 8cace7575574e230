"""Operations over REST."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from proposals import jobs, queue
from proposals.models import Operation, Project
from tests.factories import Cast, make_document, make_operation

pytestmark = pytest.mark.django_db(transaction=True)

Status = Operation.Status


@pytest.fixture
def ready(project: Project) -> Project:
    """A project with an RC."""
    make_document(project)
    return project


def start(client: APIClient, project: Project, *, kind: str = "rc_analysis", key: str | None = None) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(f"/api/projects/{project.id}/operations/", {"kind": kind}, headers=headers)


def assert_conflict(response: Any, code: str) -> dict[str, Any]:
    assert response.status_code == 409
    assert response.json()["error"]["code"] == code
    return dict(response.json()["error"])


def test_a_start_is_accepted_queued_and_found_again(alice: APIClient, ready: Project) -> None:
    queue.wakeup.clear()

    response = start(alice, ready)

    assert response.status_code == 202
    assert queue.wakeup.is_set()
    again = alice.get(response.headers["Location"])
    assert again.json() == response.json()
    instant = response.json()["created_at"]
    assert instant.endswith("Z")
    assert response.json() == {
        "id": response.json()["id"],
        "project_id": str(ready.id),
        "kind": "rc_analysis",
        "status": "pending",
        "attempt": 0,
        "progress": 0,
        "eta_seconds": None,
        "step": None,
        "error": None,
        "result": None,
        "requested_by": "alice",
        "created_at": instant,
        "started_at": None,
        "finished_at": None,
    }


def test_the_same_key_is_the_same_operation(alice: APIClient, ready: Project) -> None:
    first, second = start(alice, ready, key="abc"), start(alice, ready, key="abc")

    assert (first.status_code, second.status_code) == (202, 200)
    assert second.json()["id"] == first.json()["id"]
    assert Operation.objects.count() == 1


def test_a_key_used_for_another_kind_is_a_conflict(alice: APIClient, ready: Project) -> None:
    start(alice, ready, key="abc")

    assert_conflict(start(alice, ready, kind="matching", key="abc"), "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "x" * 101, "avec espace", "é"])
def test_a_bad_key_is_named(alice: APIClient, ready: Project, key: str) -> None:
    response = start(alice, ready, key=key)

    assert response.status_code == 400
    assert set(response.json()["error"]["details"]) == {"Idempotency-Key"}


def test_a_second_start_names_the_one_that_runs(alice: APIClient, ready: Project) -> None:
    running = start(alice, ready).json()

    error = assert_conflict(start(alice, ready), "operation_already_running")
    assert error["details"] == {"operation_id": [running["id"]]}


def test_a_project_without_rc_cannot_be_analysed(alice: APIClient, project: Project) -> None:
    assert_conflict(start(alice, project), "document_missing")


def test_a_kind_that_this_installation_does_not_run_is_422(
    alice: APIClient, ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(jobs.JOBS, "rc_analysis")

    response = start(alice, ready)

    assert (response.status_code, response.json()["error"]["code"]) == (422, "kind_not_available")


def test_an_unknown_kind_is_refused(alice: APIClient, ready: Project) -> None:
    response = start(alice, ready, kind="cuisine")

    assert response.status_code == 400
    assert set(response.json()["error"]["details"]) == {"kind"}


def test_operations_are_listed_newest_first_and_filtered(alice: APIClient, project: Project) -> None:
    make_operation(project, status=Status.FAILED)
    make_operation(project, kind="matching", status=Status.SUCCEEDED)
    make_operation(project, status=Status.RUNNING)

    def statuses(query: str = "") -> list[str]:
        rows = alice.get(f"/api/projects/{project.id}/operations/{query}").json()["results"]
        return [row["status"] for row in rows]

    assert statuses() == ["running", "succeeded", "failed"]
    assert statuses("?kind=rc_analysis") == ["running", "failed"]
    assert statuses("?status=failed") == ["failed"]
    assert statuses("?kind=matching&status=failed") == []


def test_a_waiting_operation_is_cancelled_at_once(alice: APIClient, project: Project) -> None:
    operation = make_operation(project)

    response = alice.post(f"/api/operations/{operation.id}/cancel/")

    assert response.status_code == 202
    assert response.json()["status"] == "cancelled"
    assert response.json()["error"]["code"] == "cancelled"


def test_a_running_operation_is_asked_to_stop(alice: APIClient, project: Project) -> None:
    operation = make_operation(project, status=Status.RUNNING, attempt=1, lease_until=timezone.now())

    first = alice.post(f"/api/operations/{operation.id}/cancel/")
    second = alice.post(f"/api/operations/{operation.id}/cancel/")

    assert [first.json()["status"], second.json()["status"]] == ["cancelling", "cancelling"]


def test_a_finished_operation_is_not_cancelled(alice: APIClient, project: Project) -> None:
    operation = make_operation(project, status=Status.SUCCEEDED)

    assert_conflict(alice.post(f"/api/operations/{operation.id}/cancel/"), "not_cancellable")


def test_a_failed_operation_is_retried(alice: APIClient, project: Project) -> None:
    error = {"code": "worker_lost", "error": "Interrompue.", "retryable": True}
    operation = make_operation(project, status=Status.FAILED, attempt=3, error=error)
    assert alice.get(f"/api/operations/{operation.id}/").json()["error"] == error

    response = alice.post(f"/api/operations/{operation.id}/retry/")

    assert response.status_code == 202
    assert (response.json()["status"], response.json()["error"]) == ("pending", None)


@pytest.mark.parametrize("status", [Status.PENDING, Status.RUNNING])
def test_a_second_retry_changes_nothing(alice: APIClient, project: Project, status: str) -> None:
    operation = make_operation(project, status=status)

    response = alice.post(f"/api/operations/{operation.id}/retry/")

    assert (response.status_code, response.json()["status"]) == (202, status)


@pytest.mark.parametrize("status", [Status.CANCELLING, Status.SUCCEEDED])
def test_an_operation_that_did_not_fail_is_not_retried(alice: APIClient, project: Project, status: str) -> None:
    operation = make_operation(project, status=status)

    assert_conflict(alice.post(f"/api/operations/{operation.id}/retry/"), "not_retryable")


def test_a_list_costs_the_same_for_few_and_many(
    alice: APIClient, project: Project, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_operation(project, status=Status.SUCCEEDED, requested_by=cast.bob)

    with django_assert_max_num_queries(3):  # the user, the project, the page
        assert len(alice.get(f"/api/projects/{project.id}/operations/").json()["results"]) == 30


def test_an_operation_that_does_not_exist_is_404(alice: APIClient) -> None:
    for action in ("", "cancel/", "retry/"):
        response = alice.generic("POST" if action else "GET", f"/api/operations/{uuid.uuid4()}/{action}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("extra", [{"parameters": {"section_ids": []}}, {"sections": []}])
def test_an_unknown_field_starts_nothing(alice: APIClient, ready: Project, extra: dict[str, Any]) -> None:
    response = alice.post(f"/api/projects/{ready.id}/operations/", {"kind": "generation", **extra}, format="json")

    assert response.status_code == 400
    assert set(response.json()["error"]["details"]) == set(extra)
    assert not Operation.objects.exists()
