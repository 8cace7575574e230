"""The central property: a snapshot and the events after it add up to what the database says, wherever they part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from proposals import lifecycle, operations, reaper, runner, selectors
from proposals.exceptions import OperationFailed
from proposals.jobs import Run
from proposals.models import Operation, Project, User
from realtime import eventlog, topics
from realtime.terminal.fold import empty_state, fold
from tests.fakes import ScriptedJob, report
from tests.integration.operations.test_lifecycle import let_lease_expire

pytestmark = pytest.mark.django_db(transaction=True)

Script = Callable[..., ScriptedJob]
Events = Callable[[], list[dict[str, Any]]]
Frame = dict[str, Any]
KIND = Operation.Kind.RC_ANALYSIS


class Life:
    """A project's history with everything in it, and a snapshot taken at each step."""

    def __init__(self, project: Project, by: User) -> None:
        self.project = project
        self.by = by
        self.snapshots: list[Frame] = []

    def snap(self, _: Run | None = None) -> None:
        """Take the snapshot that a socket would get now."""
        head, state = eventlog.read_consistently(
            topics.for_project(self.project.id), lambda: selectors.project_state(self.project.id)
        )
        self.snapshots.append({"type": "snapshot", "sequence": head.sequence, "epoch": head.epoch, **state})

    def live(self, script: Script) -> None:
        self.snap()
        script(report(10), self.snap, report(40), self.snap, report(30), result={"criteria_total": 2})
        self._run(self._start())
        script(report(20), self._fail)
        failed = self._start()
        self._run(failed)
        operations.retry(failed)
        self.snap()
        script(report(50), self.snap, lambda run: operations.cancel(run.operation), self.snap, report(60))
        self._run(failed)
        script(report(70), self.snap)
        lost = self._start()
        lifecycle.claim(lost.id, now=lifecycle.current_time())
        self.snap()
        let_lease_expire(lost)
        reaper.reap(now=lifecycle.current_time())
        self._run(lost)
        operations.cancel(self._start())
        self.snap()

    def _start(self) -> Operation:
        operation = operations.start(project=self.project, kind=KIND, by=self.by)[0]
        self.snap()
        return operation

    def _run(self, operation: Operation) -> None:
        runner.run(operation.id)
        self.snap()

    def _fail(self, _: Run) -> None:
        raise OperationFailed(code="pdf_damaged", user_message="Ce PDF est endommagé.", retryable=False)


@pytest.fixture
def life(project: Project, alice: User, script: Script) -> Life:
    life = Life(project, alice)
    life.live(script)
    return life


def fold_all(start: Frame, frames: list[Frame]) -> Frame:
    state = start
    for frame in frames:
        state = fold(state, frame)
    return state


def what_matters(state: Frame) -> Frame:
    return {key: state[key] for key in ("sequence", "operations", "sections")}


def test_folding_from_every_snapshot_ends_in_the_database(life: Life, events: Events) -> None:
    final = what_matters(life.snapshots[-1])
    log = events()

    assert len(life.snapshots) > 15
    for snapshot in life.snapshots:
        rest = [event for event in log if event["sequence"] > snapshot["sequence"]]
        assert what_matters(fold_all(fold(empty_state(), snapshot), rest)) == final


def test_folding_from_the_very_beginning_passes_through_every_snapshot(life: Life, events: Events) -> None:
    log = events()

    for snapshot in life.snapshots:
        past = [event for event in log if event["sequence"] <= snapshot["sequence"]]
        assert what_matters(fold_all(empty_state(), past)) == what_matters(snapshot)


def test_repeated_events_change_nothing(life: Life, events: Events) -> None:
    log = events()
    repeated = [again for event in log for again in (event, event)]

    assert what_matters(fold_all(empty_state(), repeated + log)) == what_matters(life.snapshots[-1])


def test_superseded_progress_may_be_missing(life: Life, events: Events) -> None:
    log = events()
    kept = [
        event
        for event, following in zip(log, [*log[1:], None], strict=True)
        if not (event["type"].endswith("_progress") and following and following["type"] == event["type"])
    ]

    assert len(kept) < len(log)
    assert what_matters(fold_all(empty_state(), kept)) == what_matters(life.snapshots[-1])
