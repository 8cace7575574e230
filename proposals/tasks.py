"""Celery entry points: an id in, one domain call, nothing else. Called with keyword arguments only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task

from proposals import runner


@shared_task(name="proposals.run_operation", ignore_result=True)
def run_operation(*, operation_id: str, **later_fields: Any) -> None:
    """
    Run an operation if it is still waiting; a second delivery does nothing.

    Args:
        later_fields: whatever a newer publisher adds, so that an old worker survives a deploy.
    """
    runner.run(UUID(operation_id))
