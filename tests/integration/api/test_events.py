"""The replay over REST says what the socket's replay says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from proposals.models import Project
from realtime import conf, eventlog, retention, topics
from realtime.models import Topic
from realtime.progress import ProgressUpdater


@pytest.fixture
def spoken(project: Project) -> Project:
    """A project with five events."""
    updater = ProgressUpdater()
    for percent in range(10, 60, 10):
        updater.send_rc_analysis_progress(project.id, "analyzing", percent, "Lecture")
    return project


def read(client: APIClient, project: Project, **query: Any) -> dict[str, Any]:
    response = client.get(f"/api/projects/{project.id}/events/", query)
    assert response.status_code == 200
    return dict(response.json())


def test_a_silent_project_has_a_head_of_zero(alice: APIClient, project: Project) -> None:
    answer = read(alice, project)

    assert (answer["head"], answer["events"], answer["complete"]) == (0, [], True)
    assert answer["epoch"] == Topic.objects.get(name=topics.for_project(project.id)).epoch


def test_events_are_the_objects_of_the_socket_in_order(alice: APIClient, spoken: Project) -> None:
    answer = read(alice, spoken, since=2)

    assert answer["head"] == 5
    assert [event["sequence"] for event in answer["events"]] == [3, 4, 5]
    event = answer["events"][0]
    assert event == {
        "type": "rc_analysis_progress",
        "sequence": 3,
        "project_id": str(spoken.id),
        "operation_id": None,
        "attempt": None,
        "timestamp": event["timestamp"],
        "progress": 30,
        "eta_seconds": None,
        "status": "analyzing",
        "message": "Lecture",
    }


def test_a_limit_cuts_and_the_head_tells_that_more_is_there(alice: APIClient, spoken: Project) -> None:
    answer = read(alice, spoken, limit=2)

    assert [event["sequence"] for event in answer["events"]] == [1, 2]
    assert (answer["head"], answer["complete"]) == (5, True)


def test_the_limit_of_the_server_is_the_most(alice: APIClient, spoken: Project, settings: Any) -> None:
    settings.REALTIME_REPLAY_LIMIT = 3

    assert conf.get("REPLAY_LIMIT") == 3
    assert len(read(alice, spoken, limit=1000)["events"]) == 3
    assert len(read(alice, spoken)["events"]) == 3


def test_pruned_events_are_told(alice: APIClient, spoken: Project) -> None:
    retention.prune(before=spoken.created_at - timedelta(days=1), most_events=2)

    assert read(alice, spoken, since=1)["complete"] is False
    assert read(alice, spoken, since=3)["complete"] is True
    assert eventlog.open_topic(topics.for_project(spoken.id)).sequence == 5


def test_another_numbering_and_a_future_position_are_told(alice: APIClient, spoken: Project) -> None:
    epoch = read(alice, spoken)["epoch"]

    assert read(alice, spoken, since=2, epoch=epoch)["complete"] is True
    assert read(alice, spoken, since=2, epoch="0" * 16)["complete"] is False
    assert read(alice, spoken, since=6)["complete"] is False


@pytest.mark.parametrize(
    "query", ["since=-1", "since=deux", "limit=0", "since=99999999999999999999", "epoch=" + "e" * 17]
)
def test_nonsense_is_named(alice: APIClient, project: Project, query: str) -> None:
    response = alice.get(f"/api/projects/{project.id}/events/?{query}")

    assert response.status_code == 400
    assert set(response.json()["error"]["details"]) == {query.split("=", maxsplit=1)[0]}
