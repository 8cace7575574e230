"""Small pieces of HTML for the admin. Every value is escaped: documents of a tender are untrusted text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NOTHING = "—"

COLOURS = {
    "pending": "#8a6d00",
    "running": "#0b5cad",
    "cancelling": "#8a6d00",
    "succeeded": "#1a7f37",
    "failed": "#b3261e",
    "cancelled": "#666666",
    "proposed": "#8a6d00",
    "approved": "#1a7f37",
    "accepted": "#1a7f37",
    "rejected": "#666666",
    "planned": "#666666",
    "writing": "#0b5cad",
    "written": "#1a7f37",
    "found": "#1a7f37",
    "not_found": "#666666",
    "conflict": "#b3261e",
}


def badge(code: str, label: str) -> SafeString:
    """Return a state in its colour; the word says it without the colour too."""
    return format_html('<strong style="color:{}">{}</strong>', COLOURS.get(code, "inherit"), label)


def progress_bar(percent: int) -> SafeString:
    """Return a bar with its percentage as text."""
    return format_html('<progress max="100" value="{0}" style="width:6em">{0} %</progress> {0} %', percent)


def json_block(value: Any) -> SafeString | str:
    """Return indented JSON, or a dash."""
    if value is None:
        return NOTHING
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<pre style="white-space:pre-wrap;margin:0">{}</pre>', text)


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> SafeString | str:
    """Return a table, or a dash when there are no rows."""
    body = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows))
    if not body:
        return NOTHING
    head = format_html_join("", '<th scope="col">{}</th>', ((heading,) for heading in headings))
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def size(size_bytes: int) -> str:
    """Return a file's size for people."""
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} ko"
    return f"{size_bytes / 1_000_000:.1f} Mo".replace(".", ",")


def _cells(row: Sequence[Any]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((NOTHING if cell is None else cell,) for cell in row))
