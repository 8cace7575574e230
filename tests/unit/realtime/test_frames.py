import pytest
from websockets.frames import Opcode
from websockets.protocol import Protocol, Side

from realtime.frames import control, to_websocket


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65535, 65536, 100_000])
def test_a_frame_of_any_length_is_read_back_by_another_implementation(length: int) -> None:
    text = "é" + "x" * (length - 2) if length > 1 else "x" * length
    client = Protocol(Side.CLIENT)

    client.receive_data(to_websocket(text))

    (frame,) = client.events_received()
    assert frame.opcode is Opcode.TEXT  # type: ignore[union-attr]
    assert bytes(frame.data).decode() == text  # type: ignore[union-attr]


def test_two_frames_in_one_write_stay_two() -> None:
    client = Protocol(Side.CLIENT)

    client.receive_data(to_websocket("one") + to_websocket("two"))

    assert [bytes(frame.data) for frame in client.events_received()] == [b"one", b"two"]  # type: ignore[union-attr]


def test_a_control_frame_refuses_what_browsers_cannot_parse() -> None:
    with pytest.raises(ValueError, match="JSON"):
        control("heartbeat", head=float("nan"))
