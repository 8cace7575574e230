"""Celery entry points: an id in, one domain call, nothing else. Called with keyword arguments only."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from proposals import runner

logger = logging.getLogger(__name__)


@shared_task(name="proposals.run_operation", ignore_result=True)
def run_operation(*, operation_id: str, **later_fields: Any) -> None:
    """
    Run an operation if it is still waiting; a second delivery does nothing.

    Args:
        later_fields: whatever a newer publisher adds, so that an old worker survives a deploy.
    """
    runner.run(UUID(operation_id), enqueue=send)


def send(operation_id: UUID) -> None:
    """Hand an operation's id to the broker. One that it does not take is queued again by the reaper."""
    try:
        run_operation.delay(operation_id=str(operation_id))
    except OperationalError:
        logger.warning("The broker did not take operation %s; it will be queued again.", operation_id)
