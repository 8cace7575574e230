"""Commands and state over HTTP: what the socket says, in one request."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle

from proposals.access import ProjectGate
from proposals.models import Operation, Project
from realtime import eventlog, http_commands, tokens, topics
from realtime.consumers import NotificationConsumer, ProjectConsumer
from realtime.progress import ProgressUpdater
from tests.factories import Cast, make_operation, make_project
from tests.integration.api.conftest import Login
from tests.integration.over_http.conftest import tell


def send(client: APIClient, project: Project, body: str | bytes, **options: Any) -> Any:
    kind = options.pop("content_type", "application/json")
    address = f"/api/projects/{project.id}/commands/"
    return client.generic("POST", address, body, content_type=kind, **options)  # type: ignore[arg-type]  # bytes too


def command(client: APIClient, project: Project, **fields: Any) -> dict[str, Any]:
    response = send(client, project, json.dumps(fields))
    assert response.status_code == 200
    return dict(response.json())


@pytest.fixture
def running(project: Project) -> Operation:
    """An operation at work."""
    return make_operation(project, status=Operation.Status.RUNNING, attempt=1)


def test_an_operation_is_cancelled_and_the_reply_is_the_frame_of_the_socket(
    alice: APIClient, project: Project, running: Operation
) -> None:
    reply = command(alice, project, type="cancel", id="c-1", operation_id=str(running.id))

    assert reply == {
        "type": "reply",
        "id": "c-1",
        "ok": True,
        "result": {"operation_id": str(running.id), "status": "cancelling"},
    }
    running.refresh_from_db()
    assert running.status == Operation.Status.CANCELLING


def test_a_retry_out_of_place_is_a_conflict(alice: APIClient, project: Project, cast: Cast) -> None:
    done = make_operation(project, status=Operation.Status.SUCCEEDED)

    reply = command(alice, project, type="retry", id=2, operation_id=str(done.id))

    assert (reply["id"], reply["ok"], reply["error"]["code"]) == (2, False, "conflict")


def test_another_company_s_operation_is_not_found(alice: APIClient, project: Project, cast: Cast) -> None:
    foreign = make_operation(make_project(cast.company_b), status=Operation.Status.RUNNING)

    reply = command(alice, project, type="cancel", operation_id=str(foreign.id))

    assert (reply["id"], reply["ok"], reply["error"]["code"]) == (None, False, "not_found")
    foreign.refresh_from_db()
    assert foreign.status == Operation.Status.RUNNING


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "bad_message"),
        ("{", "bad_message"),
        ("[]", "bad_message"),
        ("ping", "bad_message"),
        (b"\xff\xfe", "bad_message"),
        ('{"type":"' + "x" * 5000 + '"}', "too_large"),
        ("[" * 4000, "bad_message"),
        ('{"type":"teleport"}', "unknown_command"),
        ('{"type":"refresh","token":"ticket.x"}', "unknown_command"),
        ('{"type":"cancel"}', "bad_parameters"),
        ('{"type":"cancel","operation_id":"42"}', "bad_parameters"),
    ],
)
def test_a_bad_command_gets_a_reply(alice: APIClient, project: Project, body: str | bytes, code: str) -> None:
    response = send(alice, project, body)

    assert response.status_code == 200
    assert (response.json()["ok"], response.json()["error"]["code"]) == (False, code)


def test_another_kind_of_body_is_refused(alice: APIClient, project: Project) -> None:
    assert send(alice, project, "type=status", content_type="application/x-www-form-urlencoded").status_code == 415


def test_the_commands_are_those_of_the_socket_but_for_refresh(project: Project, cast: Cast) -> None:
    over_http = {*http_commands.for_project(ProjectGate(), user=cast.alice, project_id=project.id), "status"}

    assert over_http == set(ProjectConsumer(gate=ProjectGate()).handlers) - {"refresh"}


def test_the_state_is_that_of_the_status_command_at_the_head_of_the_log(
    alice: APIClient, project: Project, running: Operation
) -> None:
    ProgressUpdater().send_rc_analysis_progress(project.id, "analyzing", 40, "Lecture")

    state = alice.get(f"/api/projects/{project.id}/state/").json()

    assert state == command(alice, project, type="status")["result"]
    head = eventlog.open_topic(topics.for_project(project.id))
    assert (state["sequence"], state["epoch"]) == (head.sequence, head.epoch)
    assert state["operations"] == ProjectGate().read_state(project_id=project.id)["operations"]


def test_a_session_of_the_pages_needs_its_csrf_token(project: Project, cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.alice)
    browser.get("/")
    token = browser.cookies["csrftoken"].value
    address = f"/api/projects/{project.id}/commands/"

    without = browser.post(address, '{"type":"status"}', content_type="application/json")
    with_it = browser.post(
        address, '{"type":"status"}', content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert (without.status_code, with_it.status_code) == (403, 200)


@pytest.mark.parametrize("path", ["commands/", "state/", "events/"])
def test_a_ticket_serves_one_request(project: Project, cast: Cast, path: str) -> None:
    ends = timezone.now() + timedelta(seconds=60)
    ticket = tokens.issue_ticket(user=cast.alice, session_expires_at=ends)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {ticket}")
    method, body = ("POST", '{"type":"status"}') if path == "commands/" else ("GET", "")

    first, second = (
        client.generic(method, f"/api/projects/{project.id}/{path}", body, content_type="application/json")
        for _ in range(2)
    )

    assert first.status_code == 200
    assert (second.status_code, second.json()["error"]["code"]) == (401, "token_invalid")


def test_a_ticket_opens_no_other_address(cast: Cast) -> None:
    ticket = tokens.issue_ticket(user=cast.alice, session_expires_at=timezone.now() + timedelta(seconds=60))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {ticket}")

    assert client.get("/api/projects/").status_code == 401
    assert tokens.authenticate(ticket).user == cast.alice


def test_commands_have_a_rate_of_their_own(
    login: Login, project: Project, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "commands", "2/min")
    client = login(cast.alice)

    answers = [send(client, project, '{"type":"status"}') for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["error"]["code"] == "throttled"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_django_says_that_it_streams_nothing(alice: APIClient, project: Project) -> None:
    response = alice.get(f"/api/projects/{project.id}/events/stream")

    assert (response.status_code, response.json()["error"]["code"]) == (422, "not_streamed")


def test_notifications_are_read_over_http_as_on_the_socket(alice: APIClient, cast: Cast) -> None:
    tell(cast.alice)
    tell(cast.bob)
    address = "/api/notifications/commands/"

    state = alice.get("/api/notifications/state/").json()
    reply = alice.post(address, {"type": "read", "id": 1, "notification_ids": "all"}).json()

    assert (state["unread_count"], [entry["title"] for entry in state["notifications"]]) == (1, ["Prêt"])
    assert reply == {"type": "reply", "id": 1, "ok": True, "result": {"unread_count": 0}}
    assert alice.post(address, {"type": "status"}).json()["result"] == alice.get("/api/notifications/state/").json()
    assert alice.post(address, {"type": "cancel"}).json()["error"]["code"] == "unknown_command"
    assert set(http_commands.for_notifications(cast.alice.pk)) | {"status"} == set(NotificationConsumer().handlers) - {
        "refresh"
    }
