"""What a client sees, through the middleware, the routes and the consumer, over Channels' communicator."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.urls import path
from django.utils import timezone
from pytest_django import Settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from proposals.models import Company, User
from realtime import database, eventlog, sign_ins, tokens
from realtime.access import Watcher
from realtime.consumers import ProjectConsumer
from realtime.exceptions import CommandRejected
from realtime.hub import Hub
from realtime.middleware import TokenAuthMiddleware
from realtime.socket_consumer import SUBPROTOCOL
from tests.waiting import await_until, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

STATE = {"operations": [{"operation_id": "an operation", "progress": 10}], "sections": []}


class FakeGate:
    """Lets one user watch one project."""

    def __init__(self, user: User, project_id: uuid.UUID) -> None:
        self.user = user
        self.project_id = project_id
        self.open = True
        self.cancelled: list[uuid.UUID] = []

    def can_watch(self, *, user: AbstractBaseUser, project_id: uuid.UUID) -> bool:
        return self.open and user == self.user and project_id == self.project_id

    def filter_watchers(self, pairs: set[Watcher]) -> set[Watcher]:
        return pairs if self.open else set()

    def read_state(self, *, project_id: uuid.UUID) -> dict[str, Any]:
        return STATE

    def cancel(self, *, user: AbstractBaseUser, project_id: uuid.UUID, operation_id: uuid.UUID) -> dict[str, Any]:
        self.cancelled.append(operation_id)
        return {"operation_id": str(operation_id), "status": "cancelling"}

    def retry(self, *, user: AbstractBaseUser, project_id: uuid.UUID, operation_id: uuid.UUID) -> dict[str, Any]:
        raise CommandRejected("conflict", "Cette opération ne peut pas être relancée.")


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", password="x")


@pytest.fixture
def gate(alice: User, project_id: uuid.UUID) -> FakeGate:
    return FakeGate(alice, project_id)


class Client:
    """Opens sockets on the application and reads frames."""

    def __init__(self, gate: FakeGate, hub: Hub) -> None:
        self.hub = hub
        route = path("ws/projects/<uuid:project_id>", ProjectConsumer.as_asgi(gate=gate))  # type: ignore[arg-type]
        self.application = TokenAuthMiddleware(URLRouter([route]))  # type: ignore[list-item]
        self.default_path = f"/ws/projects/{gate.project_id}"
        self.opened: list[WebsocketCommunicator] = []

    async def open(self, query: str = "", **options: Any) -> WebsocketCommunicator:
        where = options.pop("path", self.default_path)
        socket = WebsocketCommunicator(self.application, where + query, **options)
        accepted, self.subprotocol = await socket.connect(timeout=5)
        assert accepted
        self.opened.append(socket)
        return socket

    async def join(self, query: str) -> WebsocketCommunicator:
        """Open a socket and take its welcome and snapshot."""
        socket = await self.open(query)
        assert (await receive(socket))["type"] == "welcome"
        assert (await receive(socket))["type"] == "snapshot"
        await await_until(lambda: self.hub.is_listening)
        return socket


@pytest.fixture
async def client(gate: FakeGate, hub: Hub) -> AsyncIterator[Client]:
    client = Client(gate, hub)
    yield client
    for socket in client.opened:
        await socket.disconnect()


async def receive(socket: WebsocketCommunicator) -> dict[str, Any]:
    return dict(json.loads(await socket.receive_from(timeout=5)))


async def command(socket: WebsocketCommunicator, **fields: Any) -> dict[str, Any]:
    await socket.send_to(text_data=json.dumps(fields))
    return await receive(socket)


async def assert_closed(socket: WebsocketCommunicator, *, reason: str, code: int) -> dict[str, Any]:
    closing = await receive(socket)
    assert (closing["type"], closing["code"]) == ("closing", reason)
    closed = await socket.receive_output(timeout=5)
    assert (closed["type"], closed["code"]) == ("websocket.close", code)
    return closing


def token_for(user: User, **life: float) -> str:
    token = AccessToken.for_user(user)
    if life:
        token.set_exp(lifetime=timedelta(**life))
    return str(token)


async def sign_in(user: User) -> RefreshToken:
    return await database.run(sign_ins.begin, user)


async def ticket_for(user: User, *, seconds: float = 600) -> str:
    ends = timezone.now() + timedelta(seconds=seconds)
    return await database.run(tokens.issue_ticket, user=user, session_expires_at=ends)


async def test_a_ticket_opens_a_socket_and_the_welcome_and_the_snapshot_come_first(client: Client, alice: User) -> None:
    socket = await client.open(f"?ticket={await ticket_for(alice, seconds=300)}")

    welcome, snapshot = await receive(socket), await receive(socket)

    assert welcome["type"] == "welcome"
    assert welcome["protocol"] == 1
    assert not welcome["resumed"]
    assert 290 <= welcome["token_expires_in_seconds"] <= 300
    assert snapshot == {"type": "snapshot", "sequence": 0, "epoch": welcome["epoch"], **STATE}


async def test_a_token_in_the_query_opens_a_socket(client: Client, alice: User) -> None:
    await client.join(f"?token={token_for(alice)}")


async def test_a_token_in_the_header_opens_a_socket(client: Client, alice: User) -> None:
    socket = await client.open(headers=[(b"authorization", f"Bearer {token_for(alice)}".encode())])

    assert (await receive(socket))["type"] == "welcome"


async def test_a_token_as_subprotocol_opens_a_socket_and_is_not_echoed(client: Client, alice: User) -> None:
    socket = await client.open(subprotocols=[SUBPROTOCOL, f"bearer.{token_for(alice)}"])

    assert client.subprotocol == SUBPROTOCOL
    assert (await receive(socket))["type"] == "welcome"


async def test_no_token_is_told_so_and_closed(client: Client) -> None:
    closing = await assert_closed(await client.open(), reason="token_missing", code=1008)

    assert closing["reconnect"] is False


async def test_an_expired_token_may_come_back_with_a_fresh_one(client: Client, alice: User) -> None:
    socket = await client.open(f"?token={token_for(alice, seconds=-1)}")

    closing = await assert_closed(socket, reason="token_expired", code=1008)

    assert closing["reconnect"] is True


@pytest.mark.parametrize("credential", ["nonsense", "a.b.c", "x" * 5000, "ticket.unknown", "%00"])
async def test_what_is_no_token_is_refused(client: Client, credential: str) -> None:
    await assert_closed(await client.open(f"?token={credential}"), reason="token_invalid", code=1008)


async def test_a_refresh_token_opens_nothing(client: Client, alice: User) -> None:
    refresh = await database.run(RefreshToken.for_user, alice)

    await assert_closed(await client.open(f"?token={refresh}"), reason="token_invalid", code=1008)


async def test_a_token_of_before_a_password_change_opens_nothing(client: Client, alice: User) -> None:
    token = token_for(alice)
    alice.set_password("another")
    await database.run(alice.save)

    await assert_closed(await client.open(f"?token={token}"), reason="token_invalid", code=1008)


async def test_a_deactivated_user_is_refused(client: Client, alice: User) -> None:
    token = token_for(alice)
    await database.run(lambda: User.objects.update(is_active=False))

    await assert_closed(await client.open(f"?token={token}"), reason="user_inactive", code=1008)


async def test_a_signed_token_with_an_odd_subject_is_refused(client: Client, alice: User) -> None:
    token = AccessToken.for_user(alice)
    token["sub"] = {"$ne": ""}

    await assert_closed(await client.open(f"?token={token}"), reason="token_invalid", code=1008)


async def test_a_ticket_opens_one_socket_only(client: Client, alice: User) -> None:
    ticket = await ticket_for(alice)
    await client.join(f"?ticket={ticket}")

    await assert_closed(await client.open(f"?ticket={ticket}"), reason="token_invalid", code=1008)


async def test_a_ticket_that_is_too_old_is_refused(client: Client, alice: User, settings: Settings) -> None:
    settings.REALTIME_TICKET_LIFETIME_SECONDS = -1
    ticket = await ticket_for(alice)

    await assert_closed(await client.open(f"?ticket={ticket}"), reason="token_expired", code=1008)


async def test_the_query_token_can_be_turned_off_and_does_not_pass_as_a_ticket(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REALTIME_ALLOW_QUERY_TOKEN = False
    token = token_for(alice)

    await assert_closed(await client.open(f"?token={token}"), reason="token_missing", code=1008)
    await assert_closed(await client.open(f"?ticket={token}"), reason="token_invalid", code=1008)


async def test_another_user_and_an_unknown_project_get_the_same_answer(client: Client, alice: User) -> None:
    charlie = await database.run(User.objects.create_user, "charlie", password="x")

    foreign = await assert_closed(await client.open(f"?token={token_for(charlie)}"), reason="forbidden", code=1008)
    unknown = await assert_closed(
        await client.open(f"?token={token_for(alice)}", path=f"/ws/projects/{uuid.uuid4()}"),
        reason="forbidden",
        code=1008,
    )

    assert foreign == unknown


async def test_events_follow_the_snapshot(client: Client, alice: User, say: Callable[..., Any]) -> None:
    await say(2)
    socket = await client.open(f"?token={token_for(alice)}")
    await receive(socket)
    assert (await receive(socket))["sequence"] == 2

    await say(1)

    assert (await receive(socket))["sequence"] == 3


async def test_a_resume_replays_without_a_snapshot(
    client: Client, alice: User, project_id: uuid.UUID, say: Callable[..., Any]
) -> None:
    await say(3)
    epoch = (await database.run(eventlog.open_topic, f"project.{project_id}")).epoch
    socket = await client.open(f"?token={token_for(alice)}&since=1&epoch={epoch}")

    frames = [await receive(socket) for _ in range(3)]

    assert frames[0]["resumed"] is True
    assert [frame["sequence"] for frame in frames[1:]] == [2, 3]


@pytest.mark.parametrize("position", ["since=1&epoch=other", "since=99", "since=-1&epoch=e", "since=x&epoch=e"])
async def test_a_resume_that_makes_no_sense_gets_a_snapshot(
    client: Client, alice: User, say: Callable[..., Any], position: str
) -> None:
    await say(3)

    socket = await client.open(f"?token={token_for(alice)}&{position}")

    assert (await receive(socket))["resumed"] is False
    assert (await receive(socket))["type"] == "snapshot"


async def test_ping_gets_pong_exactly(client: Client, alice: User) -> None:
    socket = await client.join(f"?token={token_for(alice)}")

    await socket.send_to(text_data="ping")

    assert await socket.receive_from(timeout=5) == "pong"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", "bad_message"),
        ("", "bad_message"),
        ("[]", "bad_message"),
        ("[" * 4000, "bad_message"),
        ('{"type":"' + "x" * 5000 + '"}', "too_large"),
        (b"\x00\xff", "bad_message"),
        ('{"type":"disconnect"}', "unknown_command"),
        ('{"type":"realtime.event"}', "unknown_command"),
        ('{"type":"cancel"}', "bad_parameters"),
        ('{"type":"refresh","token":3}', "bad_parameters"),
    ],
)
async def test_a_bad_frame_gets_a_reply_and_the_socket_lives(
    client: Client, alice: User, say: Callable[..., Any], frame: str | bytes, code: str
) -> None:
    socket = await client.join(f"?token={token_for(alice)}")

    if isinstance(frame, bytes):
        await socket.send_to(bytes_data=frame)
    else:
        await socket.send_input({"type": "websocket.receive", "text": frame})
    reply = await receive(socket)
    await say(1)

    assert (reply["type"], reply["ok"], reply["error"]["code"]) == ("reply", False, code)
    assert (await receive(socket))["sequence"] == 1


async def test_commands_reach_the_gate_and_answer_with_their_id(client: Client, alice: User, gate: FakeGate) -> None:
    socket = await client.join(f"?token={token_for(alice)}")
    operation_id = uuid.uuid4()

    cancelled = await command(socket, type="cancel", id=7, operation_id=str(operation_id))
    retried = await command(socket, type="retry", id="b", operation_id=str(operation_id))
    status = await command(socket, type="status", id="c")

    assert gate.cancelled == [operation_id]
    assert (cancelled["id"], cancelled["ok"], cancelled["result"]["status"]) == (7, True, "cancelling")
    assert (retried["id"], retried["ok"], retried["error"]["code"]) == ("b", False, "conflict")
    assert status["result"]["operations"] == STATE["operations"]


async def test_a_flood_is_refused_once_and_then_closed(client: Client, alice: User, settings: Settings) -> None:
    settings.REALTIME_COMMANDS_BURST, settings.REALTIME_COMMANDS_PER_SECOND = 2, 0.001
    socket = await client.join(f"?token={token_for(alice)}")

    for _ in range(2 + 2 * 5 + 1):
        await socket.send_to(text_data="ping")

    assert [await socket.receive_from() for _ in range(2)] == ["pong", "pong"]
    assert (await receive(socket))["error"]["code"] == "rate_limited"
    await assert_closed(socket, reason="too_many_commands", code=1013)


async def test_a_token_that_ends_is_announced_and_then_closes_the_socket(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REALTIME_TOKEN_NOTICE_SECONDS, settings.REALTIME_TOKEN_GRACE_SECONDS = 100, 0.1
    socket = await client.join(f"?ticket={await ticket_for(alice, seconds=0.5)}")

    assert (await receive(socket))["type"] == "token_expiring"
    await assert_closed(socket, reason="token_expired", code=1008)


async def join_for_a_moment(client: Client, user: User, settings: Settings) -> WebsocketCommunicator:
    """Return a socket whose ticket has ended and whose grace has begun."""
    settings.REALTIME_TOKEN_NOTICE_SECONDS, settings.REALTIME_TOKEN_GRACE_SECONDS = 0, 600
    ends = timezone.now() + timedelta(seconds=1.5)
    socket = await client.join(f"?ticket={await ticket_for(user, seconds=1.5)}")
    assert (await receive(socket))["type"] == "token_expiring"
    await await_until(lambda: timezone.now() > ends + timedelta(seconds=0.2))
    return socket


async def test_in_the_grace_events_flow_and_only_ping_and_refresh_are_taken(
    client: Client, alice: User, gate: FakeGate, settings: Settings, say: Callable[..., Any]
) -> None:
    socket = await join_for_a_moment(client, alice, settings)

    await say(1)
    event = await receive(socket)
    refused = [
        await command(socket, type="status", id=1),
        await command(socket, type="cancel", id=2, operation_id=str(uuid.uuid4())),
        await command(socket, type="refresh", id=3, token=token_for(alice, seconds=-1)),
    ]
    await socket.send_to(text_data="ping")

    assert event["sequence"] == 1
    assert [reply["error"]["code"] for reply in refused] == ["token_expired"] * 3
    assert gate.cancelled == []
    assert await socket.receive_from(timeout=5) == "pong"


async def test_a_refresh_in_the_grace_goes_on_without_a_gap(
    client: Client, alice: User, settings: Settings, say: Callable[..., Any]
) -> None:
    socket = await join_for_a_moment(client, alice, settings)
    await say(1)

    assert (await receive(socket))["sequence"] == 1
    assert (await command(socket, type="refresh", id=1, token=token_for(alice)))["ok"]
    await say(1)

    assert (await receive(socket))["sequence"] == 2
    assert (await command(socket, type="status", id=2))["ok"]


async def test_a_refreshed_token_keeps_the_socket_open(client: Client, alice: User, settings: Settings) -> None:
    settings.REALTIME_TOKEN_NOTICE_SECONDS = 0
    socket = await client.join(f"?ticket={await ticket_for(alice, seconds=1)}")

    reply = await command(socket, type="refresh", id=1, token=token_for(alice))

    assert reply["ok"]
    assert reply["result"]["token_expires_in_seconds"] > 100
    assert await socket.receive_nothing(timeout=1.2)


async def test_a_refresh_with_another_users_token_is_refused(client: Client, alice: User) -> None:
    charlie = await database.run(User.objects.create_user, "charlie", password="x")
    socket = await client.join(f"?token={token_for(alice)}")

    reply = await command(socket, type="refresh", id=1, token=token_for(charlie))

    assert reply["error"]["code"] == "forbidden"


async def test_a_refresh_after_the_right_was_withdrawn_closes_the_socket(
    client: Client, alice: User, gate: FakeGate
) -> None:
    socket = await client.join(f"?token={token_for(alice)}")
    gate.open = False

    reply = await command(socket, type="refresh", id=1, token=token_for(alice))

    assert reply["ok"] is False
    await assert_closed(socket, reason="forbidden", code=1008)


async def test_a_socket_whose_access_was_withdrawn_is_closed(
    client: Client, alice: User, gate: FakeGate, settings: Settings
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 0.1
    socket = await client.join(f"?token={token_for(alice)}")
    gate.open = False

    closing = await assert_closed(socket, reason="access_revoked", code=1008)

    assert closing["reconnect"] is False


def change_password(user: User) -> None:
    user.set_password("un-tout-autre-mot-de-passe")
    user.save()


def deactivate(user: User) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


def delete(user: User) -> None:
    user.delete()


@pytest.mark.parametrize("change", [change_password, deactivate, delete])
async def test_a_user_who_loses_the_right_is_put_out_at_once(
    client: Client, alice: User, settings: Settings, change: Callable[[User], None]
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 3600.0
    socket = await client.join(f"?token={token_for(alice)}")

    await database.run(change, alice)

    await assert_closed(socket, reason="access_revoked", code=1008)


async def test_a_refresh_under_the_new_password_keeps_the_socket(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 3600.0
    socket = await client.join(f"?token={token_for(alice)}")
    # Not by save(): nobody is told, so the refresh comes first.
    await database.run(User.objects.filter(pk=alice.pk).update, password=make_password("un-tout-autre"))
    await database.run(alice.refresh_from_db)
    await command(socket, type="refresh", id=1, token=token_for(alice))

    await database.run(alice.save)

    assert await socket.receive_nothing(timeout=0.5)


async def test_a_socket_of_a_session_that_is_ended_is_closed_at_once_and_no_other(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 3600.0
    ended, other = await sign_in(alice), await sign_in(alice)
    socket, elsewhere = [await client.join(f"?token={token.access_token}") for token in (ended, other)]

    await database.run(sign_ins.revoke, sign_ins.read_sid(ended))

    await assert_closed(socket, reason="access_revoked", code=1008)
    assert (await command(elsewhere, type="status", id=1))["ok"]
    await assert_closed(await client.open(f"?token={ended.access_token}"), reason="token_invalid", code=1008)


async def test_a_refresh_moves_the_socket_to_the_session_of_the_new_token(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 3600.0
    first, second = await sign_in(alice), await sign_in(alice)
    socket = await client.join(f"?token={first.access_token}")
    assert (await command(socket, type="refresh", id=1, token=str(second.access_token)))["ok"]

    await database.run(sign_ins.revoke, sign_ins.read_sid(first))
    assert (await command(socket, type="refresh", id=2, token=str(first.access_token)))["error"]["code"] == (
        "token_invalid"
    )
    assert (await command(socket, type="status", id=3))["ok"]

    await database.run(sign_ins.revoke, sign_ins.read_sid(second))
    await assert_closed(socket, reason="access_revoked", code=1008)


async def test_a_right_withdrawn_between_the_handshake_and_the_hub_is_found_at_once(
    client: Client, alice: User, gate: FakeGate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REALTIME_RECHECK_SECONDS = 3600.0
    token = await sign_in(alice)
    await client.join(f"?token={token_for(alice)}")  # so that the process listens already
    told = client.hub.told_at

    def watch_late(**_: Any) -> bool:
        # The token was checked; what follows does not ask for it again.
        sign_ins.revoke(sign_ins.read_sid(token))
        wait_until(lambda: client.hub.told_at > told)
        return True

    monkeypatch.setattr(gate, "can_watch", watch_late)
    socket = await client.open(f"?token={token.access_token}")
    assert [(await receive(socket))["type"] for _ in range(2)] == ["welcome", "snapshot"]

    await assert_closed(socket, reason="access_revoked", code=1008)


async def test_a_socket_that_goes_is_forgotten_by_the_hub(client: Client, alice: User, hub: Hub) -> None:
    socket = await client.join(f"?token={token_for(alice)}")
    await await_until(lambda: hub.has_sockets)

    await socket.disconnect()

    await await_until(lambda: not hub.has_sockets)


async def test_a_fault_of_the_server_is_said_without_its_text(
    client: Client, alice: User, gate: FakeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> dict[str, Any]:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(gate, "read_state", fail)
    socket = await client.open(f"?token={token_for(alice)}")
    await receive(socket)

    closing = await assert_closed(socket, reason="server_fault", code=1011)

    assert "secret" not in json.dumps(closing)


async def test_a_socket_too_many_is_told_at_once_and_the_others_stay(
    client: Client, alice: User, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 1
    first = await client.join(f"?token={token_for(alice)}")

    second = await client.open(f"?token={token_for(alice)}")
    closing = await assert_closed(second, reason="too_many_connections", code=1008)

    assert (closing["reconnect"], closing["retry_after_ms"]) == (False, None)
    assert (await command(first, type="status"))["ok"]


async def test_a_socket_that_leaves_makes_room(client: Client, alice: User, settings: Settings) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 1
    first = await client.join(f"?token={token_for(alice)}")

    await first.disconnect()

    await client.join(f"?token={token_for(alice)}")


async def test_a_socket_that_never_signs_in_or_may_not_watch_costs_no_place(
    client: Client, alice: User, gate: FakeGate, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_USER = 1
    settings.REALTIME_SOCKETS_PER_COMPANY = 1
    gate.open = False
    refusals = {"": "token_missing", "?token=x": "token_invalid", f"?token={token_for(alice)}": "forbidden"}
    for query, reason in refusals.items():
        refused = await client.open(query)
        await assert_closed(refused, reason=reason, code=1008)
        await refused.disconnect()

    gate.open = True

    await client.join(f"?token={token_for(alice)}")


async def test_the_users_of_a_company_share_a_limit(
    client: Client, alice: User, gate: FakeGate, settings: Settings
) -> None:
    settings.REALTIME_SOCKETS_PER_COMPANY = 1
    company = await database.run(Company.objects.create, name="A")
    alice.company = company
    await database.run(alice.save)
    await client.join(f"?token={token_for(alice)}")
    gate.user = await database.run(User.objects.create_user, "bob", password="x", company=company)

    second = await client.open(f"?token={token_for(gate.user)}")

    await assert_closed(second, reason="too_many_connections", code=1008)
