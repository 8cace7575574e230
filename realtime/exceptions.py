"""
What can go wrong in `realtime`, one class per meaning.

    RealtimeError
    ├── AuthenticationFailed   who are you?            (code from `close_codes.Reason`)
    ├── CommandRejected        that command: no        (code listed in PROTOCOL.md)
    ├── EventTooLarge          that event: no, it is too long
    └── EventNotEncodable      that event: no, JSON has no words for it
"""

from __future__ import annotations

from realtime.close_codes import Reason


class RealtimeError(Exception):
    """Base of all errors of this app."""


class AuthenticationFailed(RealtimeError):
    """The token or ticket does not open a socket; `reason` says why, in words safe to send."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class CommandRejected(RealtimeError):
    """A command was understood and refused; `code` and `message` are safe to send."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class EventTooLarge(RealtimeError):
    """
    The encoded event is bigger than `REALTIME_MAX_EVENT_BYTES`, or the result of a completion outside an operation
    than `REALTIME_MAX_RESULT_BYTES`; put large results behind REST.
    """


class EventNotEncodable(RealtimeError):
    """The event holds what no JSON in UTF-8 can say: NaN, an infinity, or half of a surrogate pair."""
