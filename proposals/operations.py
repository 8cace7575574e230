"""
The use cases of operations: start, cancel, retry. Called by REST, pages, admin and sockets.

Source: docs/architecture.md, "Life of an operation".
"""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from pydantic import JsonValue

from proposals import jobs, lifecycle, queue
from proposals.exceptions import (
    IdempotencyKeyReused,
    KindNotAvailable,
    NotCancellable,
    NotRetryable,
    OperationAlreadyRunning,
)
from proposals.models import Operation, Project, SourceDocument, User


def start(
    *,
    project: Project,
    kind: str,
    by: User | None,
    idempotency_key: str = "",
    parameters: dict[str, JsonValue] | None = None,
) -> tuple[Operation, bool]:
    """
    Start an operation; return it, and whether it is new.

    The same idempotency key gives the same operation again.

    Args:
        parameters: as `Operation.parameters` describes them.

    Raises:
        KindNotAvailable: no job is registered for the kind.
        DocumentMissing: the project lacks the kind's input.
        OperationAlreadyRunning: one of this kind is unfinished.
        IdempotencyKeyReused: the key was used for another kind.
    """
    earlier = _find_by_key(project, kind, idempotency_key)
    if earlier is not None:
        return earlier, False
    job = jobs.JOBS.get(kind)
    if job is None:
        raise KindNotAvailable
    job.check(project)
    try:
        with transaction.atomic():
            operation = lifecycle.create(
                project=project,
                kind=kind,
                by=by,
                idempotency_key=idempotency_key,
                now=lifecycle.current_time(),
                parameters=parameters,
            )
            transaction.on_commit(partial(queue.enqueue, operation.id))
    except IntegrityError:
        return _find_winner(project, kind, idempotency_key), False
    return operation, True


def start_all(*, project: Project, by: User | None, idempotency_key: str = "") -> tuple[Operation, bool]:
    """
    Run everything: each operation starts when the one before it has succeeded; one that fails ends the row.

    The analysis is left out when the newest RC has one already: what people reviewed there stands.

    Raises:
        the same as `start`.
    """
    first, *rest = kinds_of_everything(project)
    return start(project=project, kind=first, by=by, idempotency_key=idempotency_key, parameters={"then": [*rest]})


def kinds_of_everything(project: Project) -> list[str]:
    """Return the kinds that "run everything" would run now, in order."""
    kinds = [str(kind) for kind in Operation.Kind]
    newest = SourceDocument.objects.filter(project=project, kind=SourceDocument.Kind.RC).first()
    if newest is not None and newest.analyses.exists():
        kinds.remove(Operation.Kind.RC_ANALYSIS)
    return kinds


def cancel(operation: Operation) -> Operation:
    """
    Ask an operation to stop; what was finished is kept. Asking again changes nothing.

    Raises:
        NotCancellable: it ended in another way.
    """
    changed = lifecycle.request_cancel(operation, now=lifecycle.current_time())
    if changed is None:
        raise NotCancellable
    return changed


def retry(operation: Operation) -> Operation:
    """
    Start a failed or cancelled operation again, from its checkpoint. Asking again changes nothing.

    Raises:
        NotRetryable: it succeeded or is being cancelled, or a newer one of its kind exists.
    """
    latest = Operation.objects.filter(project_id=operation.project_id, kind=operation.kind).first()
    if latest is None or latest.id != operation.id:
        raise NotRetryable("Une opération plus récente de même nature existe déjà.")
    try:
        changed = _queue_again(operation)
    except IntegrityError as error:  # a newer one was started in the same moment
        raise NotRetryable from error
    if changed is not None:
        return changed
    operation.refresh_from_db()
    if operation.status not in (Operation.Status.PENDING, Operation.Status.RUNNING):
        raise NotRetryable
    return operation


@transaction.atomic
def _queue_again(operation: Operation) -> Operation | None:
    changed = lifecycle.retry(operation, now=lifecycle.current_time())
    if changed is not None:
        transaction.on_commit(partial(queue.enqueue, changed.id))
    return changed


def _find_by_key(project: Project, kind: str, idempotency_key: str) -> Operation | None:
    if not idempotency_key:
        return None
    earlier = Operation.objects.filter(project=project, idempotency_key=idempotency_key).first()
    if earlier is not None and earlier.kind != kind:
        raise IdempotencyKeyReused
    return earlier


def _find_winner(project: Project, kind: str, idempotency_key: str) -> Operation:
    """Two requests raced: return the other's operation if it is the same request, else say that it runs."""
    same = _find_by_key(project, kind, idempotency_key)
    if same is not None:
        return same
    raise OperationAlreadyRunning(Operation.objects.filter(project=project, kind=kind).latest("created_at"))
