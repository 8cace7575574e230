"""Past imports as rows ready to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from proposals.models import LibraryImport


@dataclass(frozen=True)
class ImportRow:
    """One import; `error` is "" unless it failed, and `items_left` how many of its passages are still there."""

    past: LibraryImport
    status: str
    result: str
    error: str
    items_left: int


def list_rows(imports: Iterable[LibraryImport], *, now: datetime) -> list[ImportRow]:
    """Return the rows of imports that `library_queries.list_imports` found."""
    return [_row(past, now) for past in imports]


def _row(past: LibraryImport, now: datetime) -> ImportRow:
    status = past.shown_status(now=now)
    return ImportRow(
        past=past,
        status=status,
        result=_describe(past) if status == LibraryImport.Status.SUCCEEDED else LibraryImport.Status(status).label,
        error=(past.shown_error(now=now) or {}).get("error", ""),
        items_left=getattr(past, "items_left", 0),
    )


def _describe(past: LibraryImport) -> str:
    """Return "23 passages ajoutés, 2 déjà présents"."""
    created, known = past.created_total, past.duplicates_total
    added = f"{created} passage{_s(created)} ajouté{_s(created)}" if created else "Rien à ajouter"
    return f"{added}, {known} déjà présent{_s(known)}" if known else added


def _s(number: int) -> str:
    return "s" if number > 1 else ""
