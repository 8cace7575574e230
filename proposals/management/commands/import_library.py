"""`manage.py import_library FILE_OR_FOLDER… --company NAME`: take files into a company's content library."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from proposals import imports
from proposals.library import InvalidItem
from proposals.models import Company, ContentItem, LibraryImport, User


class Command(BaseCommand):
    help = "Import DOCX, PDF, Markdown and text files; each bad file is named, and the exit code is then 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders to search for such files")
        parser.add_argument("--company", required=True, help="name of the company")
        parser.add_argument("--kind", default="", choices=ContentItem.Kind.values, help="of all passages")
        parser.add_argument("--tag", action="append", default=[], help="for all passages; may be given again")
        parser.add_argument("--owner", help="user name of the colleague who answers for them")
        parser.add_argument("--valid-until", type=_to_day, help="last day on which they are true (2027-06-30)")

    def handle(self, *args: Any, **options: Any) -> None:
        company = Company.objects.filter(name=options["company"]).first()
        if company is None:
            raise CommandError(f"Aucune entreprise ne s’appelle « {options['company']} ».")
        defaults = _to_defaults(company, options)
        files = list(_find_files(options["paths"]))
        if not files:
            raise CommandError("Aucun fichier DOCX, PDF, Markdown ou texte à importer.")
        failed = sum(not self._import(company, path, defaults) for path in files)
        if failed:
            raise CommandError(f"{failed} fichier(s) sur {len(files)} n’ont pas été importés.")

    def _import(self, company: Company, path: Path, defaults: imports.Defaults) -> bool:
        console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]
        columns = (TextColumn("{task.fields[filename]}"), BarColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=100, filename=escape(path.name))
            try:
                with path.open("rb") as file:
                    row = imports.receive(
                        company=company,
                        file=File(file, name=path.name),
                        by=None,
                        defaults=defaults,
                        on_progress=lambda percent, message: bar.update(task, completed=percent, description=message),
                    )
            except OSError as error:
                reason = f"ce fichier ne peut pas être lu ({error.strerror})."
                console.print(f"[red]✗[/] {escape(str(path))} : {reason}", soft_wrap=True)
                return False
            except InvalidItem as error:
                raise CommandError(str(error.details)) from error
        console.print(_describe(path, row), soft_wrap=True)
        return row.status == LibraryImport.Status.SUCCEEDED


def _to_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"« {text} » n’est pas une date (2027-06-30)") from error


def _to_defaults(company: Company, options: dict[str, Any]) -> imports.Defaults:
    owner = None
    if options["owner"]:
        owner = User.objects.filter(company=company, username=options["owner"]).first()
        if owner is None:
            raise CommandError(f"« {options['owner']} » n’est pas de cette entreprise.")
    return imports.Defaults(options["kind"], tuple(options["tag"]), owner, options["valid_until"])


def _find_files(paths: list[Path]) -> Iterator[Path]:
    """Yield the files named, whatever they are, and those of the folders that can be imported."""
    for path in paths:
        if path.is_dir():
            yield from sorted(inside for inside in path.rglob("*") if _is_importable(inside))
        else:
            yield path


def _is_importable(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts[-1:])
    return path.is_file() and not hidden and path.suffix.lower() in imports.SUFFIXES


def _describe(path: Path, row: LibraryImport) -> str:
    if row.status == LibraryImport.Status.SUCCEEDED:
        return f"[green]✓[/] {escape(str(path))} : {row.message}"
    return f"[red]✗[/] {escape(str(path))} : {escape((row.error or {}).get('error', ''))}"
