"""Frames that no decent client sends, thousands of them, while another socket of the project listens."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.instances import RedisInstance
from tests.raw_socket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawSocket, frame
from tests.servers import Person, Process, Site
from tests.sockets import ProjectSocket

pytestmark = [pytest.mark.e2e, pytest.mark.redis]

#: Harmless frames before the one that ends the socket.
FRAMES_PER_SOCKET = 60
#: The server's own limit in these tests; frames up to it reach the command parser.
MAX_MESSAGE_BYTES = 65_536
BIG = 5 * 1024 * 1024

Fuzz = Callable[[random.Random], bytes]

#: What the server must take without closing the socket.
HARMLESS: list[Fuzz] = [
    lambda dice: frame(TEXT, dice.randbytes(dice.randrange(200)).hex().encode()),
    lambda dice: frame(TEXT, b'{"type":"cancel","id":1}'[: dice.randrange(24)]),
    lambda dice: frame(BINARY, dice.randbytes(dice.randrange(2000))),
    lambda dice: frame(TEXT, b"[" * dice.randrange(1, 4000)),
    lambda dice: frame(TEXT, b'{"type":' * 500),
    lambda dice: frame(TEXT, b"[" * 60_000),
    lambda dice: frame(TEXT, b'{"type":"x","id":' + b"9" * dice.randrange(1, 4000) + b"}"),
    lambda dice: frame(TEXT, b'{"type":"x","id":' + b"9" * 50_000 + b"}"),
    lambda dice: frame(TEXT, b'{"type":"x","id":1e999}'),
    lambda dice: frame(TEXT, b'{"type":"x","id":NaN,"a":-Infinity}'),
    lambda dice: frame(TEXT, b'{"type":"status","id":"\\ud800"}'),
    lambda dice: frame(TEXT, b'{"type":"cancel","operation_id":{"$ne":null}}'),
    lambda dice: frame(TEXT, b'{"type":"refresh","token":"' + dice.randbytes(20).hex().encode() + b'"}'),
    lambda dice: frame(TEXT, b'{"type":"refresh","token":"eyJhbGciOiJub25lIn0.e30."}'),
    lambda dice: frame(TEXT, '{"type":"é\\u0000\\n"}'.encode()),
    lambda dice: frame(TEXT, b"\x00" * dice.randrange(100)),
    lambda dice: frame(TEXT, b""),
    lambda dice: frame(BINARY, b""),
    lambda dice: frame(PING, dice.randbytes(dice.randrange(126))),
    lambda dice: frame(PONG, dice.randbytes(dice.randrange(126))),
    lambda dice: frame(TEXT, b"pi", fin=False) + frame(PING, b"between") + frame(CONTINUATION, b"ng"),
    lambda dice: frame(TEXT, b"\xc3", fin=False) + frame(CONTINUATION, b"\xa9"),
    lambda dice: frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * 50 + frame(CONTINUATION, b"x"),
]

#: What must end this socket, and no other.
FATAL: list[Fuzz] = [
    lambda dice: frame(TEXT, b"\xff\xfe"),
    lambda dice: frame(TEXT, b'{"type":"' + b"\xed\xa0\x80" + b'"}'),
    lambda dice: frame(TEXT, b"\xc3", fin=False) + frame(CONTINUATION, b"x"),
    lambda dice: frame(TEXT, b"x" * BIG),
    lambda dice: frame(BINARY, b"x" * BIG),
    lambda dice: frame(TEXT, b"[" * BIG),
    lambda dice: frame(TEXT, b"x" * 60_000, fin=False) + frame(CONTINUATION, b"x" * 60_000, fin=False) * 80,
    lambda dice: frame(TEXT, length=2**62),
    lambda dice: frame(TEXT, length=2**64 - 1),
    lambda dice: frame(TEXT, b"x", mask=False),
    lambda dice: frame(PING, b"x", mask=False),
    lambda dice: frame(TEXT, b"x", reserved=dice.randrange(1, 8)),
    lambda dice: frame(dice.choice([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), b"x"),
    lambda dice: frame(PING, b"x" * 126),
    lambda dice: frame(PING, b"x", fin=False),
    lambda dice: frame(CONTINUATION, b"x"),
    lambda dice: frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"),
    lambda dice: frame(CLOSE, b"\x03"),
    lambda dice: frame(CLOSE, (999).to_bytes(2, "big")),
    lambda dice: frame(CLOSE, (1005).to_bytes(2, "big") + b"x"),
    lambda dice: frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"),
    lambda dice: frame(CLOSE, (1000).to_bytes(2, "big")) + frame(TEXT, b"after"),
    lambda dice: frame(CLOSE),
]

#: What uvicorn alone would pile up for ever.
ENDLESS: list[Fuzz] = [
    lambda dice: frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * 5000,
    lambda dice: frame(BINARY, b"x", fin=False) + frame(CONTINUATION, b"x", fin=False) * 5000,
]


class Stage:
    """A server with its cast, and a colleague's socket that listens."""

    def __init__(self, server: Process, url: str) -> None:
        self.server = server
        self.alice = Person(url, "alice")
        self.project_id = self.alice.projects()[0]["id"]
        self.watcher = ProjectSocket(Person(url, "bob"), self.project_id).receive_snapshot()
        self.socket_url = self.alice.socket_url(self.project_id)

    @property
    def memory_bytes(self) -> int:
        """The server's resident memory."""
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def open(self, **options: Any) -> RawSocket:
        return RawSocket(self.socket_url, self.alice.token, **options)

    def assert_that_the_watcher_hears(self) -> None:
        """Let something happen on the project, and see it on the other socket."""
        operation_id = self.alice.start(self.project_id)
        self.alice.http.post(f"/operations/{operation_id}/cancel/").raise_for_status()
        self.watcher.receive_end(operation_id)


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, demo_template: Path
) -> Iterator[Stage]:
    tmp_path = tmp_path_factory.mktemp("fuzz")
    redis = RedisInstance(tmp_path)
    redis.start()
    site = Site(
        shutil.copytree(demo_template, tmp_path / "site"),
        REDIS_URL=redis.url,
        REALTIME_COMMANDS_BURST="100000",
        REALTIME_COMMANDS_PER_SECOND="100000",
        REALTIME_MAX_MESSAGE_BYTES=str(MAX_MESSAGE_BYTES),
        LOG_LEVEL="INFO",
    )
    yield Stage(*(site.serve_daphne() if request.param == "daphne" else site.serve("--no-worker")))
    site.close()
    redis.kill()


def fuzz_one_socket(stage: Stage, dice: random.Random, end: Fuzz) -> int:
    """Send harmless frames, prove that the socket lives, then end it; return how many frames it was."""
    with stage.open() as socket:
        assert socket.read_until(b'"snapshot"')
        for _ in range(FRAMES_PER_SOCKET):
            assert socket.send(dice.choice(HARMLESS)(dice))
        socket.send(frame(TEXT, b"ping") + frame(TEXT, b'{"type":"status","id":"last"}'))
        assert socket.read_until(b'"id":"last","ok":true'), "harmless frames ended the socket"
        if socket.send(end(dice)):
            socket.read_to_end()
    return FRAMES_PER_SOCKET + 2


@pytest.mark.timeout(600)
def test_ten_thousand_bad_frames_end_only_their_own_sockets(stage: Stage, note_figure: Callable[..., None]) -> None:
    is_daphne = "daphne" in stage.server.log.name
    dice = random.Random(17)
    ends = [*FATAL] if is_daphne else [*FATAL, *ENDLESS]
    wanted = 1_500 if is_daphne else 10_000
    for end in ends:  # once each, so that memory has its size
        fuzz_one_socket(stage, dice, end)
    before = stage.memory_bytes

    sent = sockets = 0
    while sent < wanted:
        sent += fuzz_one_socket(stage, dice, ends[sockets % len(ends)])
        sockets += 1
        if sockets % 40 == 0:
            stage.assert_that_the_watcher_hears()
    stage.assert_that_the_watcher_hears()
    growth = stage.memory_bytes - before

    tracebacks = stage.server.output.count("Traceback")
    note_figure(
        "T17",
        f"{sent} bad frames on {sockets} sockets ({'daphne' if is_daphne else 'uvicorn'})",
        asked="0 tracebacks, RSS < +20 MB, only that socket closed",
        measured=f"{tracebacks} tracebacks, {growth / 1e6:+.1f} MB",
    )
    assert tracebacks == 0, stage.server.output[-4000:]
    assert growth < 20e6


@pytest.mark.parametrize("pause_seconds", [0.0, 0.001, 0.005, 0.02])
@pytest.mark.parametrize("bad", [frame(TEXT, length=2**40), frame(TEXT, b"\xff"), frame(PING, b"x", mask=False)])
def test_a_bad_frame_before_the_handshake_is_answered_leaves_no_traceback(
    stage: Stage, bad: bytes, pause_seconds: float
) -> None:
    with stage.open(early=bad, pause_seconds=pause_seconds) as socket:
        # With the handshake in one packet the frame may be lost: then the socket lives.
        if socket.read_until(b"HTTP/1.1 101") and socket.send(frame(CLOSE)):
            socket.read_to_end()

    assert "Traceback" not in stage.server.output
    stage.assert_that_the_watcher_hears()


def test_pongs_that_nobody_reads_do_not_pile_up(stage: Stage, note_figure: Callable[..., None]) -> None:
    if "daphne" in stage.server.log.name:
        pytest.skip("daphne buffers without limit: docs/adr/0004")
    with stage.open() as deaf:
        assert deaf.read_until(b'"snapshot"')
        before = stage.memory_bytes
        for _ in range(400):
            deaf.send(frame(PING, b"x" * 125) * 1000)
        growth = stage.memory_bytes - before

        stage.assert_that_the_watcher_hears()
        deaf.send(frame(PING, b"the last one"))
        assert deaf.read_until(b"the last one", seconds=60)
    note_figure(
        "T17",
        "50 MB of pings from a client that reads nothing (uvicorn)",
        asked="RSS < +20 MB; the last pong comes once it reads",
        measured=f"{growth / 1e6:+.1f} MB; comes",
    )
    assert growth < 20e6
