"""Whatever the channel layer does, every socket gets every event once and in order."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from realtime import database, eventlog, layers, retention
from realtime.close_codes import Reason
from realtime.hub import Hub
from realtime.models import Topic
from realtime.topic_state import RECENT
from tests.integration.realtime.conftest import FaultyLayer, Watcher
from tests.waiting import await_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

Say = Callable[..., Any]


async def test_a_socket_gets_what_is_said_after_it_came(hub: Hub, project_id: uuid.UUID, say: Say) -> None:
    await say(2)
    watcher = Watcher(hub, project_id)

    await watcher.attach()
    await say(3)

    await await_until(lambda: watcher.sequences == [3, 4, 5])


async def test_all_sockets_of_a_topic_get_the_same_and_another_topic_nothing(
    hub: Hub, project_id: uuid.UUID, say: Say
) -> None:
    here = [Watcher(hub, project_id) for _ in range(3)]
    elsewhere = Watcher(hub, uuid.uuid4())
    for watcher in (*here, elsewhere):
        await watcher.attach()

    await say(4)

    await await_until(lambda: all(watcher.sequences == [1, 2, 3, 4] for watcher in here))
    assert elsewhere.frames == []


async def test_a_socket_that_resumes_gets_what_it_missed(hub: Hub, project_id: uuid.UUID, say: Say) -> None:
    await say(5)
    watcher = Watcher(hub, project_id)

    await watcher.attach(since=2)
    await say(1)

    await await_until(lambda: watcher.sequences == [3, 4, 5, 6])


async def test_a_late_resume_on_a_busy_topic_is_served_from_memory_or_log_alike(
    hub: Hub, project_id: uuid.UUID, say: Say
) -> None:
    first = Watcher(hub, project_id)
    await first.attach()
    await say(RECENT + 20)
    await await_until(lambda: len(first.sequences) == RECENT + 20)

    late = [Watcher(hub, project_id) for _ in range(2)]
    await late[0].attach(since=RECENT + 15)
    await late[1].attach(since=3)

    await await_until(lambda: late[0].sequences == list(range(RECENT + 16, RECENT + 21)))
    await await_until(lambda: late[1].sequences == list(range(4, RECENT + 21)))


def lose_some(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["sequence"] % 3]


def repeat_all(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return messages * 2


def reverse(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return messages[::-1]


def shuffle_lose_and_repeat(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return random.Random(7).choices(messages, k=len(messages))


@pytest.mark.parametrize("plan", [lose_some, repeat_all, reverse, shuffle_lose_and_repeat])
async def test_a_layer_that_misbehaves_changes_nothing_for_the_sockets(
    hub: Hub, layer: FaultyLayer, project_id: uuid.UUID, say: Say, settings: Settings, plan: Any
) -> None:
    settings.REALTIME_HEAD_CHECK_SECONDS = 0.2
    layer.plan, layer.window = plan, 5
    watcher = Watcher(hub, project_id)
    await watcher.attach()

    await say(25)

    await await_until(lambda: watcher.sequences == list(range(1, 26)))


async def test_a_layer_that_fails_altogether_costs_at_most_the_head_check(
    hub: Hub, layer: FaultyLayer, project_id: uuid.UUID, say: Say, settings: Settings
) -> None:
    settings.REALTIME_HEAD_CHECK_SECONDS = 0.2
    watcher = Watcher(hub, project_id)
    await watcher.attach()
    layer.fails = True

    await say(3)

    await await_until(lambda: watcher.sequences == [1, 2, 3], seconds=2)


async def test_word_of_lost_messages_is_answered_at_once_not_at_the_next_head_check(
    hub: Hub, layer: FaultyLayer, project_id: uuid.UUID, say: Say, settings: Settings
) -> None:
    settings.REALTIME_HEAD_CHECK_SECONDS = 1000
    watcher = Watcher(hub, project_id)
    await watcher.attach()
    await await_until(lambda: watcher.topic in layer.groups)
    told_at = hub.told_at
    layer.plan = lambda _messages: []
    await say(3)

    layer.plan = list
    await layer.group_send(watcher.topic, {"type": layers.MESSAGES_LOST})

    await await_until(lambda: watcher.sequences == [1, 2, 3])
    assert hub.told_at > told_at


async def test_sockets_that_come_and_go_amid_a_storm_see_no_hole(
    hub: Hub, layer: FaultyLayer, project_id: uuid.UUID, say: Say
) -> None:
    stayed: list[Watcher] = []
    storm = asyncio.create_task(say(120))

    while not storm.done():
        guest, watcher = Watcher(hub, project_id), Watcher(hub, project_id)
        await guest.attach(since=0)
        await watcher.attach(since=0)
        stayed.append(watcher)
        await asyncio.sleep(0.01)
        guest.leave()
    await storm

    assert len(stayed) > 3
    expected = list(range(1, 121))
    await await_until(lambda: all(watcher.sequences == expected for watcher in stayed))


async def test_a_socket_whose_past_was_pruned_is_sent_back_for_a_snapshot(
    hub: Hub, project_id: uuid.UUID, say: Say, settings: Settings
) -> None:
    settings.REALTIME_HEAD_CHECK_SECONDS = 0.1
    await say(5)
    await database.run(retention.prune, before=timezone.now() + timedelta(days=1))
    watcher = Watcher(hub, project_id)

    await watcher.attach(since=2)

    await await_until(lambda: watcher.closed_for == [Reason.RESYNC])


async def test_a_new_numbering_sends_all_sockets_back(
    hub: Hub, project_id: uuid.UUID, say: Say, settings: Settings
) -> None:
    settings.REALTIME_HEAD_CHECK_SECONDS = 0.1
    await say(1)
    watcher = Watcher(hub, project_id)
    await watcher.attach()

    await database.run(lambda: Topic.objects.filter(name=watcher.topic).update(epoch="another", head=0))

    await await_until(lambda: watcher.closed_for == [Reason.RESYNC])


async def test_the_last_socket_that_leaves_ends_the_subscription(
    hub: Hub, layer: FaultyLayer, project_id: uuid.UUID
) -> None:
    watchers = [Watcher(hub, project_id) for _ in range(2)]
    for watcher in watchers:
        await watcher.attach()
    await await_until(lambda: watcher.topic in layer.groups)

    watchers[0].leave()
    assert hub.has_sockets
    watchers[1].leave()

    await await_until(lambda: watcher.topic not in layer.groups)
    assert not hub.has_sockets


async def test_a_quiet_topic_gets_heartbeats_with_its_head(
    hub: Hub, project_id: uuid.UUID, say: Say, settings: Settings
) -> None:
    settings.REALTIME_HEARTBEAT_SECONDS = 0.2
    await say(2)
    watcher = Watcher(hub, project_id)

    await watcher.attach()

    await await_until(lambda: {"type": "heartbeat", "head": 2} in watcher.frames)


async def test_a_message_of_another_version_harms_nobody(
    hub: Hub, layer: FaultyLayer, project_id: uuid.UUID, say: Say
) -> None:
    watcher = Watcher(hub, project_id)
    await watcher.attach()
    await await_until(lambda: watcher.topic in layer.groups)

    for poison in ({"type": "close"}, {"type": "realtime.event"}, {"type": "realtime.event", "topic": watcher.topic}):
        await layer.group_send(watcher.topic, poison)
    await say(1)

    await await_until(lambda: watcher.sequences == [1])


async def test_a_long_past_of_important_events_is_replayed_at_the_pace_of_the_client(
    hub: Hub, project_id: uuid.UUID, say: Say
) -> None:
    await say(RECENT + 200)
    watcher = Watcher(hub, project_id, limit=50)

    await watcher.attach(since=0)

    await await_until(lambda: watcher.sequences == list(range(1, RECENT + 201)))
    assert watcher.closed_for == []


async def test_a_socket_that_joins_while_its_topic_starts_over_is_sent_back(
    hub: Hub, project_id: uuid.UUID, say: Say, settings: Settings
) -> None:
    settings.REALTIME_HEAD_CHECK_SECONDS = 0.1
    await say(1)
    stays, joins = Watcher(hub, project_id), Watcher(hub, project_id)
    await stays.attach()
    old = await database.run(eventlog.open_topic, stays.topic)
    await database.run(lambda: Topic.objects.filter(name=stays.topic).update(epoch="another", head=0))
    await await_until(lambda: stays.closed_for == [Reason.RESYNC])

    await hub.attach(joins.topic, joins.outbox, old)
    await await_until(lambda: joins.closed_for == [Reason.RESYNC])

    for watcher in (stays, joins):
        watcher.leave()
    assert not hub.has_sockets
