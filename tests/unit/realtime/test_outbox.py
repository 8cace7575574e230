import asyncio
import json
from collections.abc import Callable

from realtime.close_codes import Reason
from realtime.eventlog import Entry
from realtime.outbox import Outbox, without_superseded
from tests.waiting import await_until


def entry(sequence: int, kind: str = "rc_analysis_progress", operation: str = "op-1") -> Entry:
    return Entry(sequence, json.dumps({"type": kind, "sequence": sequence, "operation_id": operation}))


class SlowClient:
    """Takes frames only while `reads` is set."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.received: list[int] = []

    async def send(self, text: str) -> None:
        await self.reads.wait()
        self.received.append(json.loads(text)["sequence"])


class FakeSink:
    """A transport that the test makes writable or not."""

    def __init__(self) -> None:
        self.usable = True
        self.on_writable: Callable[[bool], None] | None = None

    def is_usable(self) -> bool:
        return self.usable

    def write(self, frames: bytes) -> None: ...

    def abort(self) -> None: ...


async def test_entries_reach_a_slow_client_in_order_once_it_reads() -> None:
    client = SlowClient()
    outbox = Outbox(send=client.send, sink=None, limit=10, close=lambda reason: None)

    outbox.offer([entry(1, "error"), entry(2, "completion")])
    outbox.offer([entry(3, "operation")])
    client.reads.set()

    await await_until(lambda: client.received == [1, 2, 3])


async def test_over_the_limit_superseded_progress_gives_way_and_the_rest_is_kept() -> None:
    client = SlowClient()
    outbox = Outbox(send=client.send, sink=None, limit=4, close=lambda reason: None)

    outbox.offer([entry(1), entry(2), entry(3, "error"), entry(4), entry(5, operation="op-2")])
    client.reads.set()

    await await_until(lambda: client.received == [3, 4, 5])


async def test_a_client_that_never_reads_is_closed_once_as_too_slow() -> None:
    reasons: list[Reason] = []
    outbox = Outbox(send=SlowClient().send, sink=None, limit=3, close=reasons.append)

    outbox.offer([entry(number, "completion") for number in range(1, 10)])
    outbox.offer([entry(10, "completion")])

    assert reasons == [Reason.TOO_SLOW]
    outbox.discard()


async def test_a_socket_is_fast_again_only_after_its_backlog_is_gone() -> None:
    sink = FakeSink()
    client = SlowClient()
    outbox = Outbox(send=client.send, sink=sink, limit=10, close=lambda reason: None)
    speeds: list[bool] = []
    outbox.on_speed_change = lambda changed: speeds.append(changed.write is not None)

    outbox.offer([entry(1)])
    assert outbox.write is None
    client.reads.set()

    await await_until(lambda: outbox.write is not None)
    assert speeds == [False, True]


async def test_a_socket_that_is_not_writable_is_not_fast() -> None:
    sink = FakeSink()
    outbox = Outbox(send=SlowClient().send, sink=sink, limit=10, close=lambda reason: None)
    assert outbox.write is not None

    sink.usable = False

    assert outbox.write is None


def test_only_progress_of_the_same_operation_is_superseded() -> None:
    entries = [entry(1), entry(2, operation="op-2"), entry(3), entry(4, "completion"), entry(5, "section_text")]

    assert [kept.sequence for kept in without_superseded(entries)] == [2, 3, 4, 5]
