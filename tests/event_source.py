"""
A process that publishes on one project: `python -m tests.event_source PROJECT COUNT`. It stays until SIGTERM.

In turn (every so many seconds, as an operation does), from threads, coroutines or forked children; as a Celery task
with `celery -A tests.event_source worker`. In turn it prints when each event was committed, and what publishing cost.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import threading
import time
import uuid

import django

django.setup()

from asgiref.sync import sync_to_async  # noqa: E402

from project.celery import app  # noqa: E402
from realtime import publisher, topics  # noqa: E402
from realtime.eventlog import Entry  # noqa: E402
from realtime.events import RCAnalysisProgress  # noqa: E402

#: Nobody's: the events change no state.
OPERATION = uuid.UUID(int=1)


def publish(project_id: uuid.UUID) -> int:
    event = RCAnalysisProgress(
        project_id=project_id, operation_id=uuid.UUID(int=1), progress=0, status="x", message="x"
    )
    return publisher.publish(topic=topics.for_project(project_id), event=event)


def publish_often(project_id: uuid.UUID, count: int) -> None:
    for _ in range(count):
        publish(project_id)


@app.task(name="tests.publish_many")  # type: ignore[untyped-decorator,unused-ignore]
def publish_many(project_id: str, count: int) -> None:
    publish_often(uuid.UUID(project_id), count)


def publish_from_threads(project_id: uuid.UUID, count: int, threads: int) -> None:
    workers = [threading.Thread(target=publish_often, args=(project_id, count // threads)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


async def publish_from_coroutines(project_id: uuid.UUID, count: int, coroutines: int) -> None:
    async def work() -> None:
        for _ in range(count // coroutines):
            await sync_to_async(publish)(project_id)

    await asyncio.gather(*(work() for _ in range(coroutines)))


def publish_from_forks(project_id: uuid.UUID, count: int, forks: int) -> None:
    """Broadcast in the parent, and fork amid that; the children broadcast too. A database connection does not fork."""
    topic = topics.for_project(project_id)

    def broadcast_often(times: int) -> None:
        for number in range(times):
            publisher.broadcast(topic=topic, entry=Entry(number, "{}"))
            time.sleep(0.001)

    share = count // (forks + 1)
    own = threading.Thread(target=broadcast_often, args=(share,))
    own.start()
    for _ in range(forks):
        if os.fork() == 0:
            broadcast_often(share)
            return
        time.sleep(0.02)
    own.join()


def publish_in_turn(project_id: uuid.UUID, count: int, every: float, stopped: threading.Event) -> None:
    started = time.perf_counter()
    for _ in range(count):
        if stopped.wait(every):
            break
        sequence = publish(project_id)
        print("event", sequence, time.time(), flush=True)
    print(f"took {time.perf_counter() - started:.3f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=uuid.UUID)
    parser.add_argument("count", type=int)
    parser.add_argument("--every", type=float, default=0.0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--coroutines", type=int, default=0)
    parser.add_argument("--forks", type=int, default=0)
    options = parser.parse_args()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    if options.threads:
        publish_from_threads(options.project, options.count, options.threads)
    elif options.coroutines:
        asyncio.run(publish_from_coroutines(options.project, options.count, options.coroutines))
    elif options.forks:
        publish_from_forks(options.project, options.count, options.forks)
    else:
        publish_in_turn(options.project, options.count, options.every, stopped)
    print("done", flush=True)
    stopped.wait()


if __name__ == "__main__":
    main()
