"""
What a user's notifications add up to: the snapshot and the events after it. Pure; knows no socket.

Source: PROTOCOL.md, "Folding notifications".
"""

from __future__ import annotations

from typing import Any

from realtime.terminal.fold import Frame, State

#: The keys of a state; a snapshot carries them all.
STATE_KEYS = ("sequence", "epoch", "unread_count", "notifications")
#: Newest notifications that the state keeps.
LISTED = 50
#: What a `notification` event says of its notification, in the words of the state.
TOLD = ("notification_id", "kind", "title", "text", "url", "project_id", "operation_id")


def empty_state() -> State:
    """Return the state before any frame: sequence 0, no epoch, nothing told."""
    return {"sequence": 0, "epoch": "", "unread_count": 0, "notifications": []}


def fold(state: State, frame: Frame) -> State:
    """
    Return the state after a frame; the given state is left as it is.

    A snapshot replaces the state. An event that was seen already and a control frame change nothing.
    """
    if frame.get("type") == "snapshot":
        return {key: frame[key] for key in STATE_KEYS}
    sequence = frame.get("sequence")
    if not isinstance(sequence, int) or sequence <= state["sequence"]:
        return state
    moved = {**state, "sequence": sequence}
    if frame["type"] == "notification":
        fresh = {**{name: frame[name] for name in TOLD}, "created_at": frame["timestamp"], "read": False}
        listed = [fresh, *state["notifications"]][:LISTED]
        return {**moved, "unread_count": frame["unread_count"], "notifications": listed}
    if frame["type"] == "notification_read":
        listed = [_mark(entry, frame["notification_ids"]) for entry in state["notifications"]]
        return {**moved, "unread_count": frame["unread_count"], "notifications": listed}
    return moved


def _mark(entry: dict[str, Any], ids: list[str] | str) -> dict[str, Any]:
    return {**entry, "read": True} if ids == "all" or entry["notification_id"] in ids else entry
