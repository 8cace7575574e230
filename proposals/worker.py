"""
The embedded worker: threads that run pending operations, and one each that reaps, prunes, and sends mail. In the
serving process or alone.

With Celery the serving process runs the last three only (`threads=0`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.utils import timezone

from proposals import lifecycle, queue, reaper, runner
from proposals.models import Operation
from realtime import conf, digests, notifications, retention

logger = logging.getLogger(__name__)

#: Longest wait before the table is looked at again: for operations queued by other processes.
POLL_SECONDS = 0.5
#: Operations that a thread tries to claim per look.
CANDIDATES = 5
#: Between two looks for mail to send, and after the mail server could not be reached.
MAIL_SECONDS = 15.0
MAIL_RETRY_SECONDS = 60.0


class Worker:
    """
    Runs operations until it is stopped.

    Args:
        threads: operations at a time; 0 for reaping and pruning alone.
    """

    def __init__(self, *, threads: int) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_doing, args=(self._work, POLL_SECONDS), name=f"worker-{number}")
            for number in range(threads)
        ]
        self._threads += [
            threading.Thread(
                target=self._keep_doing, args=(self._reap, settings.PROPOSALS_REAPER_SECONDS), name="reaper"
            ),
            threading.Thread(
                target=self._keep_doing, args=(self._prune, conf.get("PRUNE_INTERVAL_MINUTES") * 60), name="pruner"
            ),
            threading.Thread(target=self._keep_doing, args=(self._mail, MAIL_SECONDS), name="mailer"),
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def ask_to_stop(self) -> None:
        """Take no more operations and give back to the queue those that run, each at its next step; do not wait."""
        self._stopping.set()
        queue.wakeup.set()

    def stop(self) -> None:
        """Give running operations back to the queue and wait for the threads."""
        self.ask_to_stop()
        for thread in self._threads:
            thread.join()

    def _keep_doing(self, job: Callable[[float], None], seconds: float) -> None:
        while not self._stopping.is_set():
            try:
                job(seconds)
            except Exception:  # a worker outlives whatever happens to one operation, or to the database
                logger.exception("The %s failed; it goes on.", threading.current_thread().name)
                connection.close()
                self._stopping.wait(seconds)
        connection.close()

    def _work(self, seconds: float) -> None:
        if not self._run_next() and not self._stopping.is_set():
            queue.wakeup.wait(seconds)
            queue.wakeup.clear()

    def _run_next(self) -> bool:
        pending = Operation.objects.filter(status=Operation.Status.PENDING).order_by("created_at")
        candidates = list(pending.values_list("id", flat=True)[:CANDIDATES])
        return any(runner.run(operation_id, is_stopping=self._stopping.is_set) for operation_id in candidates)

    def _reap(self, seconds: float) -> None:
        reaper.reap(now=lifecycle.current_time())
        self._stopping.wait(seconds)

    def _prune(self, seconds: float) -> None:
        if not seconds:
            self._stopping.wait()
            return
        deleted = retention.prune_by_settings(now=timezone.now())
        if deleted:
            logger.info("Pruned %s events.", deleted)
        deleted = notifications.prune_by_settings(now=timezone.now())
        if deleted:
            logger.info("Pruned %s notifications.", deleted)
        self._stopping.wait(seconds)

    def _mail(self, seconds: float) -> None:
        reached = digests.send_due(now=timezone.now(), is_stopping=self._stopping.is_set)
        self._stopping.wait(seconds if reached else MAIL_RETRY_SECONDS)


def threads_of_this_process() -> int:
    """Return how many operations the embedded worker runs at a time: none when Celery does."""
    return 0 if settings.CELERY_BROKER_URL else settings.PROPOSALS_WORKER_THREADS
