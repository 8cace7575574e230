"""The French words for the values of an analysis, one place for all pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import number_format

from proposals.analysis import Lot, OfferValidity
from proposals.dashboard.dates import long_date
from proposals.documents import wording as shared

PROCEDURES = {
    "mapa": "Procédure adaptée (MAPA)",
    "open": "Appel d’offres ouvert",
    "restricted": "Appel d’offres restreint",
    "negotiated": "Procédure avec négociation",
    "competitive_dialogue": "Dialogue compétitif",
    "other": "Autre procédure",
}
CONTRACT_TYPES = {"supplies": "Fournitures", "services": "Services", "works": "Travaux"}
VARIANTS = {"allowed": "Autorisées", "forbidden": "Interdites", "required": "Exigées"}
SITE_VISITS = {"mandatory": "Obligatoire", "optional": "Facultative", "none": "Pas de visite"}
SIGNATURES = {"required": "Exigée au dépôt", "allowed": "Possible au dépôt", "not_required": "Non exigée au dépôt"}
UNITS = {"days": "jours", "months": "mois"}
#: The same words as in produced documents.
WEIGHT_UNITS, PARTS, CATEGORIES, ENGINES = shared.WEIGHT_UNITS, shared.PARTS, shared.CATEGORIES, shared.ENGINES


def say_engine(name: str) -> str:
    """Return the words for an engine."""
    return ENGINES.get(name, name)


def say_category(category: str) -> str:
    """Return the words for a category; one that a person wrote stands for itself."""
    return CATEGORIES.get(category, category)


def say(value: object) -> str:
    """Return any plain value as text."""
    return str(value)


def say_number(value: int) -> str:
    """Return "4 210", with a space that does not break."""
    return number_format(value, use_l10n=True, force_grouping=True)


def say_yes_no(value: object) -> str:
    """Return "Oui" or "Non"."""
    return "Oui" if value else "Non"


def say_instant(value: datetime) -> str:
    """Return an instant in full."""
    return long_date(value)


def say_validity(value: OfferValidity) -> str:
    """Return "180 jours"."""
    return f"{value.amount} {UNITS[value.unit]}"


def say_list(value: Iterable[str]) -> str:
    """Return "72200000-7, 72262000-9"."""
    return ", ".join(value)


def say_lots(value: Iterable[Lot]) -> str:
    """Return one lot a line."""
    return "\n".join(f"Lot {lot.number} : {lot.title}" for lot in value)


def say_pages(value: int) -> str:
    """Return "40 pages"."""
    return f"{value} pages" if value > 1 else f"{value} page"
