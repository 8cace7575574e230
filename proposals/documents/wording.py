"""The French words of produced documents and pages for the values of an analysis, and how they write dates."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

WEIGHT_UNITS = {"percent": "%", "points": "pts"}
PARTS = {"application": "Candidature", "offer": "Offre"}
CATEGORIES = {
    "administrative": "Administratif",
    "contractual": "Contrat",
    "data_protection": "Données et confidentialité",
    "deadline": "Délais",
    "environmental": "Environnement",
    "financial": "Prix et finances",
    "site_visit": "Visite du site",
    "social": "Social",
    "submission": "Dépôt du pli",
    "technical": "Technique",
}
#: Engines whose name says nothing to bid teams; a model of a provider is called by its own name.
ENGINES = {"offline": "hors ligne", "bm25": "hors ligne, BM25"}
STRENGTHS = {"strong": "forte", "partial": "partielle", "none": "aucune"}

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

#: A space that does not break, as French puts it before "h", "%" and high punctuation.
NO_BREAK_SPACE = "\u00a0"


def say_engine(name: str) -> str:
    """Return the words for an engine."""
    return ENGINES.get(name, name)


def say_day(day: date) -> str:
    """Return "17 mars 2027"."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def say_instant(instant: datetime) -> str:
    """Return "mercredi 17 mars 2027 à 12 h 00", in the time of Paris."""
    local = instant.astimezone(PARIS)
    clock = f"{local.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{local.minute:02}"
    return f"{DAYS[local.weekday()]} {say_day(local.date())} à {clock}"


def say_weight(weight: float, unit: str | None) -> str:
    """Return "40 %" or "12,5 pts"."""
    number = f"{weight:g}".replace(".", ",")
    return f"{number}{NO_BREAK_SPACE}{WEIGHT_UNITS[unit]}" if unit else number


def say_count(count: int, one: str, many: str) -> str:
    """Return "1 page" or "3 pages"."""
    return f"{count}{NO_BREAK_SPACE}{one if count < 2 else many}"
