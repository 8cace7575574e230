"""
The process behind `tests.publishing.Publisher`: `python -m tests.event_publisher PROJECT`.

Each line of standard input is `kind count chars per_second`: so many events of a kind, each with so many characters of
text, at a steady rate. For each event a line comes back: its sequence, and the clock right before it was published.
"""

from __future__ import annotations

import random
import sys
import time
import uuid

import django

django.setup()

from realtime.events import Error, GenerationProgress, ProjectEvent, SectionText  # noqa: E402
from realtime.progress import publish_to_project  # noqa: E402
from tests.servers import ROOT  # noqa: E402

#: Words at random compress about as well as prose does.
VOCABULARY = (ROOT / "docs/operations.md").read_text().split()


def make_text(chars: int) -> str:
    """Return a text of so many characters, the same each time."""
    choice = random.Random(chars).choices(VOCABULARY, k=chars // 2 + 1)  # two characters for the shortest word
    return " ".join(choice)[:chars]


def make_event(project_id: uuid.UUID, kind: str, number: int, text: str) -> ProjectEvent:
    """Return an event of a kind: `progress`, `text` or `error`."""
    if kind == "progress":
        return GenerationProgress(
            project_id=project_id,
            operation_id=project_id,
            attempt=1,
            current_section=text,
            sections_completed=number,
            sections_total=1_000_000,
            progress=number % 101,
        )
    if kind == "text":
        return SectionText(project_id=project_id, section_id=project_id, position=number, text=text)
    return Error(project_id=project_id, operation_id=project_id, operation="generation", error=text)


def publish(project_id: uuid.UUID, kind: str, count: int, *, chars: int, per_second: float) -> None:
    """Publish events and say when."""
    text = make_text(chars)
    pause = 1 / per_second if per_second else 0.0
    start = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, start + number * pause - time.monotonic()))
        clock = time.monotonic()
        print(publish_to_project(make_event(project_id, kind, number, text)), clock, flush=True)


def main(project_id: uuid.UUID) -> None:
    """Publish what standard input asks for."""
    for line in sys.stdin:
        kind, count, chars, per_second = line.split()
        publish(project_id, kind, int(count), chars=int(chars), per_second=float(per_second))


if __name__ == "__main__":
    main(uuid.UUID(sys.argv[1]))
