"""`manage.py analyse_rc FILE`: run the analyser alone on a PDF and print what it found."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from proposals.analysis import RCAnalysisResult
from proposals.documents.errors import PdfError
from proposals.documents.pdf_reader import read_pdf
from proposals.engines.offline.engine import OfflineEngine
from proposals.limits import pdf_limits
from proposals.terminal_summary import print_analysis


class Command(BaseCommand):
    help = "Analyse an RC (PDF) and print what it says; --json prints the analysis and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the RC, a PDF")
        parser.add_argument("--json", action="store_true", help="print the analysis as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        result = self._analyse(options["file"])
        if options["json"]:
            self.stdout.write(result.model_dump_json(indent=2))
        else:
            print_analysis(result, Console(file=self.stdout))  # type: ignore[arg-type]

    def _analyse(self, path: Path) -> RCAnalysisResult:
        try:
            document = read_pdf(path, pdf_limits())
        except PdfError as error:
            raise CommandError(error.user_message) from error
        except OSError as error:
            raise CommandError(f"Le fichier {path} ne peut pas être lu : {error.strerror}.") from error
        return OfflineEngine().analyse(document, on_step=_say_nothing)


def _say_nothing(label: str, found: int, share: float) -> None:
    """Take the news of the engine without a word."""
