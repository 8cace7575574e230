"""Frames as server-sent events: what a browser would read back is what was sent."""

from __future__ import annotations

import json

import pytest

from realtime import frames
from realtime.eventlog import Head
from realtime.server_sent_events import parse_event_id, position_of, to_message, to_retry

EPOCH = "3f9b6c0d81e7a254"


def test_a_logged_event_carries_its_position() -> None:
    frame = '{"type":"error","sequence":12,"error":"Non."}'

    assert to_message(frame, epoch=EPOCH) == f"id: {EPOCH}:12\ndata: {frame}\n\n"


def test_a_heartbeat_is_a_comment() -> None:
    assert to_message(frames.control("heartbeat", head=7), epoch=EPOCH) == ": heartbeat 7\n\n"


def test_a_control_frame_moves_no_position() -> None:
    frame = frames.control("welcome", head=7)

    assert to_message(frame, epoch=EPOCH) == f"data: {frame}\n\n"


@pytest.mark.parametrize(
    "text", ['{"type":"reply","result":{"sequence":5}}', "pong", '{"type":"x","sequences":5}', "{}"]
)
def test_only_a_sequence_of_the_frame_itself_is_a_position(text: str) -> None:
    assert position_of(text) is None


def test_a_text_with_line_breaks_stays_on_one_line() -> None:
    frame = frames.control("error", error="a\nb\rc\r\nd\u2028e")

    message = to_message(frame, epoch=EPOCH)

    assert message.count("\n") == 2
    assert "\r" not in message
    assert json.loads(message.removeprefix("data: "))["error"] == "a\nb\rc\r\nd\u2028e"


@pytest.mark.parametrize(
    ("value", "position"),
    [
        (f"{EPOCH}:0", Head(EPOCH, 0)),
        (f"{EPOCH}:41", Head(EPOCH, 41)),
        ("41", None),
        (":41", None),
        (f"{EPOCH}:", None),
        (f"{EPOCH}:-1", None),
        (f"{EPOCH}:²", None),
        (f"{EPOCH}:" + "9" * 19, None),
        ("", None),
    ],
)
def test_a_position_is_read_back_or_not_at_all(value: str, position: Head | None) -> None:
    assert parse_event_id(value) == position


def test_a_wait_is_a_field_of_its_own() -> None:
    assert to_retry(250) == "retry: 250\n"
