"""Instants and deadlines as French pages say them, in the time zone of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format

Urgency = Literal["none", "past", "urgent", "soon", "calm"]

#: A deadline nearer than this is shown as urgent, respectively as soon.
URGENT_DAYS = 3
SOON_DAYS = 14

MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@dataclass(frozen=True)
class Deadline:
    """A deadline with how near it is. `days` are calendar days, negative once it has passed."""

    instant: datetime
    label: str
    short: str
    badge: str
    urgency: Urgency
    days: int


def long_date(instant: datetime) -> str:
    """Return "mercredi 17 mars 2027 à 12 h 00"."""
    local = timezone.localtime(instant)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{date_format(local, 'l')} {day} {date_format(local, 'F Y')} à {clock(instant)}"


def short_date(instant: datetime) -> str:
    """Return "17 mars 2027, 12 h 00"."""
    local = timezone.localtime(instant)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {clock(instant)}"


def clock(instant: datetime) -> str:
    """Return "12 h 00", with spaces that do not break."""
    return timezone.localtime(instant).strftime("%H\u00a0h\u00a0%M").removeprefix("0")


def describe_deadline(instant: datetime | None, *, now: datetime) -> Deadline | None:
    """Return a deadline ready to show; None when there is none."""
    if instant is None:
        return None
    days = (timezone.localtime(instant).date() - timezone.localtime(now).date()).days
    return Deadline(
        instant=instant,
        label=long_date(instant),
        short=short_date(instant),
        badge=_badge(instant, days, now),
        urgency=_urgency(instant, now),
        days=days,
    )


def _badge(instant: datetime, days: int, now: datetime) -> str:
    if instant <= now:
        return "Échue"
    return "Aujourd’hui" if days == 0 else f"J‑{days}"


def _urgency(instant: datetime, now: datetime) -> Urgency:
    left = instant - now
    if left <= timedelta():
        return "past"
    if left < timedelta(days=URGENT_DAYS):
        return "urgent"
    return "soon" if left < timedelta(days=SOON_DAYS) else "calm"
