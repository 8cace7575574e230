"""
Passages of the library as a file: Markdown that reads back identical, JSON for programs, CSV for spreadsheets.

Source: docs/library.md, "File format".
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from proposals.documents.passages.library_file import write_library_file
from proposals.documents.passages.passage import FoundPassage, Meta
from proposals.models import ContentItem
from realtime.events import to_timestamp

DEFAULT_LANGUAGE = "fr"
#: What a spreadsheet takes for the beginning of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


class Format(NamedTuple):
    """One way to export: who writes it, as which type, in a file of which name."""

    write: Callable[[Iterable[ContentItem]], str]
    content_type: str
    filename: str


def to_markdown(items: Iterable[ContentItem]) -> str:
    """Return a library file; importing it into an empty library gives the same passages."""
    return write_library_file(_to_passage(item) for item in items)


def to_json(items: Iterable[ContentItem]) -> str:
    """Return a list of objects with the fields of the API."""
    return json.dumps([_to_values(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def to_csv(items: Iterable[ContentItem]) -> str:
    """Return a table with semicolons, as spreadsheets in French expect it; no cell is a formula."""
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for number, values in enumerate(map(_to_values, items)):
        if number == 0:
            writer.writerow(values)
        writer.writerow([_to_cell(value) for value in values.values()])
    return file.getvalue()


FORMATS = {
    "markdown": Format(to_markdown, "text/markdown; charset=utf-8", "bibliotheque.md"),
    "json": Format(to_json, "application/json", "bibliotheque.json"),
    "csv": Format(to_csv, "text/csv; charset=utf-8", "bibliotheque.csv"),
}


def _to_passage(item: ContentItem) -> FoundPassage:
    meta = Meta(
        kind=item.kind,
        tags=tuple(item.tags),
        language=item.language if item.language != DEFAULT_LANGUAGE else None,
        valid_until=item.valid_until,
        owner=item.owner.username if item.owner else None,
    )
    return FoundPassage(item.title, item.body, item.source, meta)


def _to_values(item: ContentItem) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "title": item.title,
        "kind": item.kind,
        "tags": list(item.tags),
        "language": item.language,
        "valid_until": item.valid_until.isoformat() if item.valid_until else None,
        "owner": item.owner.username if item.owner else None,
        "source": item.source,
        "version": item.version,
        "updated_at": to_timestamp(item.updated_at),
        "body": item.body,
    }


def _to_cell(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
