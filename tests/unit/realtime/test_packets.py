import json

import pytest
from pytest_django import Settings
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.protocol import Protocol, Side

from realtime import frames
from realtime.packets import Packet, join, without_superseded


def packet(sequence: int, kind: str = "rc_analysis_progress", operation: str | None = "op-1", text: str = "") -> Packet:
    fields = {"type": kind, "sequence": sequence, "operation_id": operation, "text": text}
    return Packet(sequence, json.dumps(fields, ensure_ascii=False))


TEXT = "Notre équipe est composée de quatre personnes ; elle répond sous un jour. " * 40


def read(data: bytes) -> list[str]:
    """Return the texts as another implementation reads them after negotiating compression without context takeover."""
    client = Protocol(Side.CLIENT)
    client.extensions = [PerMessageDeflate(True, True, 15, 15)]
    client.receive_data(data)
    return [bytes(frame.data).decode() for frame in client.events_received()]  # type: ignore[union-attr]


def test_only_progress_of_the_same_operation_is_superseded() -> None:
    packets = [
        packet(1),
        packet(2, operation="op-2"),
        packet(3),
        packet(4, "completion"),
        packet(5, "section_text"),
        packet(6, "error"),
        packet(7, "operation"),
        packet(8, "section"),
        packet(9, "section_done"),
        packet(10, "notification"),
        packet(11),
    ]

    assert [kept.sequence for kept in without_superseded(packets)] == [2, *range(4, 12)]


def test_progress_of_no_operation_is_never_left_out() -> None:
    packets = [packet(1, operation=None), packet(2, operation=None)]

    assert without_superseded(packets) == packets


def test_a_text_that_only_quotes_a_type_is_kept() -> None:
    quoting = Packet(1, '{"text": "\\"type\\": \\"rc_analysis_progress\\"", "type": "error"}')

    assert quoting.superseded_with is None


def test_big_bodies_are_not_parsed_to_see_that_they_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(json, "loads", refuse)

    assert Packet(1, '{"type":"section_text","text":"…"}').superseded_with is None


def test_a_large_text_is_compressed_and_a_small_one_is_not(settings: Settings) -> None:
    settings.REALTIME_DEFLATE_MIN_BYTES = 500
    large, small = packet(1, text=TEXT), packet(2)

    assert len(large.compressed_frame) < len(large.frame) / 2
    assert small.compressed_frame is small.frame
    assert read(join([small, large, small, large], compressed=True)) == [small.body, large.body, small.body, large.body]
    assert read(join([small, large], compressed=False)) == [small.body, large.body]


def test_what_does_not_shrink_stays_plain(settings: Settings) -> None:
    settings.REALTIME_DEFLATE_MIN_BYTES = 1
    dense = Packet(1, '{"a":[7,0]}')

    assert dense.compressed_frame is dense.frame


def test_without_a_least_size_nothing_is_compressed(settings: Settings) -> None:
    settings.REALTIME_DEFLATE_MIN_BYTES = 0
    large = packet(1, text=TEXT)

    assert large.compressed_frame is large.frame


def test_frames_are_built_and_compressed_once_for_all_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"plain": 0, "compressed": 0}
    plain, compressed = frames.to_websocket, frames.to_compressed_websocket

    def count_plain(text: str) -> bytes:
        counts["plain"] += 1
        return plain(text)

    def count_compressed(text: str) -> bytes:
        counts["compressed"] += 1
        return compressed(text)

    monkeypatch.setattr(frames, "to_websocket", count_plain)
    monkeypatch.setattr(frames, "to_compressed_websocket", count_compressed)
    large = packet(1, text=TEXT)

    for _ in range(5):
        join([large], compressed=True)
        join([large], compressed=False)

    assert counts == {"plain": 1, "compressed": 1}


def test_the_size_is_that_of_the_bytes() -> None:
    assert (Packet(1, "abc").size, Packet(1, "éé").size) == (3, 4)
