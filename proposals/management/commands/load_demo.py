"""`manage.py load_demo`: the demo companies, users, libraries, projects and RCs, on a development installation only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from proposals import demo_data
from proposals.documents.pdf_reader import PdfError
from proposals.imports import ImportFailed


class Command(BaseCommand):
    help = "Load the demo data; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option of this command."""
        parser.add_argument("--without-library", action="store_true", help="leave the content libraries as they are")

        parser.add_argument("--company", default="", metavar="NAME", help="name of the first company, if not its own")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo users have a published password: they are loaded with DEBUG=True only.")
        try:
            added = self._load(with_library=not options["without_library"], company=options["company"])
        except PdfError as error:
            raise CommandError(f"A sample RC was refused: {error.code}.") from error
        except ImportFailed as error:
            raise CommandError(f"A sample library was refused: {error.code}.") from error
        if not added:
            self.stdout.write("Demo data: all there.")

    def _load(self, *, with_library: bool, company: str) -> int:
        added = 0
        for line in demo_data.load(with_library=with_library, company=company):
            self.stdout.write(f"Demo data: added {line}.")
            added += 1
        return added
