import pytest
from websockets.exceptions import NegotiationError
from websockets.frames import Frame, Opcode

from realtime.compression import LargeMessageDeflateFactory

FACTORY = LargeMessageDeflateFactory(least_bytes=100)


@pytest.mark.parametrize("offer", [[], [("client_max_window_bits", None)], [("server_max_window_bits", "15")]])
def test_no_context_is_kept_in_either_direction(offer: list[tuple[str, str | None]]) -> None:
    answer, extension = FACTORY.process_request_params(offer, [])

    assert ("server_no_context_takeover", None) in answer
    assert ("client_no_context_takeover", None) in answer
    assert not hasattr(extension, "encoder")
    assert not hasattr(extension, "decoder")


def test_a_client_with_a_small_window_gets_plain_frames() -> None:
    with pytest.raises(NegotiationError):
        FACTORY.process_request_params([("server_max_window_bits", "10")], [])


def test_only_large_messages_are_compressed() -> None:
    _, extension = FACTORY.process_request_params([], [])
    small, large = Frame(Opcode.TEXT, b"x" * 99), Frame(Opcode.TEXT, b"x" * 100)

    assert extension.encode(small) is small
    assert extension.encode(large).rsv1
    assert extension.decode(extension.encode(large)).data == large.data
