"""A result too long for the socket is read by REST; nothing too long fails an operation."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from proposals import operations, runner, selectors
from proposals.jobs import Run
from proposals.models import Operation, Project, User
from tests.fakes import ScriptedJob

pytestmark = pytest.mark.django_db(transaction=True)

Script = Callable[..., ScriptedJob]
Events = Callable[[], list[dict[str, Any]]]


def run_to_end(project: Project, by: User) -> Operation:
    operation = operations.start(project=project, kind=Operation.Kind.RC_ANALYSIS, by=by)[0]
    runner.run(operation.id)
    operation.refresh_from_db()
    return operation


def last_completion(events: Events) -> dict[str, Any]:
    return [event for event in events() if event["type"] == "completion"][-1]["result"]  # type: ignore[no-any-return]


def test_a_result_over_the_limit_goes_by_reference_and_rest_has_it_whole(
    project: Project, alice: User, script: Script, events: Events
) -> None:
    result = {"lines": ["é" * 1000] * 200}
    script(result=result)

    operation = run_to_end(project, alice)

    reference = last_completion(events)
    assert operation.status == Operation.Status.SUCCEEDED
    assert reference == {
        "result_url": f"/api/operations/{operation.id}/",
        "result_bytes": len(json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()),
    }
    assert selectors.operation_state(operation)["result"] == reference
    client = APIClient()
    client.force_authenticate(alice)
    assert client.get(reference["result_url"]).json()["result"] == result


def test_a_result_of_exactly_the_limit_goes_whole(
    project: Project, alice: User, script: Script, events: Events, settings: Settings
) -> None:
    settings.REALTIME_MAX_RESULT_BYTES = len('{"a":"éé"}'.encode())
    script(result={"a": "éé"})
    assert run_to_end(project, alice).status == Operation.Status.SUCCEEDED
    assert last_completion(events) == {"a": "éé"}

    script(result={"a": "éée"})
    run_to_end(project, alice)

    assert last_completion(events)["result_bytes"] == settings.REALTIME_MAX_RESULT_BYTES + 1


def test_a_step_with_a_text_without_end_does_not_fail_its_operation(
    project: Project, alice: User, script: Script, events: Events
) -> None:
    def talk(run: Run) -> None:
        run.progress.send_rc_analysis_progress(project.id, "s" * 100_000, 50, "\x01" * 1_000_000)
        run.progress.send_error(project.id, "rc_analysis", "é" * 1_000_000)

    script(talk)

    operation = run_to_end(project, alice)

    assert operation.status == Operation.Status.SUCCEEDED
    state = selectors.operation_state(operation)
    spoken = {event["type"]: event for event in events()}
    assert state["step"]["message"] == spoken["rc_analysis_progress"]["message"]
    assert len(state["step"]["message"]) == 1000
    assert state["error"]["error"] == spoken["error"]["error"]
