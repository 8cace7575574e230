"""Many clients of the protocol at once, which come back and resume by themselves, and note what happened to them."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from realtime.terminal.fold import empty_state, fold
from tests.servers import Person
from tests.waiting import wait_until

Frame = dict[str, Any]

#: Longest wait after a loss without a word.
RETRY_SECONDS = 0.5


class Follower:
    """
    One client of one project.

    Args:
        urls: of the project's socket; the next one for each connection.
        moves: whether it opens another socket when it is told `draining`, and leaves this one once that is live.
    """

    def __init__(self, urls: Sequence[str], token: str, *, moves: bool) -> None:
        self._urls: Iterator[str] = itertools.cycle(urls)
        self._token = token
        self._moves = moves
        self._live: set[ClientConnection] = set()
        self._left: set[ClientConnection] = set()
        self._closers: set[asyncio.Task[None]] = set()
        self.state = empty_state()
        self.events: list[Frame] = []
        self.notices: list[Frame] = []
        #: When it began to connect, and when it was welcomed, by the monotonic clock.
        self.tried_at: list[float] = []
        self.joined_at: list[float] = []
        #: When and with which code connections ended that it did not leave itself: 1006 for broken ones.
        self.closed_at: list[float] = []
        self.closed_with: list[int] = []
        #: Handshakes that did not succeed.
        self.refused = 0
        self.snapshots = 0
        #: Longest time without any live connection, in seconds, so far.
        self.longest_gap = 0.0
        self._gap_since: float | None = None

    @property
    def is_live(self) -> bool:
        """Whether a connection is open and welcomed."""
        return bool(self._live)

    @property
    def sequences(self) -> list[int]:
        """Of all events, in the order in which they were folded."""
        return [event["sequence"] for event in self.events]

    async def run(self) -> None:
        """Follow for ever."""
        while True:
            await asyncio.sleep(await self._follow(None))

    async def _follow(self, previous: ClientConnection | None) -> float:
        """Follow over one connection, and over those it moves to; return how long to wait before the next one."""
        connection = await self._open()
        if connection is None:
            return random.uniform(0, RETRY_SECONDS)
        successor: asyncio.Task[float] | None = None
        frame: Frame = {}
        try:
            while True:
                frame = json.loads(await connection.recv())
                self._take(frame)
                if frame["type"] == "welcome":
                    self._welcomed(connection)
                    self._leave(previous)
                elif frame["type"] == "draining" and self._moves:
                    successor = asyncio.create_task(self._follow(connection))
        except ConnectionClosed:
            self._note_end(connection)
        finally:
            connection.transport.abort()  # nothing of it outlives the loop when the audience leaves
        if successor is not None:
            return await successor
        asked_ms = frame.get("retry_after_ms") if frame.get("type") == "closing" else None
        return asked_ms / 1000 if asked_ms is not None else random.uniform(0, RETRY_SECONDS)

    async def _open(self) -> ClientConnection | None:
        query = f"?since={self.state['sequence']}&epoch={self.state['epoch']}" if self.state["epoch"] else ""
        headers = {"Authorization": f"Bearer {self._token}"}
        self.tried_at.append(time.monotonic())
        try:
            return await connect(
                next(self._urls) + query,
                additional_headers=headers,
                proxy=None,
                compression=None,
                open_timeout=30,
                close_timeout=5,
                ping_interval=None,
            )
        except (OSError, TimeoutError, WebSocketException):
            self.refused += 1
            return None

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "draining":
            self.notices.append(frame)
        elif frame["type"] == "snapshot":
            self.snapshots += 1
        elif "operation_id" in frame and frame["sequence"] > self.state["sequence"]:
            self.events.append(frame)
        self.state = fold(self.state, frame)

    def _welcomed(self, connection: ClientConnection) -> None:
        now = time.monotonic()
        self.joined_at.append(now)
        self._live.add(connection)
        if self._gap_since is not None:
            self.longest_gap = max(self.longest_gap, now - self._gap_since)
            self._gap_since = None

    def _leave(self, connection: ClientConnection | None) -> None:
        if connection is not None:
            self._left.add(connection)
            closer = asyncio.create_task(connection.close())
            self._closers.add(closer)
            closer.add_done_callback(self._closers.discard)

    def _note_end(self, connection: ClientConnection) -> None:
        self._live.discard(connection)
        if not self._live:
            self._gap_since = time.monotonic()
        if connection not in self._left:
            self.closed_at.append(time.monotonic())
            self.closed_with.append(connection.close_code or 1006)


class Audience:
    """
    Followers in a thread of their own, from the first welcome of all until the block ends.

    Args:
        person: whose sockets they are.
        urls: of the servers; each follower takes the next one with each connection.
    """

    def __init__(
        self, person: Person, project_id: str, *, count: int, urls: Sequence[str] = (), moves: bool = False
    ) -> None:
        sockets = [f"{url.replace('http', 'ws', 1)}/ws/projects/{project_id}" for url in urls or [person.url]]
        self.followers = [Follower(sockets, person.token, moves=moves) for _ in range(count)]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._main: asyncio.Task[None] | None = None

    def __enter__(self) -> Audience:
        self._thread.start()
        self.wait_until_live()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def wait_until_live(self, *, seconds: float = 60.0) -> None:
        """Wait until every follower has been welcomed and has the state."""
        wait_until(
            lambda: all(follower.is_live and follower.state["epoch"] for follower in self.followers),
            seconds=seconds,
            what="all followers to be live",
        )

    def wait_for_sequence(self, sequence: int, *, seconds: float = 60.0) -> None:
        """Wait until every follower has reached a position."""
        wait_until(
            lambda: all(follower.state["sequence"] >= sequence for follower in self.followers),
            seconds=seconds,
            what=f"all followers to reach {sequence}",
        )

    @property
    def codes(self) -> list[int]:
        """The codes with which the server closed, of all followers."""
        return [code for follower in self.followers for code in follower.closed_with]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._main = self._loop.create_task(self._follow_all())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._main)
        pending = asyncio.all_tasks(self._loop)
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.run_until_complete(
            asyncio.sleep(0.01)
        )  # a transport that was aborted closes its socket a turn later
        self._loop.close()

    async def _follow_all(self) -> None:
        await asyncio.gather(*(follower.run() for follower in self.followers))

    def _cancel(self) -> None:
        if self._main is not None:
            self._main.cancel()


def busiest_second(moments: Sequence[float]) -> int:
    """Return the greatest number of moments within one second, wherever it begins."""
    ordered = sorted(moments)
    return max((sum(start <= moment < start + 1.0 for moment in ordered) for start in ordered), default=0)


def assert_progress_never_goes_back(events: Sequence[Frame]) -> None:
    """Check the progress of each attempt of each operation."""
    last: dict[tuple[str, int], int] = {}
    for event in events:
        if "progress" in event and event["type"].endswith("_progress"):
            run = (event["operation_id"], event["attempt"])
            assert event["progress"] >= last.get(run, 0), event
            last[run] = event["progress"]
