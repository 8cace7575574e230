"""The French words for the values of an analysis, one place for all pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import number_format

from proposals.analysis import Lot, OfferValidity
from proposals.dashboard.dates import long_date

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
