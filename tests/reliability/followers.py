"""Sockets that follow one project beside a source of events, with the time of every commit and of every arrival."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.servers import Person, Process, Site
from tests.waiting import wait_until


class Follower:
    """One socket: what came when, and whether anything was missing, came twice, or ended it."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.arrivals: dict[int, float] = {}
        self.problems: list[str] = []
        self.last: int | None = None
        self._headers = {"Authorization": f"Bearer {token}"}

    async def follow(self) -> None:
        try:
            async with connect(self.url, additional_headers=self._headers, proxy=None, open_timeout=60) as connection:
                async for text in connection:
                    self._take(json.loads(text))
                self.problems.append("closed")
        except ConnectionClosed as closed:
            self.problems.append(f"closed: {closed}")

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "snapshot":
            self.last = frame["sequence"]
        elif "sequence" in frame and self.last is not None:
            if frame["sequence"] != self.last + 1:
                self.problems.append(f"{frame['sequence']} came after {self.last}")
            self.last = frame["sequence"]
            self.arrivals[frame["sequence"]] = time.time()


class Crowd:
    """Followers in a thread of their own."""

    def __init__(self, people: list[Person], project_id: str, *, each: int) -> None:
        urls = [(person.socket_url(project_id), person.token) for person in people for _ in range(each)]
        self.followers = [Follower(url, token) for url, token in urls]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._done = asyncio.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._follow(),), daemon=True)
        self._thread.start()
        wait_until(self._is_attached, seconds=60, what="all sockets to follow")

    @property
    def problems(self) -> list[str]:
        return [problem for follower in self.followers for problem in follower.problems]

    def close(self) -> None:
        """Close all sockets; a second time does nothing."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._done.set)
            self._thread.join(30)

    def _is_attached(self) -> bool:
        assert not self.problems, self.problems
        return all(follower.last is not None for follower in self.followers)

    async def _follow(self) -> None:
        self._loop = asyncio.get_running_loop()
        following = [asyncio.create_task(follower.follow()) for follower in self.followers]
        await self._done.wait()
        for task in following:
            task.cancel()
        await asyncio.wait(following)


class Play:
    """A source that publishes 20 events a second on a project, and the crowd that follows it."""

    def __init__(self, site: Site, people: list[Person], *, each: int) -> None:
        self.project_id = people[0].create_project()
        self.crowd = Crowd(people, self.project_id, each=each)
        self.source: Process = site.publish(self.project_id, 1_000_000, "--every", "0.05")
        self.source.wait_for_output(r"event 20 ", seconds=90)

    def commits(self) -> dict[int, float]:
        """Return when each event was committed."""
        found = re.findall(r"^event (\d+) ([\d.]+)$", self.source.output, flags=re.MULTILINE)
        return {int(sequence): float(at) for sequence, at in found}

    def catch_up_seconds(self, moment: float) -> float:
        """Wait until every socket has all that was committed before a moment; return how long after it that was."""
        due = [sequence for sequence, at in self.commits().items() if at <= moment]
        wait_until(lambda: self._have(max(due)), seconds=30, what="everybody to be up to date")
        latest = max(follower.arrivals[max(due)] for follower in self.crowd.followers)
        return max(0.0, latest - moment)

    def worst_delay(self, start: float, end: float) -> float:
        """Return the longest time from commit to arrival of the events committed between two moments."""
        due = {sequence: at for sequence, at in self.commits().items() if start <= at <= end}
        wait_until(lambda: self._have(max(due)), seconds=30, what="everybody to be up to date")
        return max(
            follower.arrivals[sequence] - at for follower in self.crowd.followers for sequence, at in due.items()
        )

    def end(self) -> None:
        """Stop the source; every socket must still be open and have every event exactly once, in order."""
        self.source.stop()
        assert "Traceback" not in self.source.output
        wait_until(lambda: self._have(max(self.commits())), seconds=30, what="everybody to have everything")
        assert self.crowd.problems == []
        expected = set(range(1, max(self.commits()) + 1))
        assert all(set(follower.arrivals) == expected for follower in self.crowd.followers)
        self.crowd.close()

    def _have(self, sequence: int) -> bool:
        assert not self.crowd.problems, self.crowd.problems
        return all(follower.last is not None and follower.last >= sequence for follower in self.crowd.followers)
