"""What the terminal says about operations and sections, in French. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from realtime.terminal.client import Connection
from realtime.terminal.fold import FINISHED

#: By Unicode category: control characters end a word, format characters (some reverse the line) vanish.
_REPLACEMENTS = {"Cc": " ", "Cf": ""}

STATUSES = {
    "pending": "en attente",
    "running": "en cours",
    "cancelling": "annulation demandée",
    "succeeded": "terminée",
    "failed": "en échec",
    "cancelled": "annulée",
}


SECTION_STATUSES = {"planned": "à rédiger", "writing": "en cours de rédaction", "written": "rédigée"}


def to_printable(text: str) -> str:
    """
    Return a text as one line that is safe for a terminal.

    Texts come from documents of strangers: an escape sequence in one must not reach the terminal.
    """
    return " ".join("".join(_REPLACEMENTS.get(unicodedata.category(sign), sign) for sign in text).split())


def describe_step(operation: Mapping[str, Any]) -> str:
    """Return what an operation is doing, or how it ended, in a few words."""
    if operation["status"] in FINISHED:
        error = operation["error"]
        return to_printable(error["error"]) if error else STATUSES[operation["status"]]
    if operation["status"] != "running":
        return STATUSES[operation["status"]]
    step = operation["step"] or {}
    words = step.get("message") or _first(step, prefix="current_") or STATUSES["running"]
    return to_printable(f"{words}{_count(step)}")


def describe_section(section: Mapping[str, Any]) -> str:
    """Return how a section is, with the length of its text once it has one."""
    words = SECTION_STATUSES[section["status"]]
    length = f", {section['length']} signes" if section["status"] == "written" else ""
    marks = [mark for name, mark in (("edited", "modifiée"), ("locked", "verrouillée")) if section[name]]
    return ", ".join([words + length, *marks])


def tail_of(text: str, *, width: int) -> str:
    """Return the end of a text as one line of at most `width` signs, beginning with a whole word."""
    line = to_printable(text[-2 * width :])
    if len(line) <= width and len(text) <= 2 * width:
        return line
    return f"… {line[-(width - 2) :].partition(' ')[2]}"


def describe_connection(connection: Connection) -> str:
    """Return how the connection is."""
    if connection.state == "waiting":
        return f"connexion perdue, nouvel essai dans {format_seconds(connection.wait_seconds)}"
    return {"connecting": "connexion…", "live": "en direct", "closed": "connexion fermée"}[connection.state]


def format_seconds(seconds: float) -> str:
    """Return a duration as people write it: "8 s", "2 min 05 s", "1 h 02 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def elapsed_seconds(operation: Mapping[str, Any], *, now: datetime) -> float | None:
    """Return how long an operation has run, or ran; None before it starts. Clocks may differ: never negative."""
    if operation["started_at"] is None:
        return None
    end = datetime.fromisoformat(operation["finished_at"]) if operation["finished_at"] else now
    return max(0.0, (end - datetime.fromisoformat(operation["started_at"])).total_seconds())


def _first(step: Mapping[str, Any], *, prefix: str) -> str:
    return next((str(value) for name, value in step.items() if name.startswith(prefix)), "")


def _count(step: Mapping[str, Any]) -> str:
    """Return " (3/12)" where the step says how many things are done of how many."""
    for name, total in step.items():
        completed = step.get(name.removesuffix("_total") + "_completed")
        if name.endswith("_total") and completed is not None:
            return f" ({completed}/{total})"
    return ""
