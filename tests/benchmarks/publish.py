"""
A publisher in a process of its own: `python -m tests.benchmarks.publish ours|plain PROJECT`.

Reads a number per line from standard input, publishes so many events, and answers with a line.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid

import django

django.setup()

from channels.layers import get_channel_layer  # noqa: E402

from realtime.events import GenerationProgress, encode  # noqa: E402
from realtime.progress import publish_to_project  # noqa: E402


def make_event(project_id: uuid.UUID, percent: int) -> GenerationProgress:
    """Return an event of about 300 bytes on the wire."""
    return GenerationProgress(
        project_id=project_id,
        operation_id=project_id,
        attempt=1,
        current_section="Moyens humains",
        sections_completed=percent,
        sections_total=100,
        progress=percent,
    )


def publish_ours(project_id: uuid.UUID) -> None:
    """Append each event to the log and broadcast it."""
    for line in sys.stdin:
        for number in range(int(line)):
            publish_to_project(make_event(project_id, number % 101))
        print("done", flush=True)


async def publish_plain(project_id: uuid.UUID) -> None:
    """Send each event to the group, from one event loop."""
    layer = get_channel_layer()
    assert layer is not None
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        for number in range(int(line)):
            event = json.loads(encode(make_event(project_id, number % 101), sequence=number))
            await layer.group_send(f"plain.{project_id}", {"type": "progress.event", "event": event})
        print("done", flush=True)


if __name__ == "__main__":
    project = uuid.UUID(sys.argv[2])
    if sys.argv[1] == "ours":
        publish_ours(project)
    else:
        asyncio.run(publish_plain(project))
