from __future__ import annotations

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from realtime import eventlog
from realtime.eventlog import Head
from realtime.events import Error

pytestmark = pytest.mark.django_db

TOPIC = "project.pruned"


def append(*, hours_ago: float) -> None:
    instant = timezone.now() - timedelta(hours=hours_ago)
    eventlog.append(topic=TOPIC, event=Error(project_id=uuid.uuid4(), operation="x", error="x", timestamp=instant))


def prune(*arguments: str) -> str:
    output = StringIO()
    call_command("prune_events", *arguments, stdout=output)
    return output.getvalue()


def kept() -> list[int]:
    return [entry.sequence for entry in eventlog.replay(topic=TOPIC, after=0, limit=10)]


def test_events_older_than_the_retention_are_deleted(settings: Settings) -> None:
    settings.REALTIME_EVENT_RETENTION_HOURS = 24.0
    append(hours_ago=25)
    append(hours_ago=23)

    said = prune()

    assert said == "Deleted 1 events: older than 24 hours, or too many on one topic.\n"
    assert kept() == [2]


def test_the_retention_can_be_given_for_one_run() -> None:
    append(hours_ago=3)
    append(hours_ago=1)

    prune("--hours", "2")

    assert kept() == [2]


def test_who_missed_pruned_events_cannot_resume() -> None:
    append(hours_ago=3)
    append(hours_ago=3)
    append(hours_ago=1)
    epoch = eventlog.open_topic(TOPIC).epoch

    prune("--hours", "2")

    assert not eventlog.can_resume(topic=TOPIC, since=Head(epoch, 1), limit=10)
    assert eventlog.can_resume(topic=TOPIC, since=Head(epoch, 2), limit=10)


def test_events_of_the_future_cannot_be_pruned() -> None:
    with pytest.raises(CommandError, match="must not be negative"):
        prune("--hours", "-1")
