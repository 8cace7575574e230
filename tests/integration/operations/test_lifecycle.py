"""One lifecycle for any operation: start, run, end, and everything that may come between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from proposals import jobs, lifecycle, operations, reaper, runner
from proposals.exceptions import (
    IdempotencyKeyReused,
    KindNotAvailable,
    LeaseLost,
    NotCancellable,
    NotRetryable,
    OperationAlreadyRunning,
    OperationFailed,
)
from proposals.jobs import Run
from proposals.models import Operation, Project, User
from tests.fakes import Gate, ScriptedJob, report
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

Script = Callable[..., ScriptedJob]
Events = Callable[[], list[dict[str, Any]]]
KIND = Operation.Kind.RC_ANALYSIS
Status = Operation.Status


def start(project: Project, **options: Any) -> Operation:
    return operations.start(project=project, kind=KIND, by=None, **options)[0]


def run(operation: Operation) -> Operation:
    runner.run(operation.id)
    return Operation.objects.get(id=operation.id)


def run_in_thread(operation: Operation) -> threading.Thread:
    def work() -> None:
        try:
            runner.run(operation.id)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def let_lease_expire(operation: Operation) -> None:
    Operation.objects.filter(id=operation.id).update(lease_until=timezone.now() - timedelta(seconds=1))


def error_of(operation: Operation) -> dict[str, Any]:
    assert operation.error is not None
    return dict(operation.error)


def types_and_states(events: list[dict[str, Any]]) -> list[str]:
    return [f"{event['type']}:{event['status']}" if event["type"] == "operation" else event["type"] for event in events]


def test_a_run_says_each_step_and_its_result(project: Project, alice: User, script: Script, events: Events) -> None:
    script(report(10), report(40), result={"criteria_total": 3})

    operation, is_new = operations.start(project=project, kind=KIND, by=alice)
    ended = run(operation)

    assert is_new
    assert (ended.status, ended.progress, ended.attempt, ended.result) == (
        Status.SUCCEEDED,
        100,
        1,
        {"criteria_total": 3},
    )
    assert types_and_states(events()) == [
        "operation:pending",
        "operation:running",
        "rc_analysis_progress",
        "rc_analysis_progress",
        "completion",
        "operation:succeeded",
    ]
    assert {event["operation_id"] for event in events()} == {str(operation.id)}
    assert events()[0]["requested_by"] == "alice"


def test_progress_never_goes_back_within_an_attempt(project: Project, script: Script, events: Events) -> None:
    script(report(40), report(20), report(60))

    run(start(project))

    assert [e["progress"] for e in events() if e["type"] == "rc_analysis_progress"] == [40, 40, 60]


def test_throttled_progress_ends_with_its_last_step(
    project: Project, script: Script, events: Events, settings: Settings
) -> None:
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 60_000
    script(*(report(percent) for percent in range(1, 80)))

    run(start(project))

    assert [e["progress"] for e in events() if e["type"] == "rc_analysis_progress"] == [1, 79]


def test_held_back_progress_comes_while_the_service_is_silent(
    project: Project, script: Script, events: Events, settings: Settings
) -> None:
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 50
    gate = Gate()
    script(report(10), report(20), gate)
    thread = run_in_thread(start(project))

    wait_until(lambda: [e["progress"] for e in events() if e["type"] == "rc_analysis_progress"] == [10, 20])

    gate.opened.set()
    thread.join()


def test_an_unforeseen_error_shows_a_sentence_and_never_its_text(
    project: Project, script: Script, events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Run) -> None:
        raise ZeroDivisionError("password=hunter2")

    script(report(10), fail)

    ended = run(start(project))

    assert (ended.status, error_of(ended)["code"], error_of(ended)["retryable"]) == (
        Status.FAILED,
        "internal_error",
        True,
    )
    assert types_and_states(events())[-2:] == ["error", "operation:failed"]
    assert "hunter2" not in str(events())
    assert "hunter2" in caplog.text
    assert str(ended.id) in caplog.text


def test_a_foreseen_failure_says_its_code_and_sentence(project: Project, script: Script, events: Events) -> None:
    def fail(_: Run) -> None:
        raise OperationFailed(code="pdf_encrypted", user_message="Ce PDF est protégé.", retryable=False)

    script(fail)

    run(start(project))

    error = events()[-2]
    assert (error["code"], error["error"], error["retryable"]) == ("pdf_encrypted", "Ce PDF est protégé.", False)


def test_a_second_delivery_of_the_same_operation_does_nothing(project: Project, script: Script) -> None:
    job = script(report(10))
    operation = start(project)

    assert runner.run(operation.id)
    assert not runner.run(operation.id)

    assert job.runs == 1


def test_a_second_start_of_the_kind_is_refused_while_the_first_is_unfinished(project: Project, script: Script) -> None:
    script()
    first = start(project)

    with pytest.raises(OperationAlreadyRunning) as caught:
        start(project)

    assert caught.value.operation.id == first.id
    run(first)
    assert start(project).id != first.id


def test_the_same_key_gives_the_same_operation_even_after_its_end(project: Project, script: Script) -> None:
    script()
    first = start(project, idempotency_key="k1")
    run(first)

    again, is_new = operations.start(project=project, kind=KIND, by=None, idempotency_key="k1")

    assert (again.id, is_new) == (first.id, False)


def test_a_key_of_another_kind_is_refused(project: Project, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    job = script()
    monkeypatch.setitem(jobs.JOBS, "matching", job.job)
    start(project, idempotency_key="k1")

    with pytest.raises(IdempotencyKeyReused):
        operations.start(project=project, kind="matching", by=None, idempotency_key="k1")


def test_many_starts_at_once_with_one_key_make_one_operation(project: Project, script: Script) -> None:
    script()

    def begin(_: int) -> str:
        try:
            return str(start(project, idempotency_key="k1").id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(begin, range(16)))

    assert len(ids) == 1
    assert Operation.objects.count() == 1


def test_a_kind_without_a_job_cannot_be_started(project: Project) -> None:
    with pytest.raises(KindNotAvailable):
        operations.start(project=project, kind="teleportation", by=None)


def test_a_waiting_operation_is_cancelled_at_once(project: Project, script: Script, events: Events) -> None:
    job = script()
    operation = start(project)

    cancelled = operations.cancel(operation)

    assert cancelled.status == Status.CANCELLED
    assert types_and_states(events()) == ["operation:pending", "error", "operation:cancelled"]
    assert events()[1]["code"] == "cancelled"
    assert not runner.run(operation.id)
    assert job.runs == 0


def test_a_running_operation_stops_at_its_next_step(project: Project, script: Script, events: Events) -> None:
    gate = Gate()
    script(report(10), gate, report(90))
    operation = start(project)
    thread = run_in_thread(operation)
    gate.reached.wait(5)

    assert operations.cancel(operation).status == Status.CANCELLING
    gate.opened.set()
    thread.join()

    ended = Operation.objects.get(id=operation.id)
    assert (ended.status, ended.progress, error_of(ended)["code"]) == (Status.CANCELLED, 10, "cancelled")
    assert types_and_states(events())[-3:] == ["operation:cancelling", "error", "operation:cancelled"]


def test_a_silent_service_notices_the_cancellation_through_its_pulse(
    project: Project, script: Script, settings: Settings
) -> None:
    settings.PROPOSALS_LEASE_SECONDS = 0.3
    gate = Gate()
    script(gate)
    operation = start(project)
    thread = run_in_thread(operation)
    gate.reached.wait(5)

    operations.cancel(operation)
    thread.join(10)

    assert Operation.objects.get(id=operation.id).status == Status.CANCELLED


def test_a_finished_operation_cannot_be_cancelled(project: Project, script: Script) -> None:
    script()

    with pytest.raises(NotCancellable):
        operations.cancel(run(start(project)))


def test_asking_twice_to_cancel_or_to_retry_changes_nothing(project: Project, script: Script, events: Events) -> None:
    script()
    operation = operations.cancel(start(project))
    said = len(events())

    assert operations.cancel(operation).status == Status.CANCELLED
    assert len(events()) == said

    operations.retry(operation)
    said = len(events())
    assert operations.retry(operation).status == Status.PENDING
    assert len(events()) == said


def test_a_failed_operation_is_retried_as_the_next_attempt(project: Project, script: Script, events: Events) -> None:
    outcomes = iter([ZeroDivisionError, None])

    def fail_once(_: Run) -> None:
        error = next(outcomes)
        if error:
            raise error

    script(report(50), fail_once)
    failed = run(start(project))

    operations.retry(failed)
    ended = run(failed)

    assert (ended.status, ended.attempt, ended.error) == (Status.SUCCEEDED, 2, None)
    assert [e["attempt"] for e in events() if e["type"] == "rc_analysis_progress"] == [1, 2]


def test_only_the_newest_operation_of_a_kind_is_retried(project: Project, script: Script) -> None:
    script(lambda run: 1 / 0)
    first, second = run(start(project)), run(start(project))

    with pytest.raises(NotRetryable):
        operations.retry(first)
    assert operations.retry(second).status == Status.PENDING


def test_a_successful_operation_is_not_retried(project: Project, script: Script) -> None:
    script()

    with pytest.raises(NotRetryable):
        operations.retry(run(start(project)))


def test_a_lost_lease_is_queued_again_and_finished_by_the_next_attempt(
    project: Project, script: Script, events: Events
) -> None:
    script(report(50))
    operation = start(project)
    lifecycle.claim(operation.id, now=lifecycle.current_time())
    let_lease_expire(operation)

    assert reaper.reap(now=lifecycle.current_time()) == 1
    ended = run(operation)

    assert (ended.status, ended.attempt) == (Status.SUCCEEDED, 2)
    assert [e["status"] for e in events() if e["type"] == "operation"] == [
        "pending",
        "running",
        "pending",
        "running",
        "succeeded",
    ]


def test_a_living_lease_is_left_alone(project: Project, script: Script) -> None:
    script()
    lifecycle.claim(start(project).id, now=lifecycle.current_time())

    assert reaper.reap(now=lifecycle.current_time()) == 0
    assert Operation.objects.get().status == Status.RUNNING


def test_after_too_many_lost_attempts_the_operation_fails_and_says_so(
    project: Project, script: Script, events: Events, settings: Settings
) -> None:
    settings.PROPOSALS_MAX_ATTEMPTS = 2
    script()
    operation = start(project)
    for _ in range(2):
        lifecycle.claim(operation.id, now=lifecycle.current_time())
        let_lease_expire(operation)
        reaper.reap(now=lifecycle.current_time())

    ended = Operation.objects.get(id=operation.id)

    assert (ended.status, error_of(ended)["code"], error_of(ended)["retryable"]) == (Status.FAILED, "worker_lost", True)
    operations.retry(ended)
    assert run(ended).status == Status.SUCCEEDED


def test_a_cancellation_whose_worker_died_is_completed_by_the_reaper(project: Project, script: Script) -> None:
    script()
    operation = start(project)
    lifecycle.claim(operation.id, now=lifecycle.current_time())
    operations.cancel(operation)
    let_lease_expire(operation)

    reaper.reap(now=lifecycle.current_time())

    assert Operation.objects.get().status == Status.CANCELLED


def test_an_operation_whose_message_was_lost_is_queued_again(
    project: Project, script: Script, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    script()
    operation = start(project)
    Operation.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    queued: list[object] = []
    monkeypatch.setattr("proposals.queue.enqueue", queued.append)
    settings.CELERY_BROKER_URL = "redis://localhost:1"

    assert reaper.reap(now=lifecycle.current_time()) == 1
    assert reaper.reap(now=lifecycle.current_time()) == 0
    assert queued == [operation.id]


def test_a_zombie_changes_nothing_after_another_attempt_took_over(
    project: Project, script: Script, events: Events
) -> None:
    zombie, heir = Gate(), Gate()
    gates = iter([zombie, heir])
    writes: list[int] = []

    def write(run: Run) -> None:
        next(gates)(run)
        with run.transaction():
            writes.append(run.operation.attempt)

    script(report(10), write, report(90), result={"by": "whoever is last"})
    operation = start(project)
    first = run_in_thread(operation)
    zombie.reached.wait(5)
    let_lease_expire(operation)
    reaper.reap(now=lifecycle.current_time())
    second = run_in_thread(operation)
    heir.reached.wait(5)

    zombie.opened.set()
    first.join()
    said_by_zombie = [e for e in events() if e["attempt"] == 1 and e["type"] != "operation"]
    heir.opened.set()
    second.join()

    assert writes == [2]
    assert [e["progress"] for e in said_by_zombie] == [10]
    assert Operation.objects.get().status == Status.SUCCEEDED


def test_a_zombie_can_end_nothing(project: Project, script: Script) -> None:
    script()
    operation = start(project)
    lifecycle.claim(operation.id, now=lifecycle.current_time())
    now = lifecycle.current_time()

    with pytest.raises(LeaseLost):
        lifecycle.renew(operation_id=operation.id, attempt=99, now=now)
    assert not lifecycle.succeed(operation_id=operation.id, attempt=99, result={}, now=now).done
    assert not lifecycle.fail(operation_id=operation.id, attempt=99, error=lifecycle.cancelled_error(), now=now)
    assert lifecycle.give_back(operation_id=operation.id, attempt=99, now=now) is None
    assert Operation.objects.get().status == Status.RUNNING


def test_results_and_success_are_all_or_nothing(
    project: Project, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(report(10))
    operation = start(project)
    monkeypatch.setattr(
        "proposals.lifecycle._announce", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("sabotage"))
    )
    claimed = Operation.objects.filter(id=operation.id)
    claimed.update(status=Status.RUNNING, attempt=1)

    with pytest.raises(RuntimeError):
        lifecycle.succeed(operation_id=operation.id, attempt=1, result={"x": 1}, now=lifecycle.current_time())

    assert (claimed.get().status, claimed.get().result) == (Status.RUNNING, None)


def test_a_worker_that_stops_gives_its_operation_back(project: Project, script: Script, events: Events) -> None:
    stopping = threading.Event()
    script(report(10), lambda run: stopping.set(), report(90))
    operation = start(project)

    runner.run(operation.id, is_stopping=stopping.is_set)

    waiting = Operation.objects.get()
    assert (waiting.status, waiting.attempt_limit) == (Status.PENDING, 4)
    stopping.clear()
    script(report(90))
    assert run(operation).status == Status.SUCCEEDED


def test_a_cancellation_that_comes_after_the_work_was_done_changes_nothing(
    project: Project, script: Script, events: Events, settings: Settings
) -> None:
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 60_000
    script(report(10), report(100), lambda run: operations.cancel(run.operation))

    ended = run(start(project))

    assert ended.status == Status.SUCCEEDED
    assert types_and_states(events())[-3:] == ["operation:cancelling", "completion", "operation:succeeded"]


def test_a_job_may_report_while_it_writes(project: Project, script: Script, settings: Settings) -> None:
    settings.REALTIME_PROGRESS_MIN_INTERVAL_MS = 10

    def write(run: Run) -> None:
        for percent in range(10, 60):
            with run.transaction():
                report(percent)(run)

    script(write)

    assert run(start(project)).status == Status.SUCCEEDED
