"""
Encode what goes out: control frames as JSON text, and a text as one finished WebSocket frame.

Source: PROTOCOL.md, "Control frames"; RFC 6455 §5.2 (a server never masks).
"""

from __future__ import annotations

import json
from typing import Any

_FINAL_TEXT = 0x81


def control(frame_type: str, **fields: Any) -> str:
    """Return the JSON text of a control frame."""
    return json.dumps({"type": frame_type, **fields}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def to_websocket(text: str) -> bytes:
    """Return a text as one unmasked, uncompressed WebSocket frame, ready for any number of transports."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((_FINAL_TEXT, length)) + payload
    if length < 1 << 16:
        return bytes((_FINAL_TEXT, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_FINAL_TEXT, 127)) + length.to_bytes(8, "big") + payload
