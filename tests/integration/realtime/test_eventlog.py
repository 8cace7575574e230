from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from realtime import eventlog, retention
from realtime.eventlog import Head
from realtime.events import Completion, Error, SectionText
from realtime.exceptions import EventTooLarge
from realtime.models import Event, Topic

pytestmark = pytest.mark.django_db

PROJECT = uuid.uuid4()
TOPIC = "project.test"


def append(count: int = 1, *, at: datetime | None = None) -> None:
    for number in range(count):
        moment = {"timestamp": at} if at else {}
        eventlog.append(topic=TOPIC, event=Error(project_id=PROJECT, operation="x", error=str(number), **moment))


def test_a_new_topic_is_empty_and_has_an_epoch() -> None:
    head = eventlog.open_topic(TOPIC)

    assert head.sequence == 0
    assert len(head.epoch) == 16
    assert eventlog.open_topic(TOPIC) == head


def test_replay_gives_what_came_after_oldest_first() -> None:
    append(5)

    assert [entry.sequence for entry in eventlog.replay(topic=TOPIC, after=2, limit=2)] == [3, 4]
    assert eventlog.replay(topic=TOPIC, after=5, limit=10) == []


def test_a_replay_of_big_events_ends_once_it_is_long_enough() -> None:
    append(4)
    length = len(eventlog.replay(topic=TOPIC, after=0, limit=1)[0].body)

    def replay(max_chars: int, *, after: int = 0) -> list[int]:
        return [e.sequence for e in eventlog.replay(topic=TOPIC, after=after, limit=3, max_chars=max_chars)]

    assert replay(1) == [1]
    assert replay(length) == [1]
    assert replay(length + 1) == [1, 2]
    assert replay(length + 1, after=2) == [3, 4]
    assert replay(length * 100) == [1, 2, 3]


def test_a_long_past_is_measured_before_it_is_read(django_assert_num_queries: Any) -> None:
    for number in range(30):
        text = "x" * (60_000 if number % 10 == 9 else 10)
        eventlog.append(topic=TOPIC, event=SectionText(project_id=PROJECT, section_id=PROJECT, position=0, text=text))

    with django_assert_num_queries(3):
        entries = eventlog.replay(topic=TOPIC, after=0, limit=100, max_chars=150_000)
    with django_assert_num_queries(1):
        few = eventlog.replay(topic=TOPIC, after=28, limit=100, max_chars=1_000_000)

    assert [entry.sequence for entry in entries] == list(range(1, 31))
    assert [entry.sequence for entry in few] == [29, 30]
    entries = eventlog.replay(topic=TOPIC, after=0, limit=100, max_chars=120_000)
    assert [entry.sequence for entry in entries] == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_too_large_leaves_no_hole() -> None:
    append(1)
    large = SectionText(project_id=PROJECT, section_id=PROJECT, position=0, text="x" * 100_000)

    with pytest.raises(EventTooLarge):
        eventlog.append(topic=TOPIC, event=large)
    append(1)

    assert Topic.objects.get(name=TOPIC).head == 2
    assert [entry.sequence for entry in eventlog.replay(topic=TOPIC, after=0, limit=10)] == [1, 2]


def test_heads_of_unknown_topics_are_left_out() -> None:
    append(3)

    heads = eventlog.heads([TOPIC, "project.unknown"])

    assert {name: head.sequence for name, head in heads.items()} == {TOPIC: 3}


@pytest.mark.parametrize(
    ("since", "same_epoch", "expected"),
    [(5, True, True), (3, True, True), (2, True, True), (1, True, False), (6, True, False), (4, False, False)],
)
def test_resuming_needs_every_missed_event_in_the_same_numbering(since: int, same_epoch: bool, expected: bool) -> None:
    append(5)
    retention.prune(before=datetime.min.replace(tzinfo=UTC), most_events=3)
    epoch = eventlog.open_topic(TOPIC).epoch if same_epoch else "another"

    assert eventlog.can_resume(topic=TOPIC, since=Head(epoch, since), limit=100) is expected


def test_resuming_from_too_far_back_is_refused() -> None:
    append(5)

    assert not eventlog.can_resume(topic=TOPIC, since=Head(eventlog.open_topic(TOPIC).epoch, 1), limit=3)


def test_a_consistent_read_is_repeated_while_events_come() -> None:
    append(1)
    reads = iter([1, 1, 0])
    states: list[int] = []

    def read() -> int:
        append(next(reads))
        states.append(Event.objects.count())
        return states[-1]

    head, state = eventlog.read_consistently(TOPIC, read)

    assert (head.sequence, state) == (3, 3)
    assert len(states) == 3


def test_a_consistent_read_amid_a_storm_locks_the_topic_in_the_end() -> None:
    reads: list[int] = []

    def read() -> int:
        if len(reads) < eventlog.OPTIMISTIC_READS:
            append(1)
        reads.append(Event.objects.count())
        return reads[-1]

    head, state = eventlog.read_consistently(TOPIC, read)

    assert (head.sequence, state) == (3, 3)


def test_a_rolled_back_transaction_takes_its_events_along() -> None:
    append(1)

    with pytest.raises(RuntimeError):
        append_and_fail()

    eventlog.append(topic=TOPIC, event=Completion(project_id=PROJECT, operation="x", result={}))
    assert [entry.sequence for entry in eventlog.replay(topic=TOPIC, after=0, limit=10)] == [1, 2]


@transaction.atomic
def append_and_fail() -> None:
    append(1)
    raise RuntimeError
