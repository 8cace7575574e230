"""
The one lifecycle of any operation: claim, work, end. Embedded worker and Celery both call `run`.

Source: docs/architecture.md, "Life of an operation".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import transaction
from pydantic import JsonValue

from proposals import jobs, lifecycle
from proposals.exceptions import CancelRequested, LeaseLost, OperationFailed, ProposalsError, WorkerStopping
from proposals.models import Operation
from proposals.reporting import Pulse, Reporter
from realtime.progress import ProgressUpdater

logger = logging.getLogger(__name__)

INTERNAL_ERROR_SENTENCE = "Une erreur interne est survenue. Relancez l'opération ; si elle persiste, prévenez-nous."


class OperationRun:
    """What a job gets: the operation, its voice, and the guard of its writes (see `jobs.Run`)."""

    def __init__(self, operation: Operation, reporter: Reporter) -> None:
        self.operation = operation
        self.progress = ProgressUpdater(publish=reporter.publish, operation_id=operation.id, attempt=operation.attempt)
        self._reporter = reporter

    def check(self) -> None:
        """Raise if the run must end here; for loops that report no progress."""
        self._reporter.check()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write results: all or nothing, and nothing when another attempt has taken over."""
        with self._reporter.exclusive(), transaction.atomic():
            lifecycle.lock(operation_id=self.operation.id, attempt=self.operation.attempt)
            yield


def run(
    operation_id: UUID,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    enqueue: Callable[[UUID], object] = lambda operation_id: None,
) -> bool:
    """
    Run an operation if it is pending; return whether it was ours to run.

    Args:
        is_stopping: whether the worker's process is ending.
        enqueue: gets the id of the operation that follows; a worker that looks at the table needs none.

    Never raises for what the operation does: how it ended is in its row and on the project's topic.
    """
    operation = lifecycle.claim(operation_id, now=lifecycle.current_time())
    if operation is None:
        return False
    logger.info("Operation %s (%s) starts, attempt %s.", operation.id, operation.kind, operation.attempt)
    reporter = Reporter(operation, is_stopping=is_stopping)
    try:
        with Pulse(reporter):
            job = jobs.JOBS[operation.kind]
            job.check(operation.project)
            result = job.run(OperationRun(operation, reporter))
            with suppress(CancelRequested):  # too late: what was done is done
                reporter.flush()
        _succeed(operation, result, enqueue)
    except LeaseLost:
        logger.warning(
            "Operation %s, attempt %s: the lease is lost; it writes no more.", operation.id, operation.attempt
        )
    except CancelRequested:
        _end_in_error(operation, lifecycle.cancelled_error())
    except WorkerStopping:
        lifecycle.give_back(operation_id=operation.id, attempt=operation.attempt, now=lifecycle.current_time())
        logger.info("Operation %s goes back to the queue: the worker stops.", operation.id)
    except ProposalsError as error:
        retryable = isinstance(error, OperationFailed) and error.retryable
        _end_in_error(operation, lifecycle.make_error(error.code, error.user_message, retryable=retryable))
    except Exception:
        logger.exception("Operation %s (%s) failed.", operation.id, operation.kind)
        _end_in_error(operation, lifecycle.make_error("internal_error", INTERNAL_ERROR_SENTENCE, retryable=True))
    return True


def _succeed(operation: Operation, result: dict[str, JsonValue], enqueue: Callable[[UUID], object]) -> None:
    now = lifecycle.current_time()
    ended = lifecycle.succeed(operation_id=operation.id, attempt=operation.attempt, result=result, now=now)
    if ended.done:
        logger.info("Operation %s (%s) succeeded.", operation.id, operation.kind)
    if ended.following is not None:
        enqueue(ended.following.id)


def _end_in_error(operation: Operation, error: dict[str, JsonValue]) -> None:
    now = lifecycle.current_time()
    if lifecycle.fail(operation_id=operation.id, attempt=operation.attempt, error=error, now=now):
        logger.info("Operation %s (%s) ended: %s.", operation.id, operation.kind, error["code"])
