"""
The state machine of an operation. Every transition is one compare-and-set together with its events, in one
transaction; the row count decides who won. Knows no queue and no service.

    pending → running → succeeded | failed | cancelled
       ↑         ↓ ↘ cancelling ↗
       └─ lease lost

Source: docs/architecture.md, "Life of an operation".
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from pydantic import JsonValue

from proposals import notifying, sections, selectors
from proposals.exceptions import CancelRequested, LeaseLost
from proposals.models import Operation, Project, User
from proposals.models.operations import OperationQuerySet
from realtime.events import Completion, Error, OperationChanged, ProgressEvent, ProjectEvent
from realtime.progress import publish_to_project

Status = Operation.Status

#: The fields of a progress event that are not its step.
ENVELOPE = {"type", "project_id", "operation_id", "attempt", "timestamp", "progress", "eta_seconds"}

CANCELLED_SENTENCE = "L'opération a été annulée."
WORKER_LOST_SENTENCE = "Le traitement s'est interrompu plusieurs fois. Relancez l'opération."


@transaction.atomic
def create(
    *,
    project: Project,
    kind: str,
    by: User | None,
    idempotency_key: str,
    now: datetime,
    parameters: dict[str, JsonValue] | None = None,
) -> Operation:
    """
    Create a pending operation and announce it.

    Args:
        parameters: as `Operation.parameters` describes them.

    Raises:
        IntegrityError: one is unfinished for this project and kind, or the key is taken.
    """
    operation = Operation.objects.create(
        project=project,
        kind=kind,
        requested_by=by,
        idempotency_key=idempotency_key,
        parameters=parameters or {},
        attempt_limit=settings.PROPOSALS_MAX_ATTEMPTS,
        queued_at=now,
        created_at=now,
    )
    _announce(operation, now=now)
    return operation


def claim(operation_id: UUID, *, now: datetime) -> Operation | None:
    """Take the lease of a pending operation; None when another worker was first or there is nothing to do."""
    return _change(
        Operation.objects.filter(id=operation_id, status=Status.PENDING),
        now=now,
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_until=_lease_end(now),
        started_at=now,
        **_FRESH,
    )


def renew(*, operation_id: UUID, attempt: int, now: datetime) -> None:
    """
    Prolong the lease.

    Raises:
        LeaseLost: this attempt does not hold it any more.
        CancelRequested: it does, but should stop.
    """
    held = Operation.objects.held_by(operation_id=operation_id, attempt=attempt)
    if not held.update(lease_until=_lease_end(now)):
        raise LeaseLost
    if held.filter(status=Status.CANCELLING).exists():
        raise CancelRequested


def look(*, operation_id: UUID, attempt: int) -> None:
    """
    See whether a run may go on, without writing.

    Raises:
        LeaseLost, CancelRequested: it may not.
    """
    held = Operation.objects.held_by(operation_id=operation_id, attempt=attempt)
    status = held.values_list("status", flat=True).first()
    if status is None:
        raise LeaseLost
    if status == Status.CANCELLING:
        raise CancelRequested


def record(event: ProjectEvent) -> None:
    """
    Store what an event of a run says and publish it.

    Raises:
        LeaseLost, CancelRequested: and nothing was written.
    """
    if event.operation_id is None or event.attempt is None:
        raise ValueError("An event of a run carries its operation and attempt.")
    held = Operation.objects.held_by(operation_id=event.operation_id, attempt=event.attempt)
    with transaction.atomic():
        # A change that changes nothing still takes the row lock and tells whether the lease is held.
        changes = _changes_of(event) or {"attempt": event.attempt}
        if held.filter(status=Status.RUNNING).update(**changes):
            publish_to_project(_on_the_wire(event))
            return
    raise CancelRequested if held.exists() else LeaseLost


def lock(*, operation_id: UUID, attempt: int) -> None:
    """
    Hold the operation's row until the caller's transaction ends, so that no other attempt writes meanwhile.

    Raises:
        LeaseLost: this attempt may write nothing more.
    """
    if not Operation.objects.held_by(operation_id=operation_id, attempt=attempt).update(attempt=attempt):
        raise LeaseLost


class Ended(NamedTuple):
    """
    How the end of a run went.

    `done` is False when another attempt had taken over; `following` is a new operation that waits for a worker.
    """

    done: bool
    following: Operation | None = None


def succeed(*, operation_id: UUID, attempt: int, result: dict[str, JsonValue], now: datetime) -> Ended:
    """
    End a run in success, create the operation that was asked to follow or tell people, in one transaction.

    Also when a cancellation came too late: what was done is done, but then nothing follows.
    """
    with transaction.atomic():
        operation = _held(operation_id, attempt)
        if operation is None:
            return Ended(done=False)
        goes_on = operation.status == Status.RUNNING
        _leave_nothing_unfinished(operation)
        completion = Completion(operation=operation.kind, result=result, **_envelope(operation, now))
        publish_to_project(_on_the_wire(completion))
        _finish(operation, now=now, status=Status.SUCCEEDED, progress=100, eta_seconds=0, result=result)
        following = _create_following(operation, now=now) if goes_on else None
        if following is None:  # the end of the row; topics of users are locked after those of projects
            notifying.tell_success(operation, result=result, now=now)
        return Ended(done=True, following=following)


def fail(*, operation_id: UUID, attempt: int, error: dict[str, Any], now: datetime) -> bool:
    """
    End a run in failure, or in cancellation when the error's code is "cancelled".

    Args:
        error: {"code", "error", "retryable"}, safe to show.
    """
    with transaction.atomic():
        operation = _held(operation_id, attempt)
        if operation is None:
            return False
        _fail(operation, error=error, now=now)
    return True


@transaction.atomic
def request_cancel(operation: Operation, *, now: datetime) -> Operation | None:
    """Cancel a waiting operation at once, ask a running one to stop; None when it ended in another way."""
    current = Operation.objects.select_for_update().get(id=operation.id)
    if current.status == Status.PENDING:
        _fail(current, error=cancelled_error(), now=now)
        return current
    if current.status == Status.RUNNING:
        return _change(Operation.objects.filter(id=operation.id), now=now, status=Status.CANCELLING)
    return current if current.status in (Status.CANCELLING, Status.CANCELLED) else None


def retry(operation: Operation, *, now: datetime) -> Operation | None:
    """Queue a failed or cancelled operation again, with new attempts; None when it is in another state."""
    return _change(
        Operation.objects.filter(id=operation.id, status__in=(Status.FAILED, Status.CANCELLED)),
        now=now,
        attempt_limit=F("attempt") + settings.PROPOSALS_MAX_ATTEMPTS,
        **_queued(now),
    )


def give_back(*, operation_id: UUID, attempt: int, now: datetime) -> Operation | None:
    """Queue an operation whose worker stops in good order; this attempt does not count."""
    held = Operation.objects.held_by(operation_id=operation_id, attempt=attempt).filter(status=Status.RUNNING)
    return _change(held, now=now, attempt_limit=F("attempt_limit") + 1, **_queued(now))


@transaction.atomic
def expire(operation_id: UUID, *, now: datetime) -> Operation | None:
    """
    Decide on an operation whose lease ran out: cancelled if that was asked, failed after too many attempts,
    else queued again. None when the lease was renewed or somebody else decided.
    """
    lost = Operation.objects.filter(id=operation_id, status__in=Operation.HELD, lease_until__lt=now)
    operation = lost.select_for_update().first()
    if operation is None:
        return None
    if operation.status == Status.CANCELLING:
        _fail(operation, error=cancelled_error(), now=now)
    elif operation.attempt >= operation.attempt_limit:
        _fail(operation, error=make_error("worker_lost", WORKER_LOST_SENTENCE, retryable=True), now=now)
    else:
        return _change(lost, now=now, **_queued(now))
    return operation


def make_error(code: str, sentence: str, *, retryable: bool) -> dict[str, Any]:
    """Return an error as rows, snapshots and events carry it."""
    return {"code": code, "error": sentence, "retryable": retryable}


def cancelled_error() -> dict[str, Any]:
    """Return the error of a cancelled operation, which ends a simple client's spinner."""
    return make_error("cancelled", CANCELLED_SENTENCE, retryable=True)


_FRESH: dict[str, Any] = {
    "progress": 0,
    "eta_seconds": None,
    "step": None,
    "error": None,
    "result": None,
    "finished_at": None,
}


def _queued(now: datetime) -> dict[str, Any]:
    return {"status": Status.PENDING, "queued_at": now, "lease_until": None, "started_at": None, **_FRESH}


def _create_following(operation: Operation, *, now: datetime) -> Operation | None:
    """Create the next operation of "run everything"; none when one of its kind is unfinished already."""
    kind, *rest = operation.parameters.get("then") or [None]
    if kind is None or Operation.objects.filter(project_id=operation.project_id, kind=kind).unfinished().exists():
        return None
    return create(
        project=operation.project,
        kind=kind,
        by=operation.requested_by,
        idempotency_key="",
        now=now,
        parameters={
            "after": [*(operation.parameters.get("after") or []), str(operation.id)],
            **({"then": rest} if rest else {}),
        },
    )


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.PROPOSALS_LEASE_SECONDS)


def _held(operation_id: UUID, attempt: int) -> Operation | None:
    return Operation.objects.held_by(operation_id=operation_id, attempt=attempt).select_for_update().first()


@transaction.atomic
def _change(query: OperationQuerySet, *, now: datetime, **fields: Any) -> Operation | None:
    ids = list(query.select_for_update().values_list("id", flat=True))
    if not ids or not query.update(**fields):
        return None
    operation = Operation.objects.get(id=ids[0])
    _announce(operation, now=now)
    return operation


def _fail(operation: Operation, *, error: dict[str, Any], now: datetime) -> None:
    _leave_nothing_unfinished(operation)
    event = Error(operation=operation.kind, **error, **_envelope(operation, now))
    publish_to_project(event)
    status = Status.CANCELLED if event.code == "cancelled" else Status.FAILED
    changes = _changes_of(event)
    _finish(operation, now=now, status=status, eta_seconds=None, **changes)
    notifying.tell_failure(operation, error=changes["error"], now=now)


def _leave_nothing_unfinished(operation: Operation) -> None:
    # A worker that was killed cannot tidy up; and rows are locked before anything is published.
    if operation.kind == Operation.Kind.GENERATION:
        sections.abandon_all(operation)


def _finish(operation: Operation, *, now: datetime, **fields: Any) -> None:
    for name, value in {**fields, "finished_at": now, "lease_until": None}.items():
        setattr(operation, name, value)
    operation.save()
    _announce(operation, now=now)


def _announce(operation: Operation, *, now: datetime) -> None:
    requester = operation.requested_by
    publish_to_project(
        OperationChanged(
            kind=operation.kind,
            status=operation.status,
            progress=operation.progress,
            eta_seconds=operation.eta_seconds,
            requested_by=requester.username if requester else None,
            **_envelope(operation, now),
        )
    )


def _envelope(operation: Operation, now: datetime) -> dict[str, Any]:
    return {
        "project_id": operation.project_id,
        "operation_id": operation.id,
        "attempt": operation.attempt,
        "timestamp": now,
    }


def _on_the_wire(event: ProjectEvent) -> ProjectEvent:
    if isinstance(event, Completion) and event.operation_id is not None:
        return event.model_copy(update={"result": selectors.result_on_the_wire(event.operation_id, event.result)})
    return event


def _changes_of(event: ProjectEvent) -> dict[str, Any]:
    if isinstance(event, ProgressEvent):
        step = event.model_dump(mode="json", exclude=ENVELOPE)
        return {"progress": event.progress, "eta_seconds": event.eta_seconds, "step": step}
    if isinstance(event, Error):
        return {"error": make_error(event.code, event.error, retryable=event.retryable)}
    if isinstance(event, Completion):
        return {"result": event.result}
    return {}


def current_time() -> datetime:
    """Return the instant of a transition, cut to the milliseconds of the wire: row and event say the same."""
    now = timezone.now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
