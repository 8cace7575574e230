"""A client of event streams for tests: synchronous, strict about order and form, with everything it received."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import httpx

from realtime.terminal.fold import empty_state, fold
from tests.servers import Person

Frame = dict[str, Any]
ENDED = ("succeeded", "failed", "cancelled")


class ProjectStream:
    """A person's stream of a project. Resumes where `last_event_id` says."""

    def __init__(
        self,
        person: Person,
        project_id: str,
        *,
        query: str = "",
        last_event_id: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        own = {"Authorization": f"Bearer {person.token}"} if headers is None else headers
        if last_event_id:
            own["Last-Event-ID"] = last_event_id
        self._client = httpx.Client(timeout=60)
        request = self._client.build_request(
            "GET", f"{person.url}/api/projects/{project_id}/events/stream{query}", headers=own
        )
        self.response = self._client.send(request, stream=True)
        #: Of logged events, as they came; comments; the `retry` hints.
        self.texts: list[str] = []
        self.comments: list[str] = []
        self.hints: list[int] = []
        self.frames: list[Frame] = []
        self.last_event_id = last_event_id
        self.state = empty_state()
        self._messages = self._read_messages()

    def __enter__(self) -> ProjectStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        self.response.close()
        self._client.close()

    @property
    def events(self) -> list[Frame]:
        """The logged events received so far."""
        return [frame for frame in self.frames if "operation_id" in frame]

    def receive(self) -> Frame:
        """
        Return the next frame.

        Raises:
            StopIteration: the server has ended the stream.
        """
        text = next(self._messages)
        frame: Frame = json.loads(text)
        if "sequence" in frame and frame["type"] != "snapshot":
            assert frame["sequence"] > self.state["sequence"], "an event came twice or out of order"
            self.texts.append(text)
        self.frames.append(frame)
        self.state = fold(self.state, frame)
        return frame

    def receive_until(self, found: Callable[[Frame], bool], *, seconds: float = 60.0) -> Frame:
        """Return the first frame that is looked for."""
        deadline = time.monotonic() + seconds
        while True:
            assert time.monotonic() < deadline
            frame = self.receive()
            if found(frame):
                return frame

    def receive_snapshot(self) -> ProjectStream:
        """Take the welcome and the snapshot."""
        self.receive_until(lambda frame: frame["type"] == "snapshot")
        return self

    def receive_end(self, operation_id: str) -> Frame:
        """Return the event with which an operation ends."""
        return self.receive_until(
            lambda f: f["type"] == "operation" and f["operation_id"] == operation_id and f["status"] in ENDED
        )

    def receive_close(self) -> Frame:
        """Return the last frame, once the server has ended the stream."""
        for _ in iter(self._receive_or_stop, None):
            pass
        return self.frames[-1]

    def _receive_or_stop(self) -> Frame | None:
        try:
            return self.receive()
        except StopIteration:
            return None

    def _read_messages(self) -> Iterator[str]:
        """Yield the data of each message; note all else."""
        for line in self.response.iter_lines():
            name, _, value = line.partition(": ")
            if not line:
                continue
            if name == "":
                self.comments.append(value)
            elif name == "retry":
                self.hints.append(int(value))
            elif name == "id":
                self.last_event_id = value
            else:
                assert name == "data", line
                yield value
