"""`manage.py prune_events`: delete what is too old from the event log, now; the reaper's process does it hourly."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from realtime import conf, retention


class Command(BaseCommand):
    help = "Delete events older than REALTIME_EVENT_RETENTION_HOURS. Who missed them gets a snapshot, never a hole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hours", type=float, default=None, help="keep this many hours (default: REALTIME_EVENT_RETENTION_HOURS)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hours = conf.get("EVENT_RETENTION_HOURS") if options["hours"] is None else options["hours"]
        if hours < 0:
            raise CommandError("--hours must not be negative.")
        before = timezone.now() - timedelta(hours=hours)
        deleted = retention.prune(before=before, most_events=conf.get("EVENT_RETENTION_COUNT"))
        self.stdout.write(f"Deleted {deleted} events: older than {hours:g} hours, or too many on one topic.")
