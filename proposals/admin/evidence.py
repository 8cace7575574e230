"""
The stored result of an analysis as tables: every fact with its page and verbatim quote.

Reads the JSON as it is, so that results of an older schema still open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from proposals.admin import rendering

Result = dict[str, Any]

FACTS = {
    "reference": "Référence",
    "object": "Objet",
    "buyer": "Acheteur",
    "procedure": "Procédure",
    "contract_type": "Nature du marché",
    "submission_deadline": "Date limite de remise",
    "question_deadline": "Date limite des questions",
    "offer_validity": "Validité des offres",
    "divided_into_lots": "Allotissement",
    "lots": "Lots",
    "cpv": "Codes CPV",
    "duration": "Durée",
    "variants": "Variantes",
    "site_visit": "Visite du site",
    "negotiation": "Négociation",
    "platform_url": "Plateforme",
    "electronic_signature": "Signature électronique",
    "answer_frame": "Cadre de réponse",
    "page_limit": "Nombre de pages maximal",
}
STATUSES = {"found": "Trouvé", "not_found": "Absent du document", "conflict": "Contradictoire"}
PARTS = {"application": "Candidature", "offer": "Offre"}
UNITS = {"percent": "%", "points": "points", "days": "jours", "months": "mois"}
#: Words of the closed lists; a value that is not listed is shown as it is.
WORDS = {
    "mapa": "Procédure adaptée (MAPA)",
    "open": "Appel d'offres ouvert",
    "restricted": "Appel d'offres restreint",
    "negotiated": "Procédure négociée",
    "competitive_dialogue": "Dialogue compétitif",
    "other": "Autre",
    "supplies": "Fournitures",
    "services": "Services",
    "works": "Travaux",
    "allowed": "Autorisé",
    "forbidden": "Interdit",
    "required": "Exigé",
    "not_required": "Non exigé",
    "mandatory": "Obligatoire",
    "optional": "Facultatif",
    "none": "Aucune",
}
CLOSED_LISTS = {"procedure", "contract_type", "variants", "site_visit", "electronic_signature"}
INSTANTS = {"submission_deadline", "question_deadline"}


def count_found(result: Result) -> int:
    """Return how many facts were found."""
    return sum(result.get(name, {}).get("status") == "found" for name in FACTS)


def warnings_table(result: Result) -> SafeString | str:
    """Return what a person must look at."""
    rows = ((warning["message"], warning["code"]) for warning in result.get("warnings", ()))
    return rendering.table(["Message", "Code"], rows)


def facts_table(result: Result) -> SafeString | str:
    """Return all facts, found or not."""
    rows = (_fact_row(name, result.get(name) or {}) for name in FACTS)
    return rendering.table(["Fait", "Valeur", "État", "Page", "Citation", "Confiance"], rows)


def criteria_table(result: Result) -> SafeString | str:
    """Return the award criteria, sub-criteria under theirs."""
    rows = _criterion_rows(result.get("award_criteria", ()), depth=0)
    return rendering.table(["Critère", "Poids", "Page", "Citation"], rows)


def documents_table(result: Result) -> SafeString | str:
    """Return what the bidder hands in."""
    rows = (
        (PARTS.get(item["part"]), item["name"], _yes_no(item["mandatory"]), item["page"], item["quote"])
        for item in result.get("required_documents", ())
    )
    return rendering.table(["Dossier", "Pièce", "Obligatoire", "Page", "Citation"], rows)


def requirements_table(result: Result) -> SafeString | str:
    """Return the obligations as the analysis proposed them."""
    rows = (
        (item["code"], item["category"], item["text"], item["article"], item["page"], item["quote"])
        for item in result.get("requirements", ())
    )
    return rendering.table(["Code", "Catégorie", "Texte", "Article", "Page", "Citation"], rows)


def _fact_row(name: str, fact: dict[str, Any]) -> tuple[Any, ...]:
    status = fact.get("status", "not_found")
    return (
        FACTS[name],
        _show(name, fact.get("value")),
        rendering.badge(status, STATUSES.get(status, status)),
        fact.get("page"),
        fact.get("quote"),
        f"{fact.get('confidence', 0) * 100:.0f} %",
    )


def _show(name: str, value: Any) -> str | None:
    if name in CLOSED_LISTS:
        return WORDS.get(value, _to_text(value))
    if name in INSTANTS and value:
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    return _to_text(value)


def _to_text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return _yes_no(value)
        case {"amount": amount, "unit": unit}:
            return f"{amount} {UNITS.get(unit, unit)}"
        case {"number": number, "title": title}:
            return f"{number} : {title}"
        case list():
            return " ; ".join(str(_to_text(item)) for item in value)
    return str(value)


def _yes_no(value: object) -> str:
    return "Oui" if value else "Non"


def _criterion_rows(criteria: Any, *, depth: int) -> Iterator[tuple[Any, ...]]:
    for criterion in criteria:
        name = " ".join(filter(None, [criterion.get("number"), criterion["name"]]))
        yield "— " * depth + name, _weight(criterion), criterion.get("page"), criterion.get("quote")
        yield from _criterion_rows(criterion.get("children", ()), depth=depth + 1)


def _weight(criterion: dict[str, Any]) -> str | None:
    if criterion.get("weight") is None:
        return None
    return f"{criterion['weight']:g} {UNITS.get(criterion.get('unit') or '', '')}".strip()
