"""The fold of the terminal client: any way to the same frames ends in the same state."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtime.terminal.fold import empty_state, find_operation, fold

KINDS = ("rc_analysis", "matching")
PROJECT = "6f1d7a52-0000-4000-8000-000000000001"


def envelope(sequence: int, event_type: str, operation_id: str | None, **fields: Any) -> dict[str, Any]:
    return {
        "type": event_type,
        "sequence": sequence,
        "project_id": PROJECT,
        "operation_id": operation_id,
        "attempt": 1,
        "timestamp": f"2026-01-01T00:00:{sequence % 60:02d}.000Z",
        **fields,
    }


def changed(
    sequence: int, operation_id: str, status: str, *, kind: str = "rc_analysis", **fields: Any
) -> dict[str, Any]:
    defaults = {"kind": kind, "status": status, "progress": 0, "eta_seconds": None, "requested_by": "alice"}
    return envelope(sequence, "operation", operation_id, **{**defaults, **fields})


def progressed(sequence: int, operation_id: str | None, progress: int, **fields: Any) -> dict[str, Any]:
    step = {"progress": progress, "status": "analyzing", "message": "Lecture", **fields}
    return envelope(sequence, "rc_analysis_progress", operation_id, **step)


def fold_all(frames: list[dict[str, Any]], state: dict[str, Any] | None = None) -> dict[str, Any]:
    state = state or empty_state()
    for frame in frames:
        state = fold(state, frame)
    return state


def as_snapshot(state: dict[str, Any]) -> dict[str, Any]:
    return {"type": "snapshot", **state}


def event_of(kind: str, sequence: int, operation_id: str | None, *, status: str, progress: int) -> dict[str, Any]:
    fields: dict[str, dict[str, Any]] = {
        "operation": {
            "kind": KINDS[1] if operation_id == "b-1" else KINDS[0],
            "status": status,
            "progress": progress,
            "eta_seconds": 1.5,
            "requested_by": None,
        },
        "rc_analysis_progress": {"progress": progress, "status": "analyzing", "message": str(sequence)},
        "error": {"operation": "x", "code": "c", "error": "E.", "retryable": True},
        "completion": {"operation": "x", "result": {"n": sequence}},
        "section_text": {"section_id": "s", "position": 0, "text": "t"},
    }
    return envelope(sequence, kind, operation_id, **fields[kind])


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Frames of a topic in the order of the log, of all kinds, also about operations nobody announced."""
    kinds = st.sampled_from(["operation", "rc_analysis_progress", "error", "completion", "section_text"])
    return [
        event_of(
            draw(kinds),
            sequence,
            draw(st.sampled_from([None, "a-1", "a-2", "b-1"])),
            status=draw(st.sampled_from(["pending", "running", "cancelling", "succeeded", "failed", "cancelled"])),
            progress=draw(st.integers(0, 100)),
        )
        for sequence in range(1, draw(st.integers(1, 25)) + 1)
    ]


@given(histories(), st.data())
def test_a_snapshot_and_the_frames_after_it_fold_to_the_state_of_all_frames(
    frames: list[dict[str, Any]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(frames)))
    snapshot = as_snapshot(fold_all(frames[:cut]))

    state = fold_all([snapshot, *frames[cut:]])

    assert state == fold_all(frames)


@given(histories(), st.data())
def test_frames_that_come_twice_change_nothing(frames: list[dict[str, Any]], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(frames)))
    end = data.draw(st.integers(start, len(frames)))

    state = fold_all([*frames[:end], *frames[start:end], *frames[end:]])

    assert state == fold_all(frames)


@given(histories())
def test_the_given_state_is_left_as_it_is(frames: list[dict[str, Any]]) -> None:
    state = empty_state()
    for frame in frames:
        before = copy.deepcopy(state)

        following = fold(state, frame)

        assert state == before
        state = following


def test_an_unknown_operation_replaces_the_one_of_its_kind_and_is_created_then() -> None:
    state = fold_all([changed(1, "a-1", "failed"), changed(2, "b-1", "running", kind="matching")])

    state = fold(state, changed(3, "a-2", "pending", attempt=0))

    assert [entry["operation_id"] for entry in state["operations"]] == ["a-2", "b-1"]
    assert state["operations"][0] == {
        "operation_id": "a-2",
        "kind": "rc_analysis",
        "status": "pending",
        "attempt": 0,
        "progress": 0,
        "eta_seconds": None,
        "requested_by": "alice",
        "step": None,
        "error": None,
        "result": None,
        "created_at": "2026-01-01T00:00:03.000Z",
        "started_at": None,
        "finished_at": None,
    }


def test_a_run_leaves_its_step_its_result_and_its_instants() -> None:
    result = {"analysis_id": "x"}
    frames = [
        changed(1, "a-1", "pending", attempt=0),
        changed(2, "a-1", "running"),
        progressed(3, "a-1", 40, eta_seconds=2.5),
        envelope(4, "completion", "a-1", operation="rc_analysis", result=result),
        changed(5, "a-1", "succeeded", progress=100, eta_seconds=0),
    ]

    entry = find_operation(fold_all(frames), "a-1")

    assert entry is not None
    assert entry["step"] == {"status": "analyzing", "message": "Lecture"}
    assert (entry["progress"], entry["eta_seconds"], entry["attempt"]) == (100, 0, 1)
    assert entry["result"] == result
    assert entry["started_at"] == "2026-01-01T00:00:02.000Z"
    assert entry["finished_at"] == "2026-01-01T00:00:05.000Z"


def test_a_new_attempt_starts_clean() -> None:
    frames = [
        changed(1, "a-1", "running"),
        progressed(2, "a-1", 40),
        envelope(3, "error", "a-1", operation="rc_analysis", code="worker_lost", error="Perdu.", retryable=True),
        changed(4, "a-1", "failed", progress=40),
    ]

    failed = find_operation(fold_all(frames), "a-1")
    waiting = find_operation(fold_all([*frames, changed(5, "a-1", "pending")]), "a-1")

    assert failed is not None
    assert failed["error"] == {"code": "worker_lost", "error": "Perdu.", "retryable": True}
    assert waiting is not None
    assert waiting["created_at"] == failed["created_at"]
    assert [waiting[name] for name in ("step", "error", "result", "started_at", "finished_at")] == [None] * 5


def test_a_missing_frame_does_not_stop_the_fold() -> None:
    state = fold_all([changed(1, "a-1", "running"), progressed(9, "a-1", 80)])

    assert state["sequence"] == 9
    assert state["operations"][0]["progress"] == 80


def test_an_event_of_no_known_operation_only_moves_the_position() -> None:
    state = fold_all([progressed(1, None, 10), progressed(2, "a-9", 10)])

    assert state == {**empty_state(), "sequence": 2}


def test_a_control_frame_changes_nothing() -> None:
    state = fold_all([changed(1, "a-1", "running")])

    assert fold(state, {"type": "heartbeat", "head": 12}) is state
    assert fold(state, {"type": "welcome", "head": 12, "epoch": "other"}) is state


def test_a_snapshot_replaces_a_state_of_another_epoch() -> None:
    state = fold_all([changed(7, "a-1", "running")])

    state = fold(state, {"type": "snapshot", "sequence": 2, "epoch": "e2", "operations": [], "sections": []})

    assert state == {"sequence": 2, "epoch": "e2", "operations": [], "sections": []}
