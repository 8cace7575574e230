"""
permessage-deflate for large messages only: small ones leave plain, and no socket keeps a compressor.

Source: RFC 7692; PROTOCOL.md, "Compression"; docs/adr/0019-flow-control.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from websockets.exceptions import NegotiationError
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame
from websockets.typing import ExtensionParameter

from realtime.frames import DEFLATE_LEVEL

#: Window of the shared compressed frames, in bits; a client that asks for less gets plain frames.
WINDOW_BITS = 15


class LargeMessageDeflate(PerMessageDeflate):
    """The extension of one socket, which leaves messages below a size as they are (RFC 7692 §6: RSV1 says which)."""

    least_bytes = 0

    def encode(self, frame: Frame) -> Frame:
        """Compress a large message."""
        return frame if len(frame.data) < self.least_bytes else super().encode(frame)


class LargeMessageDeflateFactory(ServerPerMessageDeflateFactory):
    """
    Negotiates compression without context takeover in either direction.

    Args:
        least_bytes: shortest message that is compressed.
    """

    def __init__(self, *, least_bytes: int) -> None:
        super().__init__(
            server_no_context_takeover=True,
            client_no_context_takeover=True,
            compress_settings={"level": DEFLATE_LEVEL},
        )
        self._least_bytes = least_bytes

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[object]
    ) -> tuple[list[ExtensionParameter], LargeMessageDeflate]:
        """
        Answer a client's offer.

        Raises:
            NegotiationError: the offer is malformed, or asks for a window smaller than that of the shared frames.
        """
        answer, accepted = super().process_request_params(params, accepted_extensions)  # type: ignore[arg-type]
        if accepted.local_max_window_bits < WINDOW_BITS:
            raise NegotiationError("the window is too small for frames that all sockets share")
        extension = LargeMessageDeflate(
            accepted.remote_no_context_takeover,
            accepted.local_no_context_takeover,
            accepted.remote_max_window_bits,
            accepted.local_max_window_bits,
            accepted.compress_settings,
        )
        extension.least_bytes = self._least_bytes
        return answer, extension
