"""
Bring a pending operation to a worker. The row is the truth: what gets lost here, the reaper queues again.

Transports: the embedded worker of this process (default), or Celery once `CELERY_BROKER_URL` is set.
"""

from __future__ import annotations

import threading
from uuid import UUID

from django.conf import settings

from proposals import tasks

#: Set when an operation was queued in this process: the embedded worker need not wait for its next poll.
wakeup = threading.Event()


def enqueue(operation_id: UUID) -> None:
    """Hand an operation's id to the transport. A broker that is down costs a delay, not the operation."""
    if not settings.CELERY_BROKER_URL:
        wakeup.set()
        return
    tasks.send(operation_id)
