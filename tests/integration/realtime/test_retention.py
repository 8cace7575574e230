"""Pruning makes the log shorter, never wrong: who is behind the floor starts over."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from proposals.worker import Worker
from realtime import eventlog, retention
from realtime.eventlog import Head
from realtime.events import Error
from realtime.models import Event, Topic
from tests.waiting import wait_until

OLD = datetime(2026, 1, 1, tzinfo=UTC)
TOPIC = "project.pruned"


def append(count: int, *, topic: str = TOPIC, at: datetime = OLD) -> None:
    for _ in range(count):
        eventlog.append(topic=topic, event=Error(project_id=uuid.uuid4(), operation="x", error="x", timestamp=at))


def kept(topic: str = TOPIC) -> list[int]:
    return [entry.sequence for entry in eventlog.replay(topic=topic, after=0, limit=10_000)]


def can_resume(since: int, topic: str = TOPIC) -> bool:
    epoch = eventlog.open_topic(topic).epoch
    return eventlog.can_resume(topic=topic, since=Head(epoch, since), limit=10_000)


@pytest.mark.django_db
def test_old_events_go_and_the_numbering_stays() -> None:
    append(2)
    append(1, at=timezone.now())

    assert retention.prune(before=OLD + timedelta(days=1)) == 2

    append(1, at=timezone.now())
    assert kept() == [3, 4]
    assert [can_resume(since) for since in (1, 2, 3)] == [False, True, True]


@pytest.mark.django_db
def test_a_topic_without_a_new_event_is_emptied_and_goes_on_from_its_head() -> None:
    append(3)

    retention.prune(before=OLD + timedelta(days=1))

    assert kept() == []
    assert can_resume(3)
    assert not can_resume(2)
    append(1)
    assert kept() == [4]


@pytest.mark.django_db
def test_an_old_event_behind_a_newer_one_is_kept_rather_than_leave_a_hole() -> None:
    append(1)
    append(1, at=timezone.now())
    append(1)

    retention.prune(before=OLD + timedelta(days=1))

    assert kept() == [2, 3]


@pytest.mark.django_db
def test_a_topic_keeps_at_most_so_many_events_whatever_their_age() -> None:
    append(5, at=timezone.now())
    append(2, topic="project.other", at=timezone.now())

    deleted = retention.prune(before=OLD, most_events=3)

    assert deleted == 2
    assert kept() == [3, 4, 5]
    assert kept("project.other") == [1, 2]
    assert not can_resume(1)


@pytest.mark.django_db
def test_events_are_deleted_in_batches(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    append(35)

    with django_assert_max_num_queries(20) as queries:
        assert retention.prune(before=OLD + timedelta(days=1)) == 35

    deletions = [query["sql"] for query in queries.captured_queries if query["sql"].startswith("DELETE")]
    assert len(deletions) == 4


@pytest.mark.django_db
def test_nobody_resumes_below_the_floor_while_the_events_are_still_being_deleted() -> None:
    append(4)

    Topic.objects.filter(name=TOPIC).update(floor=3)

    assert Event.objects.count() == 4
    assert not can_resume(2)
    assert can_resume(3)


@pytest.mark.django_db(transaction=True)
def test_writers_and_two_pruners_at_once_leave_no_hole() -> None:
    append(300)
    problems: list[BaseException] = []

    def run(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - shown by the test
            problems.append(error)
        finally:
            connection.close()

    jobs = [
        lambda: append(100, at=timezone.now()),
        lambda: retention.prune(before=OLD + timedelta(days=1)),
        lambda: retention.prune(before=OLD + timedelta(days=1)),
    ]
    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    floor = Topic.objects.get(name=TOPIC).floor
    assert floor >= 300
    assert kept() == list(range(floor + 1, 401))


@pytest.mark.django_db(transaction=True)
def test_the_process_that_reaps_also_prunes(settings: Settings) -> None:
    settings.REALTIME_EVENT_RETENTION_HOURS = 1.0
    append(3)
    worker = Worker(threads=0)

    worker.start()
    try:
        wait_until(lambda: not kept(), what="the log to be pruned")
    finally:
        worker.stop()
