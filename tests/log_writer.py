"""
A process that appends events to one topic: `python -m tests.log_writer TOPIC COUNT`.

Each event goes in a transaction of its own; every third transaction is rolled back.
"""

from __future__ import annotations

import sys
import uuid

import django
from django.db import transaction

PROJECT = uuid.UUID(int=1)


django.setup()

from realtime import eventlog  # noqa: E402
from realtime.events import Error  # noqa: E402


class Sabotage(Exception):
    """Rolls the transaction back."""


def main(topic: str, count: int) -> None:
    for number in range(count):
        try:
            with transaction.atomic():
                eventlog.append(topic=topic, event=Error(project_id=PROJECT, operation="x", error=str(number)))
                if number % 3 == 2:
                    raise Sabotage
        except Sabotage:
            continue


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
