"""A request for events that waits: in the event loop, never in a thread, and never longer than it may."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from proposals.models import Project, User
from realtime import database, draining, tokens
from realtime.close_codes import Reason
from realtime.eventlog import open_topic
from realtime.hub import Hub, get_hub
from realtime.long_poll import GATHER_SECONDS
from realtime.topics import for_project
from tests.factories import Cast
from tests.integration.over_http.conftest import Open, bearer, tell, token_for
from tests.integration.over_http.exchange import Exchange
from tests.waiting import await_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

Speak = Callable[..., Any]
LONG = "wait=50"


@pytest.fixture
def address(project: Project) -> str:
    return f"/api/projects/{project.id}/events/"


async def is_waiting(poll: Exchange) -> Exchange:
    """Wait until the request waits in the hub, which would be told of withdrawn rights."""
    hub = get_hub()
    await await_until(lambda: hub.has_sockets and hub.is_listening)
    assert not poll.received
    return poll


async def ticket_for(user: User) -> str:
    ends = timezone.now() + timedelta(seconds=600)
    return await database.run(tokens.issue_ticket, user=user, session_expires_at=ends)


async def test_a_poll_waits_for_the_next_event_and_tells_it(
    request_: Open, address: str, cast: Cast, hub: Hub, speak: Speak
) -> None:
    await speak(2)
    poll = await is_waiting(request_(f"{address}?since=2&{LONG}", user=cast.alice))

    await speak()

    await poll.finish()
    answer = poll.json()
    assert poll.status == 200
    assert (answer["head"], answer["complete"]) == (3, True)
    assert [event["sequence"] for event in answer["events"]] == [3]
    assert not hub.has_sockets


async def test_events_close_to_the_question_are_told_together_and_later_ones_at_once(
    request_: Open, address: str, cast: Cast, speak: Speak
) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", user=cast.alice))
    await speak(3)
    await poll.finish()

    assert len(poll.json()["events"]) == 3
    assert clock() - began >= GATHER_SECONDS

    poll = await is_waiting(request_(f"{address}?since=3&{LONG}", user=cast.alice))
    await asyncio.sleep(GATHER_SECONDS)
    await speak()
    told = clock()
    await poll.finish()

    assert [event["sequence"] for event in poll.json()["events"]] == [4]
    assert clock() - told < GATHER_SECONDS


@pytest.mark.parametrize(
    ("query", "complete"),
    [
        ("since=1&wait=50", True),
        ("since=9&wait=50", False),
        ("since=2&epoch=x&wait=50", False),
        ("wait=50", True),
    ],
)
async def test_a_poll_whose_answer_is_known_does_not_wait(
    request_: Open, address: str, cast: Cast, speak: Speak, query: str, complete: bool
) -> None:
    await speak(2)

    poll = await request_(f"{address}?{query}", user=cast.alice).finish()

    assert poll.json()["complete"] is complete


async def test_a_poll_without_news_ends_empty_when_its_time_is_over(
    request_: Open, address: str, cast: Cast, hub: Hub, settings: Settings
) -> None:
    settings.REALTIME_HEARTBEAT_SECONDS = 0.1  # a heartbeat is no news

    before = asyncio.get_running_loop().time()
    poll = await request_(f"{address}?since=0&wait=1.0", user=cast.alice).finish()

    assert asyncio.get_running_loop().time() - before >= 1.0
    assert (poll.status, poll.json()["events"]) == (200, [])
    assert not hub.has_sockets


async def test_nobody_waits_longer_than_the_limit(request_: Open, address: str, cast: Cast, settings: Settings) -> None:
    settings.REALTIME_LONG_POLL_MAX_SECONDS = 0.3

    poll = await request_(f"{address}?since=0&wait=1e9", user=cast.alice).finish()

    assert (poll.status, poll.json()["events"]) == (200, [])


async def test_a_poll_answers_before_its_credential_ends(request_: Open, address: str, cast: Cast) -> None:
    token = token_for(cast.alice, seconds=3)

    poll = await request_(f"{address}?since=0&{LONG}", headers=[bearer(token)]).finish()

    assert (poll.status, poll.json()["events"]) == (200, [])


@pytest.mark.parametrize("query", ["since=0&wait=soon", "since=0&wait=-1", "since=x&wait=9", "since=0&wait=9&limit=0"])
async def test_nonsense_is_named(request_: Open, address: str, cast: Cast, speak: Speak, query: str) -> None:
    await speak()

    poll = await request_(f"{address}?{query}", user=cast.alice).finish()

    assert (poll.status, poll.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("change", ["deactivated", "moved", "project deleted"])
async def test_a_poll_ends_when_access_is_withdrawn(
    request_: Open, address: str, cast: Cast, project: Project, settings: Settings, change: str
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 600
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", user=cast.alice))

    if change == "deactivated":
        cast.alice.is_active = False
        await database.run(cast.alice.save)
    elif change == "moved":
        cast.alice.company = cast.company_b
        await database.run(cast.alice.save)
    else:
        await database.run(project.delete)

    await poll.finish()
    assert poll.status == (401 if change == "deactivated" else 404)


async def test_a_poll_is_answered_when_the_server_goes(request_: Open, address: str, cast: Cast, hub: Hub) -> None:
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", user=cast.alice))

    for outbox in hub.outboxes:
        outbox.close(Reason.RESTART)

    await poll.finish()
    assert (poll.status, poll.json()["events"]) == (200, [])


async def test_the_hub_forgets_a_poll_whose_client_leaves(request_: Open, address: str, cast: Cast, hub: Hub) -> None:
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", user=cast.alice))

    await poll.leave()

    assert not hub.has_sockets
    assert poll.received == []


async def test_a_ticket_pays_for_one_poll(request_: Open, address: str, cast: Cast, speak: Speak) -> None:
    ticket = bearer(await ticket_for(cast.alice))
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", headers=[ticket]))
    await speak()
    await poll.finish()

    again = await request_(f"{address}?since=0&{LONG}", headers=[ticket]).finish()

    assert [event["sequence"] for event in poll.json()["events"]] == [1]
    assert (again.status, again.json()["error"]["code"]) == (401, "token_invalid")


async def test_a_ticket_of_somebody_put_out_while_waiting_opens_nothing(
    request_: Open, address: str, cast: Cast, settings: Settings, speak: Speak
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 600
    ticket = bearer(await ticket_for(cast.alice))
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", headers=[ticket]))
    # By SQL: nobody is told, and the event comes first.
    await database.run(User.objects.filter(pk=cast.alice.pk).update, is_active=False)

    await speak()

    await poll.finish()
    assert poll.status == 401


async def test_a_ticket_of_somebody_moved_while_waiting_shows_the_new_company_only(
    request_: Open, address: str, cast: Cast, settings: Settings, speak: Speak
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 600
    ticket = bearer(await ticket_for(cast.alice))
    poll = await is_waiting(request_(f"{address}?since=0&{LONG}", headers=[ticket]))
    await database.run(User.objects.filter(pk=cast.alice.pk).update, company=cast.company_b)

    await speak()

    await poll.finish()
    assert poll.status == 404


async def test_tickets_in_the_address_are_no_credential_here(request_: Open, address: str, cast: Cast) -> None:
    ticket = await ticket_for(cast.alice)

    for query in (f"ticket={ticket}", f"token={token_for(cast.alice)}"):
        poll = await request_(f"{address}?since=0&{LONG}&{query}").finish()
        assert poll.status == 401

    assert (await request_(address, headers=[bearer(ticket)]).finish()).status == 200


async def test_a_foreign_project_and_a_missing_one_are_not_waited_for(request_: Open, address: str, cast: Cast) -> None:
    foreign = await request_(f"{address}?since=0&{LONG}", user=cast.charlie).finish()
    nowhere = "/api/projects/00000000-0000-4000-8000-000000000000/events/"
    missing = await request_(f"{nowhere}?since=0&{LONG}", user=cast.charlie).finish()

    assert foreign.status == missing.status == 404
    assert foreign.body == missing.body


async def test_a_poll_of_a_server_that_drains_neither_lingers_nor_hurries(
    request_: Open, address: str, cast: Cast
) -> None:
    draining.begin(others_accept=False)
    try:
        before = asyncio.get_running_loop().time()
        poll = await request_(f"{address}?since=0&{LONG}", user=cast.alice).finish()
    finally:
        draining.reset()

    assert (poll.status, poll.json()["events"]) == (200, [])
    assert asyncio.get_running_loop().time() - before >= 1.0


async def test_a_poll_of_notifications_waits_for_the_users_own(request_: Open, cast: Cast) -> None:
    poll = await is_waiting(request_(f"/api/notifications/events/?since=0&{LONG}", user=cast.alice))

    await database.run(tell, cast.bob)
    await database.run(tell, cast.alice)

    await poll.finish()
    (event,) = poll.json()["events"]
    assert (event["type"], event["title"], event["unread_count"]) == ("notification", "Prêt", 1)


async def test_polling_in_a_loop_tells_every_event_once(
    request_: Open, address: str, cast: Cast, project: Project, speak: Speak
) -> None:
    speaking = asyncio.create_task(speak(40))
    seen: list[int] = []

    while len(seen) < 40:
        since = seen[-1] if seen else 0
        poll = await request_(f"{address}?since={since}&{LONG}", user=cast.alice).finish()
        seen += [event["sequence"] for event in poll.json()["events"]]

    await speaking
    assert seen == list(range(1, 41))
    assert (await database.run(open_topic, for_project(project.id))).sequence == 40


async def test_three_hundred_polls_wait_without_threads_and_are_answered_a_few_at_a_time(
    request_: Open, address: str, cast: Cast, hub: Hub, speak: Speak, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 0  # no limit
    token = bearer(token_for(cast.alice))
    before = threading.active_count()
    polls = [request_(f"{address}?since=0&{LONG}", headers=[token]) for _ in range(300)]
    await await_until(lambda: len(hub._attached) == 300, seconds=60, what="all to wait")
    waiting = threading.active_count()
    most = waiting

    await speak()
    while not all(poll.is_over for poll in polls):
        most = max(most, threading.active_count())
        await asyncio.sleep(0.005)

    assert {poll.status for poll in polls} == {200}
    assert {len(poll.json()["events"]) for poll in polls} == {1}
    assert waiting <= before + database.THREADS
    # Django answers each in a thread of its own, which may still be ending when the next one starts.
    assert most <= waiting + 2 * database.THREADS
