"""
State from frames: what a snapshot and the events after it add up to. Pure; knows no socket.

Source: PROTOCOL.md, "State and fold".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

State = dict[str, Any]
Frame = dict[str, Any]

#: The keys of a state; a snapshot carries them all.
STATE_KEYS = ("sequence", "epoch", "operations", "sections")
#: The fields of a progress event that are not its step.
ENVELOPE = frozenset(
    {"type", "sequence", "project_id", "operation_id", "attempt", "timestamp", "progress", "eta_seconds"}
)
PROGRESS_SUFFIX = "_progress"
#: What a `section` event says of its section.
SECTION_FIELDS = (
    "section_id",
    "order",
    "title",
    "status",
    "version",
    "locked",
    "edited",
    "words_budget",
    "length",
    "sha256",
    "quality_score",
)
FINISHED = frozenset({"succeeded", "failed", "cancelled"})

_FRESH: dict[str, Any] = {"step": None, "error": None, "result": None, "finished_at": None}


def empty_state() -> State:
    """Return the state before any frame: sequence 0, no epoch, nothing known."""
    return {"sequence": 0, "epoch": "", "operations": [], "sections": []}


def fold(state: State, frame: Frame) -> State:
    """
    Return the state after a frame; the given state is left as it is.

    A snapshot replaces the state. An event that was seen already (`sequence` not above the state's) and a control
    frame change nothing. Events may be missing in between: superseded progress is.

    Args:
        state: with the keys STATE_KEYS; `operations`, at most one per kind, and `sections`, in their order, are as
            PROTOCOL.md describes them.
        frame: a decoded JSON frame of the server.
    """
    if frame.get("type") == "snapshot":
        return {key: frame[key] for key in STATE_KEYS}
    sequence = frame.get("sequence")
    if not isinstance(sequence, int) or sequence <= state["sequence"]:
        return state
    return {
        **state,
        "sequence": sequence,
        "operations": _fold_operations(state["operations"], frame),
        "sections": _fold_sections(state["sections"], frame),
    }


def find_operation(state: State, operation_id: str) -> dict[str, Any] | None:
    """Return an operation of the state, None when the state does not know it."""
    return next((entry for entry in state["operations"] if entry["operation_id"] == operation_id), None)


def has_unfinished(state: State) -> bool:
    """Tell whether any operation of a state waits or runs."""
    return any(entry["status"] not in FINISHED for entry in state["operations"])


def _fold_operations(operations: list[dict[str, Any]], frame: Frame) -> list[dict[str, Any]]:
    operation_id = frame.get("operation_id")
    known = [entry["operation_id"] for entry in operations]
    if operation_id in known:
        return [_change(entry, frame) if entry["operation_id"] == operation_id else entry for entry in operations]
    if operation_id is None or frame["type"] != "operation":
        return operations
    return _replace_kind(operations, _change(_created(frame), frame))


def _replace_kind(operations: list[dict[str, Any]], fresh: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = [entry["kind"] for entry in operations]
    if fresh["kind"] not in kinds:
        return [*operations, fresh]
    return [fresh if entry["kind"] == fresh["kind"] else entry for entry in operations]


def _created(frame: Frame) -> dict[str, Any]:
    created = {"operation_id": frame["operation_id"], "created_at": frame["timestamp"], "started_at": None}
    return {**created, **_FRESH}


def _change(entry: dict[str, Any], frame: Frame) -> dict[str, Any]:
    kind = frame["type"]
    if kind == "operation":
        return {**entry, **_changed_state(frame)}
    if kind == "error":
        return {**entry, "error": {name: frame[name] for name in ("code", "error", "retryable")}}
    if kind == "completion":
        return {**entry, "result": frame["result"]}
    if kind.endswith(PROGRESS_SUFFIX):
        return {**entry, **_progressed(frame)}
    return entry


def _changed_state(frame: Frame) -> dict[str, Any]:
    names = ("kind", "status", "progress", "eta_seconds", "requested_by", "attempt")
    changed = {name: frame[name] for name in names}
    if frame["status"] == "pending":
        return {**changed, **_FRESH, "started_at": None}
    if frame["status"] == "running":
        return {**changed, **_FRESH, "started_at": frame["timestamp"]}
    if frame["status"] in FINISHED:
        return {**changed, "finished_at": frame["timestamp"]}
    return changed


def _progressed(frame: Frame) -> dict[str, Any]:
    step = {name: value for name, value in frame.items() if name not in ENVELOPE}
    return {
        "progress": frame["progress"],
        "eta_seconds": frame.get("eta_seconds"),
        "attempt": frame["attempt"],
        "step": step,
    }


def _fold_sections(sections: list[dict[str, Any]], frame: Frame) -> list[dict[str, Any]]:
    if frame["type"] == "section":
        return _place(sections, frame)
    if frame["type"] == "section_text":
        return _change_section(sections, frame, _grow)
    if frame["type"] == "section_done":
        return _change_section(sections, frame, _finished)
    return sections


def _place(sections: list[dict[str, Any]], frame: Frame) -> list[dict[str, Any]]:
    others = [entry for entry in sections if entry["section_id"] != frame["section_id"]]
    if frame["status"] == "removed":
        return others
    before = next((entry for entry in sections if entry["section_id"] == frame["section_id"]), None)
    text = ((before["text"] if before else None) or "") if frame["status"] == "writing" else None
    entry = {**{name: frame[name] for name in SECTION_FIELDS}, "text": text}
    return sorted([*others, entry], key=lambda entry: (entry["order"], entry["section_id"]))


def _change_section(
    sections: list[dict[str, Any]], frame: Frame, change: Callable[[dict[str, Any], Frame], dict[str, Any]]
) -> list[dict[str, Any]]:
    return [change(entry, frame) if entry["section_id"] == frame["section_id"] else entry for entry in sections]


def _grow(entry: dict[str, Any], frame: Frame) -> dict[str, Any]:
    text, position = entry["text"], frame["position"]
    if text is None or position > len(text):
        return entry
    return {**entry, "text": text[:position] + frame["text"]}


def _finished(entry: dict[str, Any], frame: Frame) -> dict[str, Any]:
    return {**entry, **{name: frame[name] for name in ("length", "sha256", "quality_score")}}
