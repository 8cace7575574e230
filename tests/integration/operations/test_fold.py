"""The central property: a snapshot and the events after it add up to what the database says, wherever they part."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from proposals import jobs, lifecycle, operations, plan_editing, reaper, runner, section_editing, sections, selectors
from proposals.exceptions import OperationFailed
from proposals.jobs import Run
from proposals.models import Operation, Project, Section, User
from proposals.plan_editing import PlanRow
from proposals.writing import PlannedSection
from realtime import eventlog, topics
from realtime.terminal.fold import empty_state, fold
from tests.fakes import ScriptedJob, report
from tests.integration.operations.test_lifecycle import let_lease_expire
from tests.integration.sections.conftest import WRITTEN

pytestmark = pytest.mark.django_db(transaction=True)

Step = Callable[[Run], object]
Script = Callable[..., ScriptedJob]
Events = Callable[[], list[dict[str, Any]]]
Frame = dict[str, Any]

#: A result that goes by reference.
LARGE: dict[str, Any] = {"lines": ["é" * 1000] * 20, "score": 0.5}


class Life:
    """A project's history with everything in it, and a snapshot taken at each step."""

    kind: Operation.Kind

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
        raise NotImplementedError

    def _start(self) -> Operation:
        operation = operations.start(project=self.project, kind=self.kind, by=self.by)[0]
        self.snap()
        return operation

    def _run(self, operation: Operation) -> None:
        runner.run(operation.id)
        self.snap()

    def _fail(self, _: Run) -> None:
        raise OperationFailed(code="pdf_damaged", user_message="Ce PDF est endommagé.", retryable=False)

    def _lose_worker(
        self, operation: Operation, *, meanwhile: Callable[[Operation], object] = lambda run: None
    ) -> None:
        claimed = lifecycle.claim(operation.id, now=lifecycle.current_time())
        assert claimed is not None
        self.snap()
        meanwhile(claimed)
        self.snap()
        let_lease_expire(operation)
        reaper.reap(now=lifecycle.current_time())
        self.snap()


class LifeOfOperations(Life):
    """Operations succeed, fail, are retried and cancelled, and lose their worker."""

    kind = Operation.Kind.RC_ANALYSIS

    def _complete(self, run: Run) -> None:
        run.progress.send_completion(self.project.id, "rc_analysis", LARGE)

    def live(self, script: Script) -> None:
        self.snap()
        script(report(10), self.snap, report(40), self.snap, report(30), result={"criteria_total": 2})
        self._run(self._start())
        script(report(10), self._complete, self.snap, result=LARGE)
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
        self._lose_worker(lost)
        self._run(lost)
        operations.cancel(self._start())
        self.snap()


class LifeOfSections(Life):
    """Sections are planned, written, given up, locked, edited, restored, moved and removed."""

    kind = Operation.Kind.GENERATION

    def live(self, script: Script) -> None:
        self.snap()
        first, second, third = sections.store_plan(self.project, _plan("Moyens", "Méthode", "Planning"), by=self.by)
        self.snap()
        script(*self._write(first), self._finish(first), report(40), report(60), *self._write(second), self._fail)
        operation = self._start()
        self._run(operation)
        section_editing.edit(first, text="À la main 🙂.", version=1, by=self.by)
        self.snap()
        operations.retry(operation)
        self._lose_worker(operation, meanwhile=lambda run: _begin_and_grow(second, run))
        script(*self._write(second), lambda run: section_editing.lock(second), self.snap, self._finish(second))
        self._run(operation)
        section_editing.unlock(second)
        section_editing.restore(first, number=1, version=2, by=self.by)
        self.snap()
        self._edit_plan(PlanRow(id=third.id, title="Calendrier", words_budget=300), gone=(first, second))
        sections.store_plan(self.project, _plan("Tout autre"), by=self.by)
        self.snap()
        self._abandon_what_a_lost_worker_left(script)

    def _edit_plan(self, row: PlanRow, *, gone: tuple[Section, ...]) -> None:
        fresh = PlanRow(id=None, title="Neuf", words_budget=80)
        version = plan_editing.plan_version(selectors.plan(self.project.id))
        removed = [section.id for section in gone]
        plan_editing.edit_plan(self.project, [fresh, row], version=version, by=self.by, removed=removed)
        self.snap()

    def _abandon_what_a_lost_worker_left(self, script: Script) -> None:
        (section,) = selectors.project_sections(self.project.id)
        script()
        operation = self._start()
        self._lose_worker(operation, meanwhile=lambda run: _begin_and_grow(section, run))
        operations.cancel(operation)
        self.snap()

    def _write(self, section: Section) -> list[Step]:
        begin = _in_transaction(lambda run: sections.begin(section.id, operation=run.operation))
        grow = [
            _in_transaction(partial(_grow, section, position=position, text=text))
            for position, text in ((0, "👩‍💻 et vous"), (6, "nous"))
        ]
        return [begin, self.snap, grow[0], self.snap, grow[1], self.snap]

    def _finish(self, section: Section) -> Step:
        return _in_transaction(
            lambda run: sections.finish(section.id, operation=run.operation, started_version=0, **WRITTEN)
        )


def _plan(*titles: str) -> list[PlannedSection]:
    return [PlannedSection(title=title) for title in titles]


def _grow(section: Section, run: Run, *, position: int, text: str) -> None:
    sections.append(section.id, operation=run.operation, position=position, text=text)


@transaction.atomic
def _begin_and_grow(section: Section, operation: Operation) -> None:
    sections.begin(section.id, operation=operation)
    sections.append(section.id, operation=operation, position=0, text="Perdu 🙂")


def _in_transaction(act: Step) -> Step:
    def step(run: Run) -> None:
        with run.transaction():
            act(run)

    return step


@pytest.fixture(params=[LifeOfOperations, LifeOfSections])
def life(request: pytest.FixtureRequest, project: Project, alice: User, monkeypatch: pytest.MonkeyPatch) -> Life:
    life: Life = request.param(project, alice)

    def script(*steps: Step, **options: Any) -> ScriptedJob:
        job = ScriptedJob(*steps, **options)
        monkeypatch.setitem(jobs.JOBS, life.kind, job.job)
        return job

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
