"""`manage.py worker`: the embedded worker in a process of its own, beside any number of servers."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from proposals import checks
from proposals.worker import Worker


class Command(BaseCommand):
    help = "Run operations in a process of their own (without Celery)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=settings.PROPOSALS_WORKER_THREADS)

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(tags=[checks.TAG], include_deployment_checks=True)
        done = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: done.set())
        worker = Worker(threads=options["threads"])
        worker.start()
        self.stdout.write("Worker ready.")
        self.stdout.flush()
        done.wait()
        worker.stop()
