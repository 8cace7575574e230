"""Run everything: each operation follows the one before it, and stops with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from proposals import jobs, operations, runner
from proposals.exceptions import AnalysisMissing, OperationFailed
from proposals.jobs import Job, Run
from proposals.models import Operation, Project, User
from tests.factories import make_analysis, make_document
from tests.fakes import Gate, ScriptedJob
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

Kind = Operation.Kind


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> dict[str, ScriptedJob]:
    """A job that does nothing for each kind."""
    made = {str(kind): ScriptedJob() for kind in Kind}
    for kind, script in made.items():
        monkeypatch.setitem(jobs.JOBS, kind, script.job)
    return made


def run_all(first: Operation) -> list[str]:
    """Run an operation and those that follow; return the kinds that ran."""
    waiting, ran = [first.id], []
    while waiting:
        operation_id: UUID = waiting.pop()
        runner.run(operation_id, enqueue=waiting.append)
        ran.append(Operation.objects.get(id=operation_id).kind)
    return ran


def fail(run: Run) -> None:
    raise OperationFailed(code="internal_error", user_message="Non.", retryable=True)


def test_each_operation_follows_the_one_before(
    project: Project, alice: User, scripts: dict[str, ScriptedJob], media_root: Any
) -> None:
    make_document(project)

    first, _ = operations.start_all(project=project, by=alice)

    assert run_all(first) == [str(kind) for kind in Kind]
    assert {row.status for row in Operation.objects.all()} == {Operation.Status.SUCCEEDED}
    assert {row.requested_by_id for row in Operation.objects.all()} == {alice.id}


def test_an_analysis_of_the_newest_rc_is_not_done_again(
    project: Project, scripts: dict[str, ScriptedJob], media_root: Any
) -> None:
    make_analysis(make_document(project))

    first, _ = operations.start_all(project=project, by=None)

    assert run_all(first) == ["matching", "generation", "document_generation"]


def test_a_failure_ends_the_row_and_a_retry_goes_on(
    project: Project, scripts: dict[str, ScriptedJob], media_root: Any
) -> None:
    make_document(project)
    scripts["matching"].steps = (fail,)
    first, _ = operations.start_all(project=project, by=None)
    assert run_all(first) == ["rc_analysis", "matching"]

    scripts["matching"].steps = ()
    again = operations.retry(Operation.objects.get(kind=Kind.MATCHING))

    assert run_all(again) == ["matching", "generation", "document_generation"]


def test_nothing_follows_an_operation_that_was_to_be_cancelled(
    project: Project, scripts: dict[str, ScriptedJob], media_root: Any
) -> None:
    make_document(project)

    def cancel_too_late(run: Run) -> None:
        operations.cancel(Operation.objects.get(id=run.operation.id))

    scripts["rc_analysis"].steps = (cancel_too_late,)
    first, _ = operations.start_all(project=project, by=None)

    assert run_all(first) == ["rc_analysis"]


def test_an_operation_that_lacks_its_input_fails_with_the_reason(
    project: Project, scripts: dict[str, ScriptedJob], media_root: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_document(project)

    def refuse(_: Project) -> None:
        raise AnalysisMissing

    monkeypatch.setitem(jobs.JOBS, "matching", Job(check=refuse, run=scripts["matching"].run))
    first, _ = operations.start_all(project=project, by=None)

    run_all(first)

    matching = Operation.objects.get(kind=Kind.MATCHING)
    assert matching.status == Operation.Status.FAILED
    assert matching.error is not None
    assert matching.error["code"] == "analysis_missing"


def test_a_run_that_says_nothing_hears_of_a_cancellation_within_a_second(
    project: Project, script: Callable[..., ScriptedJob], in_thread: Callable[[Operation], Any]
) -> None:
    gate = Gate()
    script(gate)
    operation, _ = operations.start(project=project, kind=Kind.RC_ANALYSIS, by=None)
    thread = in_thread(operation)
    assert gate.reached.wait(10)

    operations.cancel(operation)

    wait_until(lambda: not thread.is_alive(), seconds=2, what="the run to end before its lease is renewed")
    assert Operation.objects.get().status == Operation.Status.CANCELLED
