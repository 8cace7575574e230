"""The stream of a project: the frames of the socket over HTTP, whole, in order, and to an end that says why."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from proposals import access
from proposals.models import Project, User
from realtime import database, draining, eventlog, tokens, topics
from realtime.close_codes import Reason
from realtime.draining import Drain
from realtime.events import Error
from realtime.hub import Hub, get_hub
from realtime.models import Event
from realtime.outbox import Outbox
from realtime.progress import publish_to_project
from realtime.server_sent_events import position_of
from tests.factories import Cast
from tests.integration.over_http.conftest import Open, bearer, tell, token_for
from tests.integration.over_http.exchange import Exchange, fields
from tests.waiting import await_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

Speak = Callable[..., Any]
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def address(project: Project) -> str:
    return f"/api/projects/{project.id}/events/stream"


async def join(stream: Exchange) -> Exchange:
    """Take the welcome and the snapshot, and wait until the hub would be told of withdrawn rights."""
    hub = get_hub()
    assert (await stream.next_frame())["type"] == "welcome"
    assert (await stream.next_frame())["type"] == "snapshot"
    await await_until(lambda: hub.is_listening and hub.has_sockets)
    return stream


async def ticket_for(user: User, *, seconds: float = 600) -> str:
    ends = timezone.now() + timedelta(seconds=seconds)
    return await database.run(tokens.issue_ticket, user=user, session_expires_at=ends)


async def session_of(user: User) -> tuple[str, str]:
    """Return the cookie header of somebody who signed in on the pages."""
    browser = Client()
    await database.run(browser.force_login, user)
    return ("Cookie", f"theme=dark; sessionid={browser.cookies['sessionid'].value}")


async def test_the_welcome_and_the_snapshot_come_first(request_: Open, address: str, cast: Cast, speak: Speak) -> None:
    await speak(3)

    stream = await join(request_(address, user=cast.alice))

    welcome, snapshot = stream.frames
    assert (welcome["protocol"], welcome["resumed"], welcome["head"]) == (1, False, 3)
    assert snapshot["sequence"] == 3
    assert set(snapshot) >= {"operations", "sections"}
    hint, first, second = stream.messages
    assert hint == "retry: 2000"
    assert fields(first, "id") == []
    assert fields(second, "id") == [f"{welcome['epoch']}:3"]


async def test_no_proxy_and_no_cache_may_keep_a_stream(request_: Open, address: str, cast: Cast) -> None:
    stream = await join(request_(address, user=cast.alice))

    assert stream.status == 200
    assert stream.headers == {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
    }


async def test_events_come_as_they_are_in_the_log_each_with_its_position(
    request_: Open, address: str, cast: Cast, speak: Speak
) -> None:
    stream = await join(request_(address, user=cast.alice))
    epoch = stream.frames[0]["epoch"]

    await speak(20, text="Ligne\nsuivante, é, \u2028")

    live = [await stream.next_message() for _ in range(20)]
    bodies = await database.run(lambda: list(Event.objects.order_by("sequence").values_list("body", flat=True)))
    assert [fields(message, "data") for message in live] == [[body] for body in bodies]
    assert [fields(message, "id") for message in live] == [[f"{epoch}:{number}"] for number in range(1, 21)]


async def test_a_stream_goes_on_where_the_last_event_id_says_whatever_the_address_says(
    request_: Open, address: str, cast: Cast, project: Project, speak: Speak
) -> None:
    await speak(5)
    epoch = (await database.run(eventlog.open_topic, topics.for_project(project.id))).epoch

    stream = request_(f"{address}?since=1&epoch={epoch}", user=cast.alice, headers=[("Last-Event-ID", f"{epoch}:3")])

    assert (await stream.next_frame())["resumed"] is True
    assert [(await stream.next_frame())["sequence"] for _ in range(2)] == [4, 5]
    await speak()
    assert (await stream.next_frame())["sequence"] == 6


async def test_a_stream_goes_on_where_the_address_says(
    request_: Open, address: str, cast: Cast, project: Project, speak: Speak
) -> None:
    await speak(5)
    epoch = (await database.run(eventlog.open_topic, topics.for_project(project.id))).epoch

    stream = request_(f"{address}?since=4&epoch={epoch}", user=cast.alice)

    assert (await stream.next_frame())["resumed"] is True
    assert (await stream.next_frame())["sequence"] == 5


@pytest.mark.parametrize("last", ["", "4", "no-such-epoch:2", "e:-1", "e:" + "9" * 30, "é:²"])
async def test_a_position_that_means_nothing_gets_a_snapshot(
    request_: Open, address: str, cast: Cast, speak: Speak, last: str
) -> None:
    await speak(3)

    stream = await join(request_(address, user=cast.alice, headers=[("Last-Event-ID", last)]))

    assert stream.frames[1]["sequence"] == 3


async def test_silence_is_filled_with_comments(request_: Open, address: str, cast: Cast, settings: Settings) -> None:
    settings.REALTIME_HEARTBEAT_SECONDS = 0.2
    stream = await join(request_(address, user=cast.alice))

    assert await stream.next_message() == ": heartbeat 0"
    assert await stream.next_message() == ": heartbeat 0"


# Who is let in


async def test_a_ticket_opens_one_stream_in_the_address_or_in_the_header(
    request_: Open, address: str, cast: Cast
) -> None:
    in_address, in_header = await ticket_for(cast.alice), await ticket_for(cast.alice)

    await join(request_(f"{address}?ticket={in_address}"))
    await join(request_(address, headers=[bearer(in_header)]))

    for again in (
        request_(f"{address}?ticket={in_address}"),
        request_(address, headers=[bearer(in_header)]),
    ):
        await again.finish()
        assert (again.status, again.json()["error"]["code"]) == (401, "token_invalid")


async def test_a_token_in_the_address_opens_a_stream_unless_that_is_off(
    request_: Open, address: str, cast: Cast, settings: Settings
) -> None:
    await join(request_(f"{address}?token={token_for(cast.alice)}"))

    settings.REALTIME_ALLOW_QUERY_TOKEN = False
    refused = await request_(f"{address}?token={token_for(cast.alice)}").finish()

    assert (refused.status, refused.json()["error"]["code"]) == (401, "not_authenticated")


async def test_the_session_of_the_pages_opens_a_stream(request_: Open, address: str, cast: Cast) -> None:
    stream = await join(request_(address, headers=[await session_of(cast.alice)]))

    # No longer than a JWT that were made now.
    assert 590 <= stream.frames[0]["token_expires_in_seconds"] <= 600
    assert not [name for name in stream.headers if name.startswith("access-control")]


async def test_a_bad_token_is_not_made_good_by_a_session(request_: Open, address: str, cast: Cast) -> None:
    cookie = await session_of(cast.alice)

    refused = await request_(address, headers=[cookie, bearer("nonsense")]).finish()

    assert refused.status == 401


@pytest.mark.parametrize("key", ["", "nonsense", "a" * 5000, "é;;=,"])
async def test_a_cookie_that_is_no_session_is_nobody(request_: Open, address: str, cast: Cast, key: str) -> None:
    refused = await request_(address, headers=[("Cookie", f"sessionid={key}")]).finish()

    assert (refused.status, refused.json()["error"]["code"]) == (401, "not_authenticated")


async def test_the_session_of_somebody_deactivated_is_nobody(request_: Open, address: str, cast: Cast) -> None:
    cookie = await session_of(cast.alice)
    await database.run(User.objects.filter(pk=cast.alice.pk).update, is_active=False)

    refused = await request_(address, headers=[cookie]).finish()

    assert refused.status == 401


async def test_a_stranger_reads_what_rest_says_byte_for_byte(request_: Open, address: str, cast: Cast) -> None:
    rest = await database.run(APIClient().get, "/api/me/")

    refused = await request_(address).finish()

    assert (refused.status, refused.body) == (rest.status_code, rest.content)
    assert refused.headers["www-authenticate"] == rest.headers["WWW-Authenticate"]
    assert refused.headers["content-type"] == rest.headers["Content-Type"]


@pytest.mark.parametrize("person", ["charlie", "admin"])
async def test_a_foreign_project_and_a_missing_one_get_the_answer_of_rest(
    request_: Open, address: str, cast: Cast, person: str
) -> None:
    client = APIClient()
    client.force_authenticate(cast.charlie)
    rest = await database.run(client.get, f"/api/projects/{NOWHERE}/")
    user = getattr(cast, person)

    foreign = await request_(address, user=user).finish()
    missing = await request_(f"/api/projects/{NOWHERE}/events/stream", user=user).finish()

    assert foreign.status == rest.status_code == 404
    assert foreign.body == missing.body == rest.content
    assert foreign.headers == missing.headers


@pytest.mark.parametrize(
    ("life", "code"), [({"seconds": -1}, "token_expired"), ({}, "token_invalid")], ids=["expired", "new password"]
)
async def test_a_credential_of_before_is_told_apart(
    request_: Open, address: str, cast: Cast, life: dict[str, float], code: str
) -> None:
    token = token_for(cast.alice, **life)
    if not life:
        cast.alice.set_password("another")
        await database.run(cast.alice.save)

    refused = await request_(address, headers=[bearer(token)]).finish()

    assert (refused.status, refused.json()["error"]["code"]) == (401, code)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
async def test_a_stream_can_only_be_read(request_: Open, address: str, cast: Cast, method: str) -> None:
    refused = await request_(address, user=cast.alice, method=method).finish()

    assert (refused.status, refused.headers["allow"]) == (405, "GET")


async def test_a_fault_before_the_start_is_an_incident_of_the_api(
    request_: Open, address: str, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(access.ProjectGate, "can_watch", lambda self, **asked: 1 / 0)

    refused = await request_(address, user=cast.alice).finish()

    assert (refused.status, refused.json()["error"]["code"]) == (500, "internal_error")
    assert refused.json()["error"]["details"]["incident"][0] in caplog.text


async def test_an_address_that_opens_too_many_streams_must_wait(
    request_: Open, address: str, cast: Cast, settings: Settings
) -> None:
    settings.REALTIME_HANDSHAKES_BURST, settings.REALTIME_HANDSHAKES_PER_SECOND = 2, 0.1
    token = bearer(token_for(cast.alice))
    for _ in range(2):
        await join(request_(address, headers=[token]))

    refused = await request_(address, headers=[token]).finish()

    assert (refused.status, refused.json()["error"]["code"]) == (429, "throttled")
    assert 1 <= int(refused.headers["retry-after"]) <= 10


async def test_the_session_of_the_pages_ends_its_streams_when_it_is_logged_out(
    request_: Open, address: str, cast: Cast, settings: Settings
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 600
    browser = Client()
    await database.run(browser.force_login, cast.alice)
    cookie = ("Cookie", f"sessionid={browser.cookies['sessionid'].value}")
    stream = await join(request_(address, headers=[cookie]))

    await database.run(browser.post, "/deconnexion/")

    await ends_with(stream, "access_revoked")


async def test_notifications_stream_to_their_user(request_: Open, cast: Cast) -> None:
    alice = await join(request_("/api/notifications/stream", user=cast.alice))
    bob = await join(request_("/api/notifications/stream", user=cast.bob))

    await database.run(tell, cast.alice)

    assert (await alice.next_frame())["title"] == "Prêt"
    assert alice.frames[1]["unread_count"] == 0
    assert len(bob.frames) == 2


async def test_a_user_with_enough_open_gets_no_more_until_one_is_closed(
    request_: Open, address: str, cast: Cast, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 2
    token = bearer(token_for(cast.alice))
    first = await join(request_(address, headers=[token]))
    poll = request_(f"{address[:-6]}?since=0&wait=50", headers=[token])
    await await_until(lambda: len(get_hub().outboxes) == 2, what="the poll to wait")

    for path in (address, f"{address[:-6]}?since=0&wait=50"):
        refused = await request_(path, headers=[token]).finish()
        assert (refused.status, refused.json()["error"]["code"]) == (429, "too_many_connections")
    await join(request_(address, user=cast.bob))

    await first.leave()
    await (await join(request_(address, headers=[token]))).leave()
    await poll.leave()
    await join(request_(address, headers=[token]))
    for _ in range(3):  # a refused one takes no place either
        await request_(address, user=cast.charlie).finish()
    assert (await request_(address, user=cast.charlie).finish()).status == 404


async def test_where_the_server_cannot_tell_who_reads_a_stream_ends_after_so_many_bytes(
    request_: Open, address: str, cast: Cast, settings: Settings, speak: Speak
) -> None:
    settings.REALTIME_UNHEARD_BYTES = 1000
    told = await join(request_(address, user=cast.alice))
    untold = await join(request_(address, user=cast.alice, tells=False))

    await speak(12)

    await ends_with(untold, "too_slow")
    await await_until(lambda: len(told.frames) == 2 + 12)
    assert not told.is_over


# How it ends


async def ends_with(stream: Exchange, reason: str) -> str:
    """Wait for the end and return the last message."""
    await stream.finish()
    assert (stream.frames[-1]["type"], stream.frames[-1]["code"]) == ("closing", reason)
    return stream.messages[-1]


async def test_a_stream_ends_with_its_credential_after_the_grace(
    request_: Open, address: str, cast: Cast, speak: Speak, settings: Settings
) -> None:
    settings.REALTIME_TOKEN_GRACE_SECONDS = 1.0
    token = token_for(cast.alice, seconds=2)
    stream = await join(request_(address, headers=[bearer(token)]))

    with suppress(TokenError):
        while True:  # until it has expired
            AccessToken(token)  # type: ignore[arg-type]  # annotated as Token, takes the raw text
            await asyncio.sleep(0.05)
    await speak()
    assert (await stream.next_frame())["sequence"] == 1

    last = await ends_with(stream, "token_expired")

    assert fields(last, "retry") == ["0"]
    assert stream.frames[-1]["reconnect"] is True


@pytest.mark.parametrize("change", ["deactivated", "moved", "project deleted", "behind our back"])
async def test_a_stream_ends_when_access_is_withdrawn(
    request_: Open, address: str, cast: Cast, project: Project, settings: Settings, change: str
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 0.2 if change == "behind our back" else 600
    stream = await join(request_(address, user=cast.alice))

    if change == "deactivated":
        cast.alice.is_active = False
        await database.run(cast.alice.save)
    elif change == "moved":
        cast.alice.company = cast.company_b
        await database.run(cast.alice.save)
    elif change == "project deleted":
        await database.run(project.delete)
    else:
        await database.run(User.objects.filter(pk=cast.alice.pk).update, company=cast.company_b)

    last = await ends_with(stream, "access_revoked")
    assert fields(last, "retry") == []
    assert stream.frames[-1]["reconnect"] is False


async def test_a_stream_ends_with_the_server(
    request_: Open, address: str, cast: Cast, hub: Hub, settings: Settings
) -> None:
    settings.REALTIME_RESTART_SPREAD_SECONDS = 60.0
    stream = await join(request_(address, user=cast.alice))

    for outbox in hub.outboxes:
        outbox.close(Reason.RESTART)

    last = await ends_with(stream, "restart")
    assert fields(last, "retry") == [str(stream.frames[-1]["retry_after_ms"])]


async def test_a_stream_of_a_server_that_drains_is_sent_away_with_a_word(
    request_: Open, address: str, cast: Cast, hub: Hub
) -> None:
    draining.begin(others_accept=False)
    try:
        stream = request_(address, user=cast.alice)

        await ends_with(stream, "restart")
    finally:
        draining.reset()
    assert stream.status == 200
    assert not hub.has_sockets


async def test_a_stream_is_asked_to_move_like_a_socket(request_: Open, address: str, cast: Cast, hub: Hub) -> None:
    stream = await join(request_(address, user=cast.alice))

    await Drain(hub, seconds=0.4).run()

    await ends_with(stream, "restart")
    assert [frame["type"] for frame in stream.frames] == ["welcome", "snapshot", "draining", "closing"]


async def test_a_fault_in_the_middle_is_said_without_its_text(
    request_: Open, address: str, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(access.ProjectGate, "read_state", lambda self, **asked: int("a secret"))

    stream = request_(address, user=cast.alice)

    await ends_with(stream, "server_fault")
    assert b"a secret" not in stream.body
    assert "A stream failed." in caplog.text


async def test_a_client_that_does_not_read_is_bounded_and_put_out(
    request_: Open, address: str, cast: Cast, hub: Hub, settings: Settings, project: Project
) -> None:
    settings.REALTIME_BACKLOG_LIMIT = 8
    stream = await join(request_(address, user=cast.alice))
    stream.stop_reading()

    await database.run(_fail_often, project.id, 20)

    await await_until(lambda: not hub.has_sockets, what="the hub to put the stream out")
    stream.read_on()
    last = await ends_with(stream, "too_slow")
    assert fields(last, "retry") == [str(stream.frames[-1]["retry_after_ms"])]
    seen = [position for frame in stream.frames if (position := position_of(json.dumps(frame, separators=(",", ":"))))]
    assert seen == sorted(set(seen))


def _fail_often(project_id: UUID, count: int) -> None:
    """Publish events that nothing replaces."""
    for _ in range(count):
        publish_to_project(Error(project_id=project_id, operation="x", error="Non."))


async def test_the_hub_forgets_a_client_that_leaves_at_once(request_: Open, address: str, cast: Cast, hub: Hub) -> None:
    stream = await join(request_(address, user=cast.alice))

    await stream.leave()

    assert not hub.has_sockets


async def test_a_client_that_leaves_in_the_middle_of_the_beginning_leaves_nothing(
    request_: Open, address: str, cast: Cast, hub: Hub
) -> None:
    stream = request_(address, user=cast.alice)
    stream.stop_reading()
    await asyncio.sleep(0.1)

    await stream.leave()

    await await_until(lambda: not hub.has_sockets and not hub._topics)


async def test_two_hundred_that_come_and_go_leave_nothing_behind(
    request_: Open, address: str, cast: Cast, hub: Hub, speak: Speak, settings: Settings
) -> None:
    settings.REALTIME_HANDSHAKES_BURST = 0
    await (await join(request_(address, user=cast.alice))).leave()
    token = bearer(token_for(cast.alice))
    tasks = len(asyncio.all_tasks())

    for batch in range(10):
        streams = [request_(address, headers=[token]) for _ in range(20)]
        if batch % 2:
            await speak()
        for number, stream in enumerate(streams):
            if number % 2:
                await stream.next_message()
            await stream.leave()

    await await_until(lambda: not hub.has_sockets and not hub._topics and not hub._guarded)
    await await_until(lambda: len(asyncio.all_tasks()) <= tasks, what="the tasks to end")
    gc.collect()
    # The hub may have looked at the rights of one batch last.
    assert len([thing for thing in gc.get_objects() if isinstance(thing, Outbox)]) <= 20


async def test_streams_hold_no_threads(
    request_: Open, address: str, cast: Cast, speak: Speak, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 0  # no limit
    token = bearer(token_for(cast.alice))
    before = threading.active_count()

    streams = [request_(address, headers=[token]) for _ in range(100)]
    for stream in streams:
        await stream.next_frame()
        await stream.next_frame()
    await speak()

    assert [(await stream.next_frame())["sequence"] for stream in streams] == [1] * 100
    assert threading.active_count() <= before + database.THREADS
