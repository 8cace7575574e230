"""
Encode what goes out: control frames as JSON text, and a text as one finished WebSocket frame, plain or compressed.

Source: PROTOCOL.md, "Control frames", "Compression"; RFC 6455 §5.2 (a server never masks); RFC 7692 §7.2.1.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

_FINAL_TEXT = 0x81
_FINAL_COMPRESSED_TEXT = 0xC1
#: Four fifths of what the best level saves, in a quarter of its time: 64 KiB must not hold up the event loop.
DEFLATE_LEVEL = 1
#: Window of the compressor (32 KiB), negative for deflate without a header.
_RAW_WINDOW_BITS = -15
#: What a sync flush ends with; RFC 7692 leaves it out.
_EMPTY_BLOCK_BYTES = 4


def control(frame_type: str, **fields: Any) -> str:
    """Return the JSON text of a control frame."""
    return json.dumps({"type": frame_type, **fields}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def to_websocket(text: str) -> bytes:
    """Return a text as one unmasked, uncompressed WebSocket frame, ready for any number of transports."""
    return _frame(_FINAL_TEXT, text.encode())


def to_compressed_websocket(text: str) -> bytes:
    """
    Return a text as one compressed frame that depends on no frame before it (no context takeover).

    For any number of transports that negotiated permessage-deflate with a window of 32 KiB.
    """
    compressor = zlib.compressobj(DEFLATE_LEVEL, zlib.DEFLATED, _RAW_WINDOW_BITS)
    compressed = compressor.compress(text.encode()) + compressor.flush(zlib.Z_SYNC_FLUSH)
    return _frame(_FINAL_COMPRESSED_TEXT, compressed[:-_EMPTY_BLOCK_BYTES])


def _frame(first_byte: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((first_byte, length)) + payload
    if length < 1 << 16:
        return bytes((first_byte, 126)) + length.to_bytes(2, "big") + payload
    return bytes((first_byte, 127)) + length.to_bytes(8, "big") + payload
