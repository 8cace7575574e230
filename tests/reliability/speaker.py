"""
A publisher in a process of its own: `python -m tests.reliability.speaker PROJECT PER_SECOND`, until it is stopped.

Each event is an error whose sentence is the instant at which it was published, in seconds. SIGTERM stops it between two
events; the last line of its output is the number of events.
"""

from __future__ import annotations

import signal
import sys
import time
import uuid

import django

django.setup()

from realtime.events import Error  # noqa: E402
from realtime.progress import publish_to_project  # noqa: E402


def speak(project_id: uuid.UUID, per_second: float) -> int:
    """Publish at a steady pace until SIGTERM; return how many events."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    started, spoken = time.monotonic(), 0
    print("speaking", flush=True)
    while not stopped:
        publish_to_project(Error(project_id=project_id, operation="x", error=f"{time.time():.6f}"))
        spoken += 1
        time.sleep(max(0.0, started + spoken / per_second - time.monotonic()))
    return spoken


if __name__ == "__main__":
    print(speak(uuid.UUID(sys.argv[1]), float(sys.argv[2])), flush=True)
