"""The socket of notifications, through the project's own routes: one's own topic, in step on every device."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from project.routing import websocket_urlpatterns
from proposals.models import User
from realtime import database, notifications
from realtime.consumers import OWN_TOPICS
from realtime.hub import Hub
from realtime.middleware import TokenAuthMiddleware
from realtime.notifications import Message
from tests.factories import make_user
from tests.waiting import await_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

Frame = dict[str, Any]


class Device:
    """A socket of a user."""

    def __init__(self, socket: WebsocketCommunicator) -> None:
        self.socket = socket

    async def receive(self) -> Frame:
        return dict(json.loads(await self.socket.receive_from(timeout=5)))

    async def command(self, **fields: Any) -> Frame:
        await self.socket.send_to(text_data=json.dumps(fields))
        return await self.until("reply")

    async def until(self, frame_type: str) -> Frame:
        while True:
            frame = await self.receive()
            if frame["type"] == frame_type:
                return frame


class Devices:
    """Opens sockets of users."""

    def __init__(self) -> None:
        self.application = TokenAuthMiddleware(URLRouter(websocket_urlpatterns))  # type: ignore[arg-type]
        self.opened: list[WebsocketCommunicator] = []

    async def open(self, user: User, query: str = "", *, path: str = "/ws/notifications") -> Device:
        token = f"Bearer {AccessToken.for_user(user)}".encode()
        socket = WebsocketCommunicator(self.application, path + query, headers=[(b"authorization", token)])
        accepted, _ = await socket.connect(timeout=5)
        assert accepted
        self.opened.append(socket)
        return Device(socket)

    async def join(self, user: User, **options: Any) -> tuple[Device, Frame]:
        device = await self.open(user, **options)
        assert (await device.receive())["type"] == "welcome"
        return device, await device.receive()


@pytest.fixture
async def devices(hub: Hub) -> AsyncIterator[Devices]:
    devices = Devices()
    yield devices
    for socket in devices.opened:
        await socket.disconnect()


@pytest.fixture
def alice() -> User:
    return make_user("alice", company=None)


@pytest.fixture
def bob() -> User:
    return make_user("bob", company=None)


async def tell(*users: User, title: str = "Terminé") -> None:
    message = Message("completion", title, "…")
    await database.run(notifications.notify, [user.pk for user in users], message, now=timezone.now())


async def test_everybody_active_may_watch_their_own_topic_and_no_other(alice: User, bob: User) -> None:
    gone = await database.run(make_user, company=None, is_active=False)
    people = (alice.pk, bob.pk, gone.pk)
    pairs = {(user, watched) for user in people for watched in people}

    assert await database.run(OWN_TOPICS.filter_watchers, pairs) == {(alice.pk, alice.pk), (bob.pk, bob.pk)}


@pytest.mark.parametrize("path", ["/ws/notifications", "/ws/notifications/"])
async def test_a_snapshot_comes_first_then_what_follows(devices: Devices, alice: User, path: str) -> None:
    await tell(alice, title="Avant")
    device, snapshot = await devices.join(alice, path=path)

    await tell(alice, title="Après")
    event = await device.receive()

    assert {"type": "snapshot", "sequence": 1, "unread_count": 1}.items() <= snapshot.items()
    assert [row["title"] for row in snapshot["notifications"]] == ["Avant"]
    assert (event["type"], event["sequence"], event["title"], event["unread_count"]) == (
        "notification",
        2,
        "Après",
        2,
    )


async def test_two_devices_stay_in_step_and_nobody_else_hears(devices: Devices, alice: User, bob: User) -> None:
    await tell(alice, bob)
    laptop, snapshot = await devices.join(alice)
    phone, _ = await devices.join(alice)
    other, _ = await devices.join(bob)
    ids = [row["notification_id"] for row in snapshot["notifications"]]

    reply = await phone.command(type="read", id=1, notification_ids=ids)
    heard = await laptop.receive()
    await tell(bob, title="Pour bob")

    assert (reply["ok"], reply["result"]) == (True, {"unread_count": 0})
    assert (heard["type"], heard["notification_ids"], heard["unread_count"]) == ("notification_read", ids, 0)
    assert (await other.receive())["title"] == "Pour bob"  # and nothing before


async def test_a_resume_replays_what_was_missed(devices: Devices, alice: User) -> None:
    _, snapshot = await devices.join(alice)
    await tell(alice)
    await database.run(notifications.mark_read, alice.pk, "all")

    back = await devices.open(alice, f"?since={snapshot['sequence']}&epoch={snapshot['epoch']}")

    assert (await back.receive())["resumed"] is True
    assert [(await back.receive())["type"] for _ in range(2)] == ["notification", "notification_read"]


async def test_status_is_the_state(devices: Devices, alice: User) -> None:
    await tell(alice)
    device, snapshot = await devices.join(alice)

    reply = await device.command(type="status", id=1)

    assert reply["result"] == {name: value for name, value in snapshot.items() if name != "type"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": "read"}, "bad_parameters"),
        ({"type": "read", "notification_ids": "some"}, "bad_parameters"),
        ({"type": "read", "notification_ids": ["1"]}, "bad_parameters"),
        ({"type": "read", "notification_ids": [None]}, "bad_parameters"),
        ({"type": "read", "notification_ids": ["x"] * 101}, "bad_parameters"),
        ({"type": "cancel", "operation_id": str(uuid.uuid4())}, "unknown_command"),
    ],
)
async def test_a_command_that_makes_no_sense_is_refused(
    devices: Devices, alice: User, fields: Frame, code: str
) -> None:
    device, _ = await devices.join(alice)

    reply = await device.command(**fields)

    assert (reply["ok"], reply["error"]["code"]) == (False, code)


async def test_a_hundred_ids_fit_into_a_command(devices: Devices, alice: User) -> None:
    device, _ = await devices.join(alice)

    reply = await device.command(type="read", id=1, notification_ids=[str(uuid.uuid4()) for _ in range(100)])

    assert reply["ok"]


async def test_somebody_who_is_deactivated_is_closed(devices: Devices, hub: Hub, alice: User, bob: User) -> None:
    device, _ = await devices.join(alice)
    other, _ = await devices.join(bob)
    await await_until(lambda: hub.is_listening)
    alice.is_active = False

    await database.run(alice.save)

    assert (await device.until("closing"))["code"] == "access_revoked"
    await tell(bob)
    assert (await other.receive())["type"] == "notification"


async def test_a_user_who_forgets_gets_a_snapshot(devices: Devices, alice: User) -> None:
    await tell(alice)
    device, snapshot = await devices.join(alice)

    await database.run(notifications.forget, alice.pk)

    assert (await device.until("closing"))["code"] == "resync"
    _, fresh = await devices.join(alice)
    assert (fresh["unread_count"], fresh["notifications"]) == (0, [])
    assert fresh["epoch"] != snapshot["epoch"]
