"""Until when a passage is true, in the words and colours of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from proposals.dashboard.dates import MONTHS

#: A passage whose last day is nearer than this is marked, so that somebody looks at it in time.
SOON_DAYS = 30

State = Literal["always", "current", "soon", "expired"]


@dataclass(frozen=True)
class Validity:
    """How a passage stands today; `label` is "" for one that is always true."""

    state: State
    label: str


def describe_validity(valid_until: date | None, *, today: date) -> Validity:
    """Return until when a passage is true, ready to show."""
    if valid_until is None:
        return Validity("always", "")
    if valid_until < today:
        return Validity("expired", f"Périmé depuis le {say_day(valid_until + timedelta(days=1))}")
    if valid_until <= soon_until(today):
        return Validity("soon", f"À revoir : {_say_days_left((valid_until - today).days)}")
    return Validity("current", f"Valable jusqu’au {say_day(valid_until)}")


def soon_until(today: date) -> date:
    """Return the last day that counts as soon."""
    return today + timedelta(days=SOON_DAYS)


def say_day(day: date) -> str:
    """Return "30 juin 2027", "1er janv. 2027"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def _say_days_left(days: int) -> str:
    if days == 0:
        return "dernier jour"
    return f"encore {days} jour{'s' if days > 1 else ''}"
