"""
What a run says while it works: throttled, with an ETA, guarded by its attempt, stopped when asked.

Two threads meet here: the service, which publishes, and the pulse, which renews the lease and sends the progress
that the throttle held back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from django.conf import settings
from django.db import connection

from proposals import lifecycle
from proposals.exceptions import RunStopped, WorkerStopping
from proposals.models import Operation
from realtime import conf
from realtime.events import ProgressEvent, ProjectEvent
from realtime.throttle import Eta, Throttle

logger = logging.getLogger(__name__)

#: Renewals per lease: two may fail before it is lost.
RENEWALS_PER_LEASE = 3

#: How often a run that says nothing looks whether somebody asked it to stop: a cancellation takes hold within a second.
LOOK_SECONDS = 0.5


class Reporter:
    """
    Publishes the events of one run.

    Args:
        operation: as claimed, with its attempt.
        is_stopping: whether the worker's process is ending.
    """

    def __init__(self, operation: Operation, *, is_stopping: Callable[[], bool]) -> None:
        self._operation = operation
        self._is_stopping = is_stopping
        self._lock = threading.RLock()
        self._throttle = Throttle(min_interval_seconds=conf.get("PROGRESS_MIN_INTERVAL_MS") / 1000)
        self._eta = Eta(started=time.monotonic())
        self._stopped: RunStopped | None = None

    def publish(self, event: ProjectEvent) -> None:
        """
        Publish an event now or, if it is progress, within the throttle's interval.

        Raises:
            CancelRequested, LeaseLost, WorkerStopping: the run must end here.
        """
        self.check()
        now = time.monotonic()
        with self._lock:
            for ready in self._throttle.offer(event, now=now):
                self._record(ready, now=now)

    def check(self) -> None:
        """
        Let the run end where it stands.

        Raises:
            CancelRequested, LeaseLost, WorkerStopping: the run must end here.
        """
        if self._stopped is not None:
            raise self._stopped
        if self._is_stopping():
            raise WorkerStopping

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """
        Hold the pulse's progress back. Whoever holds the operation's row takes this first: else the pulse could
        wait for the row while the service waits for the pulse.
        """
        with self._lock:
            yield

    def flush(self) -> None:
        """Publish what the throttle holds back, due or not."""
        with self._lock:
            for held in self._throttle.flush(now=time.monotonic()):
                self._record(held, now=time.monotonic())

    def tick(self, *, renew: bool, look: bool) -> None:
        """
        Send held progress that is due and, if asked, renew the lease or look whether the run may go on; a stop is
        kept for the service's thread.
        """
        operation_id, attempt = self._operation.id, self._operation.attempt
        try:
            if renew:
                lifecycle.renew(operation_id=operation_id, attempt=attempt, now=lifecycle.current_time())
            elif look:
                lifecycle.look(operation_id=operation_id, attempt=attempt)
            with self._lock:
                if self._throttle.is_due(now=time.monotonic()):
                    self.flush()
        except RunStopped as stopped:
            self._stopped = stopped

    def _record(self, event: ProjectEvent, *, now: float) -> None:
        if isinstance(event, ProgressEvent):
            event = event.model_copy(update={"eta_seconds": self._eta.update(event.progress, now=now)})
        lifecycle.record(event)


class Pulse:
    """A thread that keeps a run alive and its progress flowing while the service works."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="operation-pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        interval = conf.get("PROGRESS_MIN_INTERVAL_MS") / 1000
        between_renewals = settings.PROPOSALS_LEASE_SECONDS / RENEWALS_PER_LEASE
        renewed = looked = time.monotonic()
        try:
            while not self._done.wait(min(interval, between_renewals)):
                now = time.monotonic()
                due, look = now - renewed >= between_renewals, now - looked >= LOOK_SECONDS
                if look:
                    looked = now
                if self._tick(renew=due, look=look) and due:
                    renewed = time.monotonic()
        finally:
            connection.close()

    def _tick(self, *, renew: bool, look: bool) -> bool:
        try:
            self._reporter.tick(renew=renew, look=look)
        except Exception:  # a run whose pulse ended would lose its lease
            logger.exception("A pulse missed its beat; the lease lasts for some more.")
            connection.close()
            return False
        return True
