"""A WebSocket client for tests: synchronous, strict about order, with everything it received."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from realtime.terminal import fold as project_fold
from realtime.terminal import notification_fold
from tests.servers import Person

Frame = dict[str, Any]


class Socket:
    """
    A person's socket at an address.

    `state` is what the frames add up to; give a socket that resumes the state of the one before.
    """

    def __init__(self, person: Person, url: str, folding: Any, **options: Any) -> None:
        headers = options.pop("additional_headers", {"Authorization": f"Bearer {person.token}"})
        self.connection = connect(url, additional_headers=headers, proxy=None, open_timeout=20, legacy=True, **options)
        self.frames: list[Frame] = []
        self.state: Frame = folding.empty_state()
        self._fold: Callable[[Frame, Frame], Frame] = folding.fold

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.connection.close()

    @property
    def events(self) -> list[Frame]:
        """The logged events received so far; their order is checked as they come."""
        return [frame for frame in self.frames if "operation_id" in frame]

    def receive(self, *, seconds: float = 20.0) -> Frame:
        """Return the next JSON frame."""
        frame: Frame = json.loads(self.connection.recv(timeout=seconds))
        if "sequence" in frame and frame["type"] != "snapshot":
            assert frame["sequence"] > self.state["sequence"], "an event came twice or out of order"
        self.frames.append(frame)
        self.state = self._fold(self.state, frame)
        return frame

    def receive_snapshot(self) -> Self:
        """Take the welcome and the snapshot: what is started after this is seen from its first event."""
        self.receive_until(lambda frame: frame["type"] == "snapshot")
        return self

    def receive_until(self, found: Callable[[Frame], bool], *, seconds: float = 60.0) -> Frame:
        """Return the first frame that is looked for."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.receive(seconds=max(0.01, deadline - time.monotonic()))
            if found(frame):
                return frame

    def receive_end(self, operation_id: str, *, seconds: float = 60.0) -> Frame:
        """Return the event with which an operation ends."""
        ended = ("succeeded", "failed", "cancelled")
        return self.receive_until(
            lambda f: f["type"] == "operation" and f["operation_id"] == operation_id and f["status"] in ended,
            seconds=seconds,
        )

    def receive_close(self, *, seconds: float = 20.0) -> tuple[Frame | None, int]:
        """Return the last frame and the close code, once the server has closed."""
        try:
            while True:
                self.receive(seconds=seconds)
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            return (self.frames[-1] if self.frames else None), code

    def command(self, **fields: Any) -> Frame:
        """Send a command and return its reply."""
        self.connection.send(json.dumps(fields))
        return self.receive_until(lambda frame: frame["type"] == "reply")


class ProjectSocket(Socket):
    """A person's socket on a project. Resumes where the query says."""

    def __init__(self, person: Person, project_id: str, *, query: str = "", **options: Any) -> None:
        super().__init__(person, person.socket_url(project_id, query), project_fold, **options)


class NotificationSocket(Socket):
    """A person's socket on what they are told. Resumes where the query says."""

    def __init__(self, person: Person, *, query: str = "", **options: Any) -> None:
        url = f"{person.url.replace('http', 'ws', 1)}/ws/notifications{query}"
        super().__init__(person, url, notification_fold, **options)

    def receive_up_to(self, sequence: int, *, seconds: float = 60.0) -> Self:
        """Take the events up to a position of the topic."""
        if self.state["sequence"] < sequence:
            self.receive_until(lambda frame: self.state["sequence"] >= sequence, seconds=seconds)
        return self
