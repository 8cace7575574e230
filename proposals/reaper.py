"""
Find operations that nobody works on and queue them again. Any number of reapers may run: each step is a
compare-and-set.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from proposals import lifecycle, queue
from proposals.models import Operation

logger = logging.getLogger(__name__)

#: Most operations looked at in one round.
BATCH = 100


def reap(*, now: datetime) -> int:
    """Handle expired leases and lost queue entries; return how many operations were queued again."""
    return _expire_leases(now) + _queue_forgotten(now)


def _expire_leases(now: datetime) -> int:
    lost = Operation.objects.filter(status__in=Operation.HELD, lease_until__lt=now)
    queued = 0
    for operation_id in lost.values_list("id", flat=True)[:BATCH]:
        operation = lifecycle.expire(operation_id, now=now)
        if operation is not None:
            logger.warning("Operation %s lost its worker: it is %s now.", operation.id, operation.status)
        if operation is not None and operation.status == Operation.Status.PENDING:
            queue.enqueue(operation.id)
            queued += 1
    return queued


def _queue_forgotten(now: datetime) -> int:
    """
    Queue again what has been waiting for a lease's time: its message may be lost. A second message is harmless.

    The embedded worker looks at the table by itself.
    """
    if not settings.CELERY_BROKER_URL:
        return 0
    before = now - timedelta(seconds=settings.PROPOSALS_LEASE_SECONDS)
    forgotten = Operation.objects.filter(status=Operation.Status.PENDING, queued_at__lt=before)
    queued = 0
    for operation_id in forgotten.values_list("id", flat=True)[:BATCH]:
        with transaction.atomic():
            mine = forgotten.filter(id=operation_id).update(queued_at=now)
        if mine:
            queue.enqueue(operation_id)
            queued += 1
    return queued
