"""The socket of the terminal client against a real server: loss, resume, refusal, refresh, silence."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import aclosing
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from realtime.terminal.backoff import Backoff
from realtime.terminal.client import Connection, ProjectSocket
from realtime.terminal.errors import NotThisService, ServerUnreachable, SocketRefused
from realtime.terminal.tokens import GivenToken
from tests.unit.terminal.script_server import EPOCH, CountingTokens, Scene, ScriptServer, Stage

pytestmark = pytest.mark.timeout(20)


class Follower:
    """Reads a socket until a frame of some type came, and keeps all frames and connections seen."""

    def __init__(self, url: str, *, tokens: Any = None, first_seconds: float = 0.01) -> None:
        self.frames: list[dict[str, Any]] = []
        self.connections: list[Connection] = []
        self.socket = ProjectSocket(
            url=url,
            get_token=tokens or GivenToken("token-0"),
            on_connection=self.connections.append,
            backoff=Backoff(first_seconds=first_seconds, longest_seconds=0.05),
        )

    @property
    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    async def follow(self, *, until: str) -> None:
        async with aclosing(self.socket.frames()) as frames:
            async for frame in frames:
                self.frames.append(frame)
                if frame["type"] == until:
                    return


async def say_event(stage: Stage, sequence: int, event_type: str = "operation") -> None:
    await stage.send(
        event_type,
        sequence=sequence,
        operation_id="a",
        kind="matching",
        status="running",
        progress=1,
        eta_seconds=None,
        requested_by=None,
        attempt=1,
        timestamp="2026-01-01T00:00:00.000Z",
    )


async def resume_and_end(stage: Stage) -> None:
    await stage.welcome(resumed=True)
    await stage.send("end")
    await stage.stay()


async def start_and_end(stage: Stage) -> None:
    await stage.welcome()
    await stage.send("end")
    await stage.stay()


async def follow_script(*scenes: Scene, tokens: Any = None) -> tuple[ScriptServer, Follower]:
    async with ScriptServer(list(scenes)).run() as server:
        follower = Follower(server.url, tokens=tokens)
        await follower.follow(until="end")
    return server, follower


async def test_the_first_connection_brings_the_token_in_the_header_and_no_position() -> None:
    server, follower = await follow_script(start_and_end)

    assert server.tokens == ["token-0"]
    assert server.queries == [{}]
    assert follower.types == ["welcome", "snapshot", "end"]
    assert [connection.state for connection in follower.connections] == ["connecting", "live"]


async def test_a_lost_connection_resumes_after_the_last_event_seen() -> None:
    async def lose(stage: Stage) -> None:
        await stage.welcome()
        await say_event(stage, 11)
        await say_event(stage, 14)
        await stage.send("heartbeat", head=14)
        stage.drop()

    server, follower = await follow_script(lose, resume_and_end)

    assert server.queries == [{}, {"since": "14", "epoch": EPOCH}]
    assert follower.socket.state["sequence"] == 14
    states = [connection.state for connection in follower.connections]
    assert states == ["connecting", "live", "waiting", "connecting", "live"]


async def test_a_connection_lost_before_its_snapshot_is_not_resumed() -> None:
    async def lose_early(stage: Stage) -> None:
        await stage.send("welcome", epoch=EPOCH, head=3, heartbeat_seconds=25, resumed=False)
        stage.drop()

    server, _ = await follow_script(lose_early, start_and_end)

    assert server.queries == [{}, {}]


async def test_a_server_that_restarts_is_left_alone_as_long_as_it_asks() -> None:
    async def restart(stage: Stage) -> None:
        await stage.welcome()
        await stage.closing("restart", reconnect=True, close_code=1012, retry_after_ms=300)

    _, follower = await follow_script(restart, resume_and_end)

    waits = [connection.wait_seconds for connection in follower.connections if connection.state == "waiting"]
    assert len(waits) == 1
    assert waits[0] == pytest.approx(0.3)


async def test_a_refusal_is_final() -> None:
    async def refuse(stage: Stage) -> None:
        await stage.closing("forbidden", reconnect=False, close_code=1008)

    async with ScriptServer([refuse]).run() as server:
        follower = Follower(server.url)
        with pytest.raises(SocketRefused, match="pas accessible") as refusal:
            await follower.follow(until="end")

    assert refusal.value.code == "forbidden"
    assert follower.connections[-1].state == "closed"
    assert len(server.queries) == 1


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [(1008, "access_revoked", "access_revoked"), (1008, "", "1008"), (4008, "forbidden", "forbidden")],
)
async def test_a_policy_close_without_a_frame_is_final_too(code: int, reason: str, expected: str) -> None:
    async def refuse(stage: Stage) -> None:
        await stage.welcome()
        await stage.close(code, reason)

    async with ScriptServer([refuse]).run() as server:
        with pytest.raises(SocketRefused) as refusal:
            await Follower(server.url).follow(until="end")

    assert refusal.value.code == expected


@pytest.mark.parametrize("code", [1000, 1001, 1009, 1011, 1012, 1013])
async def test_any_other_close_is_a_loss(code: int) -> None:
    async def leave(stage: Stage) -> None:
        await stage.welcome()
        await stage.close(code)

    server, _ = await follow_script(leave, resume_and_end)

    assert len(server.queries) == 2


async def test_an_expired_token_is_replaced_before_the_next_connection() -> None:
    async def expire(stage: Stage) -> None:
        await stage.welcome()
        await stage.closing("token_expired", reconnect=True, close_code=1008, retry_after_ms=0)

    server, _ = await follow_script(expire, resume_and_end, tokens=CountingTokens())

    assert server.tokens == ["token-1", "token-2"]


async def test_a_given_token_that_expired_ends_the_socket() -> None:
    async def expire(stage: Stage) -> None:
        await stage.closing("token_expired", reconnect=True, close_code=1008, retry_after_ms=0)

    async with ScriptServer([expire]).run() as server:
        with pytest.raises(SocketRefused, match="expiré"):
            await Follower(server.url).follow(until="end")

    assert len(server.queries) == 1


async def test_a_token_about_to_expire_is_refreshed_in_band() -> None:
    commands: list[dict[str, Any]] = []

    async def announce(stage: Stage) -> None:
        await stage.welcome()
        await stage.send("token_expiring", seconds=60)
        commands.append(await stage.receive())
        await stage.send("reply", id=commands[0]["id"], ok=True, result={})
        await stage.send("end")
        await stage.stay()

    server, _ = await follow_script(announce, tokens=CountingTokens())

    assert commands == [{"type": "refresh", "id": "refresh", "token": "token-2"}]
    assert server.tokens == ["token-1"]


async def test_a_refresh_that_fails_leaves_the_socket_alone() -> None:
    async def announce(stage: Stage) -> None:
        await stage.welcome()
        await stage.send("token_expiring", seconds=60)
        await start_and_end(stage)

    _, follower = await follow_script(announce)  # a given token cannot be refreshed

    assert follower.types[-1] == "end"


async def test_a_silent_server_is_taken_for_dead_after_some_heartbeats() -> None:
    async def fall_silent(stage: Stage) -> None:
        await stage.welcome(heartbeat_seconds=0.1)
        await stage.stay()

    server, follower = await follow_script(fall_silent, resume_and_end)

    assert server.queries == [{}, {"since": "10", "epoch": EPOCH}]
    assert follower.types == ["welcome", "snapshot", "welcome", "end"]


async def test_a_quiet_server_that_answers_a_ping_is_alive() -> None:
    async def answer_pings(stage: Stage) -> None:
        await stage.welcome(heartbeat_seconds=0.2)
        for _ in range(3):
            assert await stage.receive_raw() == "ping"
            await stage.send_raw("pong")
        await stage.send("end")
        await stage.stay()

    server, _ = await follow_script(answer_pings)

    assert len(server.queries) == 1


async def test_tokens_shorter_than_the_notice_are_not_refreshed_without_end() -> None:
    commands: list[dict[str, Any]] = []

    async def announce_at_once(stage: Stage) -> None:
        await stage.welcome()
        while len(commands) < 3:
            await stage.send("token_expiring", seconds=0.5)
            commands.append(await stage.receive())
        await stage.send("end")
        await stage.stay()

    started = time.monotonic()
    await follow_script(announce_at_once, tokens=CountingTokens())

    assert [command["token"] for command in commands] == ["token-2", "token-3", "token-4"]
    assert time.monotonic() - started >= 0.5


async def test_heartbeats_keep_a_quiet_connection() -> None:
    async def beat(stage: Stage) -> None:
        await stage.welcome(heartbeat_seconds=0.2)
        for _ in range(6):
            await asyncio.sleep(0.15)
            await stage.send("heartbeat", head=10)
        await stage.send("end")
        await stage.stay()

    server, _ = await follow_script(beat)

    assert len(server.queries) == 1


async def test_what_is_no_frame_of_the_protocol_is_passed_over() -> None:
    async def babble(stage: Stage) -> None:
        await stage.welcome()
        for data in ("pong", "[1]", "{}", b"\xff\x00", '{"type": 3}'):
            await stage.send_raw(data)
        await stage.send("end")
        await stage.stay()

    _, follower = await follow_script(babble)

    assert follower.types == ["welcome", "snapshot", "end"]


async def test_a_server_that_is_not_there_at_first_is_an_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        location = f"127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(ServerUnreachable, match=f"http://{location} ne répond pas"):
            await Follower(f"ws://{location}/ws/projects/p").follow(until="end")


async def test_a_server_of_another_kind_is_an_error() -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response:
        return Response(404, "Not Found", Headers())

    async def never(connection: ServerConnection) -> None:
        raise AssertionError("no connection is accepted")

    async with serve(never, "127.0.0.1", 0, process_request=refuse) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        with pytest.raises(NotThisService):
            await Follower(f"ws://127.0.0.1:{port}/ws/projects/p").follow(until="end")


async def test_a_server_that_was_there_is_waited_for() -> None:
    async def lose(stage: Stage) -> None:
        await stage.welcome()
        stage.drop()

    async with ScriptServer([lose]).run() as server:
        follower = Follower(server.url)
        following = asyncio.create_task(follower.follow(until="end"))
        while not follower.types:
            await asyncio.sleep(0.01)
    url = server.url
    port = int(url.split(":")[2].split("/")[0])
    while [connection.state for connection in follower.connections].count("waiting") < 3:
        await asyncio.sleep(0.01)

    returned = ScriptServer([resume_and_end])
    async with serve(returned._play, "127.0.0.1", port):
        await following

    assert returned.queries == [{"since": "10", "epoch": EPOCH}]
