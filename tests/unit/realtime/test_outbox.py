import asyncio
import json

import pytest

from realtime.close_codes import Reason
from realtime.outbox import WRITE_BYTES, Bounds, Outbox
from realtime.packets import Packet, join
from tests.sinks import FakeSink
from tests.waiting import await_until

KIB = 1024


def packet(sequence: int, kind: str = "rc_analysis_progress", operation: str = "op-1", size: int = 0) -> Packet:
    fields = {"type": kind, "sequence": sequence, "operation_id": operation, "filler": "x" * size}
    return Packet(sequence, json.dumps(fields))


class SlowClient:
    """Takes frames only while `reads` is set."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.received: list[int] = []

    async def send(self, text: str) -> None:
        await self.reads.wait()
        self.received.append(json.loads(text)["sequence"])


class Case:
    """An outbox and the reasons it was closed for."""

    def __init__(
        self, *, client: SlowClient | None = None, sink: FakeSink | None = None, limit: int = 10, **bounds: float
    ) -> None:
        self.client = client or SlowClient()
        self.closed_for: list[Reason] = []
        self.outbox = Outbox(
            send=self.client.send,
            sink=sink,
            limit=limit,
            close=self.closed_for.append,
            bounds=Bounds(**bounds),  # type: ignore[arg-type]
        )


async def test_packets_reach_a_slow_client_in_order_once_it_reads() -> None:
    case = Case()

    case.outbox.offer([packet(1, "error"), packet(2, "completion")])
    case.outbox.offer([packet(3, "operation")])
    case.client.reads.set()

    await await_until(lambda: case.client.received == [1, 2, 3])


async def test_over_the_limit_superseded_progress_gives_way_and_the_rest_is_kept() -> None:
    case = Case(limit=4)

    case.outbox.offer([packet(1), packet(2), packet(3, "error"), packet(4), packet(5, operation="op-2")])
    case.client.reads.set()

    await await_until(lambda: case.client.received == [3, 4, 5])


async def test_over_the_bytes_superseded_progress_gives_way_and_the_rest_is_kept() -> None:
    case = Case(backlog_bytes=20 * KIB)

    case.outbox.offer([packet(1, size=9 * KIB), packet(2, "completion", size=9 * KIB), packet(3, size=9 * KIB)])
    case.client.reads.set()

    await await_until(lambda: case.client.received == [2, 3])
    assert case.closed_for == []


async def test_a_client_that_never_reads_is_closed_once_as_too_slow() -> None:
    case = Case(limit=3)

    case.outbox.offer([packet(number, "completion") for number in range(1, 10)])
    case.outbox.offer([packet(10, "completion")])

    assert case.closed_for == [Reason.TOO_SLOW]


async def test_a_few_big_events_that_nobody_takes_are_too_many() -> None:
    case = Case(limit=256, backlog_bytes=1024 * KIB)

    for number in range(1, 20):
        case.outbox.offer([packet(number, "section_text", size=60 * KIB)])

    assert case.closed_for == [Reason.TOO_SLOW]


async def test_what_the_transport_holds_counts() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [1]
    sink.buffered_bytes = 90 * KIB
    case = Case(sink=sink, backlog_bytes=100 * KIB)

    case.outbox.offer([packet(1, "section_text", size=6 * KIB)])
    assert case.closed_for == []
    case.outbox.offer([packet(2, "section_text", size=6 * KIB)])

    assert case.closed_for == [Reason.TOO_SLOW]
    case.outbox.discard()


async def test_one_frame_may_always_wait_however_small_the_limit_is() -> None:
    case = Case(backlog_bytes=10)

    case.outbox.offer([packet(1, "error", size=KIB)])
    case.client.reads.set()

    await await_until(lambda: case.client.received == [1])
    assert case.closed_for == []


async def test_a_client_that_takes_nothing_for_long_is_closed() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [500]
    case = Case(sink=sink, stall_seconds=0.02)

    case.outbox.offer([packet(1)])

    await await_until(lambda: case.closed_for == [Reason.TOO_SLOW])
    assert sink.written == []


async def test_a_client_whose_server_does_not_return_is_closed() -> None:
    case = Case(stall_seconds=0.02)

    case.outbox.offer([packet(1)])

    await await_until(lambda: case.closed_for == [Reason.TOO_SLOW])


async def test_a_link_that_moves_however_slowly_is_not_stalled() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [500, 499, 498, 497, 0]
    case = Case(sink=sink, stall_seconds=0.02)

    case.outbox.offer([packet(1)])
    await await_until(lambda: len(sink.unacknowledged) == 1)
    sink.writable.set()

    await await_until(lambda: sink.written == [packet(1).frame])
    assert case.closed_for == []


async def test_a_replay_to_a_client_that_takes_nothing_ends() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [500]
    case = Case(sink=sink, stall_seconds=0.02)

    await case.outbox.replay([packet(1, "error"), packet(2, "error")])

    assert case.closed_for == [Reason.TOO_SLOW]


async def test_what_waited_for_a_transport_leaves_in_few_writes_and_stays_collapsible_until_then() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [1]
    case = Case(sink=sink, limit=4)

    case.outbox.offer([packet(number) for number in range(1, 4)])
    await asyncio.sleep(0)
    case.outbox.offer([packet(4, "error"), packet(5)])
    sink.writable.set()

    await await_until(lambda: bool(sink.written))
    assert sink.written == [join([packet(4, "error"), packet(5)], compressed=False)]


async def test_no_write_of_the_backlog_is_big() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [1]
    case = Case(sink=sink, limit=100)

    case.outbox.offer([packet(number, "section_text", size=10 * KIB) for number in range(1, 31)])
    sink.writable.set()

    await await_until(lambda: len(sink.written) == 5)
    assert max(map(len, sink.written)) < WRITE_BYTES + KIB


async def test_a_client_that_says_nothing_is_sent_only_so_much() -> None:
    case = Case(unheard_bytes=10 * KIB)
    case.client.reads.set()

    for number in range(1, 5):
        case.outbox.offer([packet(number, "error", size=4 * KIB)])
        await await_until(lambda count=number: len(case.client.received) >= min(count, 3))  # type: ignore[misc]

    assert case.client.received == [1, 2, 3]
    assert case.closed_for == [Reason.TOO_SLOW]


async def test_a_client_that_speaks_is_sent_more() -> None:
    case = Case(unheard_bytes=10 * KIB)
    case.client.reads.set()

    for number in range(1, 8):
        case.outbox.offer([packet(number, "error", size=4 * KIB)])
        await await_until(lambda count=number: len(case.client.received) == count)  # type: ignore[misc]
        case.outbox.heard()

    assert case.closed_for == []


async def test_a_replay_to_a_client_that_says_nothing_stops() -> None:
    case = Case(unheard_bytes=10 * KIB)
    case.client.reads.set()

    await case.outbox.replay([packet(number, "error", size=4 * KIB) for number in range(1, 9)])

    assert case.client.received == [1, 2, 3]
    assert case.closed_for == [Reason.TOO_SLOW]


async def test_a_socket_is_fast_again_only_after_its_backlog_is_gone() -> None:
    sink = FakeSink(writable=False)
    sink.unacknowledged = [1]
    case = Case(sink=sink)
    speeds: list[bool] = []
    case.outbox.on_speed_change = lambda changed: speeds.append(changed.write is not None)

    case.outbox.offer([packet(1)])
    assert case.outbox.write is None
    sink.writable.set()

    await await_until(lambda: case.outbox.write is not None)
    assert speeds == [False, True]


async def test_a_socket_that_is_not_writable_is_not_fast() -> None:
    sink = FakeSink()
    case = Case(sink=sink)
    assert case.outbox.write is not None

    sink.writable.clear()

    assert case.outbox.write is None


@pytest.mark.parametrize(
    ("past", "fits"),
    [
        ([packet(number) for number in range(5)], True),
        ([packet(number) for number in range(6)], False),
        ([packet(1, size=4 * KIB)], True),
        ([packet(1, size=6 * KIB)], False),
    ],
)
async def test_a_past_is_offered_at_once_only_up_to_half_the_limits(past: list[Packet], fits: bool) -> None:
    case = Case(limit=10, backlog_bytes=10 * KIB)

    assert case.outbox.has_room_for(past) is fits
