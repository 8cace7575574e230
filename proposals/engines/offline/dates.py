"""
Dates and hours as French buyers write them, as instants of Europe/Paris.

Own patterns, because general date readers fill what they do not find with today's date or midnight, which
is unsafe for a deadline.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from proposals.engines.offline.numbers import NUMBER, parse_number

PARIS = ZoneInfo("Europe/Paris")
#: "Le 10 juin" without an hour lasts until its end.
END_OF_DAY = time(23, 59)

MONTHS = {
    "janv": 1, "fevr": 2, "fev": 2, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = (
    r"janvier|janv\.?|fevrier|fevr?\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|aout|septembre|sept\.?|"
    r"octobre|oct\.?|novembre|nov\.?|decembre|dec\.?"
)
_DAY_NAME = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_DATE = (
    rf"(?:{_DAY_NAME},?\s*)?(?:le\s+)?(?:{_DAY_NAME},?\s*)?(?<!\d)"
    rf"(?:(?P<day>\d{{1,2}})\s?(?:er)?\s+(?P<month>{_MONTH})\s+(?P<year>\d{{4}})"
    r"|(?P<nday>\d{1,2})\s*(?P<sep>[/.\-])\s*(?P<nmonth>\d{1,2})\s*(?P=sep)\s*(?P<nyear>\d{4}|\d{2})"
    r"|(?P<iyear>20\d{2})-(?P<imonth>\d{2})-(?P<iday>\d{2}))(?!\d)"
)
_HOUR = (
    r"(?:(?P<hour>\d{1,2})\s*(?:h(?:eures?|rs?|\b|(?=\d))|"
    r":(?=\s?\d\d))\s*:?\s*(?P<minute>\d{2})?(?!\d)(?:\s*(?:min(?:utes)?|mn)\b)?"
    rf"|(?P<word_hour>{NUMBER})\s+heures?(?:\s+(?P<word_minute>trente|quinze|quarante-cinq))?\b"
    r"|(?P<noon>midi)\b|(?P<midnight>minuit)\b)"
)
_BRIDGE = (
    r"[\s,;:()/|-]{0,6}(?:(?:a|inclus|avant|jusqu'a|au plus tard a|au plus tard|pour|delai de rigueur|"
    r"dernier delai|et|"
    r"heures?(?: limites?)?(?: de [a-z ]{4,30})?)[\s,;:()-]{0,4}){0,3}"
)
DATE = re.compile(_DATE)
_HOUR_AFTER = re.compile(_BRIDGE + _HOUR)
_HOUR_BEFORE = re.compile(_HOUR + r"(?:\s*\([^)]{0,40}\))?[\s,;-]{0,4}(?:le|du|au plus tard le)?\s*$")


class Instant(NamedTuple):
    """A date, with its hour where one is written, and where it stands in the text."""

    day: date
    hour: time | None
    start: int
    end: int

    def at(self) -> datetime:
        """Return the instant in Europe/Paris; END_OF_DAY where no hour is written."""
        return datetime.combine(self.day, self.hour or END_OF_DAY, tzinfo=PARIS)


def find_instants(folded: str) -> list[Instant]:
    """Return the dates of a folded text, each with the hour that belongs to it."""
    return [instant for found in DATE.finditer(folded) if (instant := _to_instant(folded, found))]


def _to_instant(folded: str, found: re.Match[str]) -> Instant | None:
    day = _to_date(found)
    if day is None:
        return None
    after = _HOUR_AFTER.match(folded, found.end())
    hour = _to_time(after) if after else None
    if after and hour:
        return Instant(day, hour, found.start(), after.end())
    before = _HOUR_BEFORE.search(folded, max(0, found.start() - 60), found.start())
    hour = _to_time(before) if before else None
    start = before.start() if before and hour else found.start()
    return Instant(day, hour, start, found.end())


def _to_date(found: re.Match[str]) -> date | None:
    if found["day"]:
        parts = int(found["year"]), _month(found["month"]), int(found["day"])
    elif found["nday"]:
        year = int(found["nyear"])
        parts = (year if year > 99 else 2000 + year), int(found["nmonth"]), int(found["nday"])
    else:
        parts = int(found["iyear"]), int(found["imonth"]), int(found["iday"])
    try:
        day = date(*parts)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _month(name: str) -> int:
    return next(number for start, number in MONTHS.items() if name.startswith(start))


def _to_time(found: re.Match[str]) -> time | None:
    if found["noon"]:
        return time(12)
    if found["midnight"]:
        return END_OF_DAY
    hour = int(found["hour"]) if found["hour"] else parse_number(found["word_hour"])
    minute = int(found["minute"] or 0) or (parse_number(found["word_minute"] or "zero") or 0)
    if hour == 24 and minute == 0:
        return END_OF_DAY
    return time(hour, minute) if hour is not None and hour < 24 and minute < 60 else None


def easter(year: int) -> date:
    """Return Easter Sunday. Source: the anonymous Gregorian algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of metropolitan France (Code du travail, L.3133-1)."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    sunday = easter(year)
    moving = (sunday + timedelta(days=1), sunday + timedelta(days=39), sunday + timedelta(days=50))
    return frozenset({*(date(year, *day) for day in fixed), *moving})


def go_back(instant: datetime, days: int, *, unit: str) -> datetime:
    """
    Return the instant that many days earlier, at the same hour of the day.

    Args:
        unit: "ouvres" skips Saturdays, Sundays and holidays; "ouvrables" Sundays and holidays; else none.
    """
    resting = {"ouvres": {5, 6}, "ouvrables": {6}}.get(unit)
    day = instant.date()
    while days > 0:
        day -= timedelta(days=1)
        if resting is None or (day.weekday() not in resting and day not in holidays(day.year)):
            days -= 1
    return datetime.combine(day, instant.timetz().replace(tzinfo=None), tzinfo=PARIS)
