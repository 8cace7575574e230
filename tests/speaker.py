"""
A process that publishes events to one project until it is told to stop:
`python -m tests.speaker PROJECT PER_SECOND [CHARACTERS]`.
"""

from __future__ import annotations

import signal
import sys
import threading
import uuid

import django

django.setup()

from realtime.events import Error  # noqa: E402
from realtime.progress import publish_to_project  # noqa: E402


def main(project_id: uuid.UUID, per_second: float, characters: int) -> None:
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    number = 0
    while not done.wait(1 / per_second):
        number += 1
        publish_to_project(Error(project_id=project_id, operation="traffic", error=f"{number} ".ljust(characters, "x")))
        if number == 1:
            print("Speaking.", flush=True)


if __name__ == "__main__":
    main(uuid.UUID(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
