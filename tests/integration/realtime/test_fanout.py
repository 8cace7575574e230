"""What an event costs: frames built, frames compressed, writes; counted, because times on a shared machine are not."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from realtime import database, eventlog, frames, topics
from realtime.close_codes import Reason
from realtime.events import SectionText, encode
from realtime.hub import PAGE_CHARS, Hub
from realtime.outbox import Outbox
from realtime.packets import Packet
from realtime.progress import publish_to_project
from realtime.topic_state import BATCH_BYTES, RECENT_BYTES
from tests.integration.realtime.conftest import Watcher
from tests.sinks import FakeSink
from tests.waiting import await_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


class FastSocket:
    """A socket whose transport takes everything at once."""

    def __init__(self, hub: Hub, project_id: uuid.UUID, *, compresses: bool) -> None:
        self.hub = hub
        self.topic = topics.for_project(project_id)
        self.sink = FakeSink(compresses=compresses)
        self.closed_for: list[Reason] = []
        self.outbox = Outbox(send=self._send, sink=self.sink, limit=256, close=self.closed_for.append)

    async def attach(self) -> None:
        await self.hub.attach(self.topic, self.outbox, await database.run(eventlog.open_topic, self.topic))

    async def _send(self, text: str) -> None:
        raise AssertionError("A fast socket takes frames.")


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often frames are built and compressed."""
    counts: Counter[str] = Counter()

    def counting(name: str, build: Callable[[str], bytes]) -> Callable[[str], bytes]:
        def count(text: str) -> bytes:
            counts[name] += 1
            return build(text)

        return count

    for name in ("to_websocket", "to_compressed_websocket"):
        monkeypatch.setattr(frames, name, counting(name, getattr(frames, name)))
    return counts


def text_of(project_id: uuid.UUID, chars: int) -> SectionText:
    return SectionText(
        project_id=project_id, section_id=project_id, position=0, text="Moyens humains. " * (chars // 16)
    )


async def open_sockets(hub: Hub, project_id: uuid.UUID) -> list[FastSocket]:
    sockets = [FastSocket(hub, project_id, compresses=number % 2 == 0) for number in range(20)]
    for socket in sockets:
        await socket.attach()
    return sockets


async def test_a_large_event_is_framed_once_compressed_once_and_written_once_to_each(
    hub: Hub, project_id: uuid.UUID, counts: Counter[str]
) -> None:
    sockets = await open_sockets(hub, project_id)

    await database.run(publish_to_project, text_of(project_id, 5000))
    await await_until(lambda: all(socket.sink.written for socket in sockets))

    assert counts == {"to_websocket": 1, "to_compressed_websocket": 1}
    assert {len(socket.sink.written) for socket in sockets} == {1}
    assert len({id(socket.sink.written[0]) for socket in sockets}) == 2


async def test_a_small_event_is_framed_once_and_never_compressed(
    hub: Hub, project_id: uuid.UUID, counts: Counter[str]
) -> None:
    sockets = await open_sockets(hub, project_id)

    await database.run(publish_to_project, text_of(project_id, 160))
    await await_until(lambda: all(socket.sink.written for socket in sockets))

    assert counts == {"to_websocket": 1}
    assert len({socket.sink.written[0] for socket in sockets}) == 1


async def test_sockets_that_fall_behind_share_the_frames_of_the_others(
    hub: Hub, project_id: uuid.UUID, counts: Counter[str]
) -> None:
    sockets = await open_sockets(hub, project_id)
    behind = sockets[:6]
    for socket in behind:
        socket.sink.writable.clear()
        socket.sink.unacknowledged = [1]
        assert socket.sink.on_writable is not None
        socket.sink.on_writable(False)

    await database.run(publish_to_project, text_of(project_id, 5000))
    await await_until(lambda: all(socket.sink.written for socket in sockets[6:]))
    assert not any(socket.sink.written for socket in behind)
    for socket in behind:
        socket.sink.writable.set()
    await await_until(lambda: all(socket.sink.written for socket in behind))

    assert counts == {"to_websocket": 1, "to_compressed_websocket": 1}
    assert len({socket.sink.written[0] for socket in sockets}) == 2


async def test_what_waited_together_leaves_together_but_never_much_at_once(hub: Hub, project_id: uuid.UUID) -> None:
    socket = FastSocket(hub, project_id, compresses=False)
    await socket.attach()
    small = [encode(text_of(project_id, 160), sequence=number) for number in range(1, 51)]
    large = [encode(text_of(project_id, 50_000), sequence=number) for number in range(51, 61)]
    message = {"type": "realtime.event", "topic": socket.topic}

    for number, body in enumerate([*small, *large], 1):
        hub._take({**message, "sequence": number, "body": body})
    written = socket.sink.written
    await await_until(lambda: sum(map(len, written)) > sum(map(len, [*small, *large])))

    assert len(written) == 5
    assert max(map(len, written)) <= BATCH_BYTES + 60 * 10
    assert b"".join(written) == b"".join(Packet(1, body).frame for body in [*small, *large])


async def test_what_a_topic_remembers_is_bounded_and_a_longer_past_comes_from_the_log_by_pages(
    hub: Hub, project_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Watcher(hub, project_id)
    await first.attach()
    for _ in range(45):
        await database.run(publish_to_project, text_of(project_id, 50_000))
    await await_until(lambda: len(first.sequences) == 45)
    state = hub._topics[first.topic]
    pages: list[int] = []
    replay = eventlog.replay

    def spy(**options: Any) -> Any:
        entries = replay(**options)
        pages.append(sum(len(entry.body) for entry in entries))
        return entries

    monkeypatch.setattr(eventlog, "replay", spy)
    late = Watcher(hub, project_id)
    await late.attach(since=0)
    await await_until(lambda: late.sequences == list(range(1, 46)))

    assert sum(packet.size for packet in state._recent) <= RECENT_BYTES
    assert len(pages) == 2
    assert max(pages) < PAGE_CHARS + 60_000


async def test_a_hole_of_many_big_events_is_filled_page_by_page(hub: Hub, project_id: uuid.UUID) -> None:
    watcher = Watcher(hub, project_id)
    await watcher.attach()
    topic = watcher.topic
    for _ in range(50):
        await database.run(lambda: eventlog.append(topic=topic, event=text_of(project_id, 50_000)))

    await database.run(publish_to_project, text_of(project_id, 160))

    await await_until(lambda: watcher.sequences == list(range(1, 52)))


class RevokedWatcher(Watcher):
    """Loses its right amid its past."""

    async def _send(self, text: str) -> None:
        await super()._send(text)
        if len(self.frames) == 10:
            self.outbox.close(Reason.ACCESS_REVOKED)


async def test_a_socket_closed_while_it_is_sent_its_past_is_sent_nothing_more(
    hub: Hub, project_id: uuid.UUID, say: Callable[..., Any]
) -> None:
    await say(60)
    watcher = RevokedWatcher(hub, project_id, limit=50)

    await watcher.attach(since=0)

    assert watcher.sequences == list(range(1, 11))
    assert watcher.closed_for == [Reason.ACCESS_REVOKED]
