"""`manage.py load_demo`: the demo companies, users, projects and RCs, on a development installation only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from proposals import demo_data
from proposals.documents.pdf_reader import PdfError


class Command(BaseCommand):
    help = "Load the demo data; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo users have a published password: they are loaded with DEBUG=True only.")
        try:
            added = self._load()
        except PdfError as error:
            raise CommandError(f"A sample RC was refused: {error.code}.") from error
        if not added:
            self.stdout.write("Demo data: all there.")

    def _load(self) -> int:
        added = 0
        for line in demo_data.load():
            self.stdout.write(f"Demo data: added {line}.")
            added += 1
        return added
